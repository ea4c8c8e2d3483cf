import { describe, expect, it } from 'vitest';
import { csvOf, madeCompany } from '../local/made-company.ts';
import { pipelineWorld } from './world.ts';

const text = csvOf(madeCompany().traffic.slice(0, 20));

describe('land', () => {
  it('stores the bytes untouched below source, dataset and date of arrival', async () => {
    const { ports, drop } = await pipelineWorld();
    const odd = `\uFEFF${text}not a row at all`;
    const [key] = await drop('web', { 'traffic.csv': odd });
    expect(key).toMatch(/^landing\/web\/traffic\/dt=2025-08-20\/[0-9a-f]{12}-traffic\.csv$/);
    expect(Buffer.from((await ports.data.get(key!))!).toString()).toBe(odd);
  });

  it('keeps both of two files of one name and other content', async () => {
    const { ports, drop } = await pipelineWorld();
    const keys = [
      ...(await drop('web', { 'traffic.csv': text })),
      ...(await drop('web', { 'traffic.csv': `${text}\n` })),
    ];
    expect(new Set(keys).size).toBe(2);
    expect(await ports.data.list('landing/')).toEqual([...keys].sort());
  });

  it('does not land again what was taken in, whatever it is called', async () => {
    const { ports, drop, takeIn } = await pipelineWorld();
    await drop('web', { 'traffic.csv': text });
    await takeIn();
    expect(await drop('web', { 'copy.csv': text })).toEqual([null]);
    expect(await ports.data.list('landing/')).toHaveLength(1);
  });

  it('lands again what was taken in when its file held something else since: it takes that back', async () => {
    const { ports, drop, takeIn } = await pipelineWorld();
    const taken = async (content: string) => {
      const [key] = await drop('web', { 'traffic.csv': content });
      if (key === null) return null;
      await ports.runs.releaseLease((await takeIn()).token);
      return key;
    };
    const other = text.replace(/\d+\n$/, '1\n');
    expect(await taken(text)).not.toBeNull();
    expect(await taken(other)).not.toBeNull();
    expect(await drop('web', { 'traffic.csv': text })).toEqual([expect.stringContaining('-traffic.csv')]);
    expect(await drop('web', { 'traffic.csv': other, 'copy.csv': text })).toEqual([null, null]);
  });

  it('lands again what was landed and not taken in, under the same key', async () => {
    const { ports, drop } = await pipelineWorld();
    const first = await drop('web', { 'traffic.csv': text });
    expect(await drop('web', { 'traffic.csv': text })).toEqual(first);
    expect(await ports.data.list('landing/')).toEqual(first);
  });
});
