import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { BadRow } from '../../lib/records/file-report.ts';
import { csvOf, filesOf, madeCompany, overclaiming } from './made-company.ts';
import { type Workplace, workplace } from './workplace.ts';

const company = madeCompany();
const files = filesOf(company);
const traffic = files['traffic.csv']!;
const tooManyBad = traffic.replaceAll(/^2025-0(1-0.|2-2.)/gm, 'x');

/** Rows set aside by all runs, by source. */
async function quarantined(place: Workplace, source: string, dataset: string): Promise<BadRow[]> {
  const folder = join('.bonafide/s3/data/quarantine', source, dataset);
  const days = await readdir(join(place.folder, folder));
  const rows = [];
  for (const day of days)
    for (const name of await readdir(join(place.folder, folder, day)))
      for (const line of (await place.read(join(folder, day, name))).trim().split('\n'))
        rows.push(JSON.parse(line));
  return rows;
}

describe('a refused file', () => {
  it('does not stop the others, leaves the counts as they were, ends 3, and is taken in once it is put right', async () => {
    const place = await workplace(files);
    const before = await place.run();
    expect(before.code).toBe(0);
    const good = await place.manifest(before);

    const claims = filesOf(overclaiming(company))['claims.csv']!;
    await place.write({ 'data/traffic.csv': tooManyBad, 'data/claims.csv': claims });
    const end = await place.run();
    expect(end.code).toBe(3);
    expect(end.err).toContain(
      'traffic.csv: line 2, column date: 36 of 424 lines are bad; the first: no such date; expected at most 5 % bad lines',
    );
    const inputs = (m: typeof good, dataset: string) => m.inputs.filter((i) => i.dataset === dataset);
    const refused = await place.manifest(end);
    expect(inputs(refused, 'traffic')).toEqual(inputs(good, 'traffic'));
    expect(inputs(refused, 'claims')).not.toEqual(inputs(good, 'claims'));
    // The new claim was judged although the traffic was refused.
    const flags = await place.flags();
    expect(flags.flags.find((f) => f.kpi === 'sqls_delivered')?.verdict).toBe('suspect');
    expect(await quarantined(place, 'web', 'traffic')).toHaveLength(36);
    const told = (await readdir(join(place.folder, 'out/alerts'))).filter((name) =>
      name.endsWith('@data.json'),
    );
    expect(told).toHaveLength(1);
    expect(await place.read(`out/alerts/${told[0]}`)).toContain('traffic.csv: line 2');

    const again = await place.run();
    expect([again.code, again.err.match(/traffic\.csv: line 2/g)]).toEqual([3, ['traffic.csv: line 2']]);

    await place.write({ 'data/traffic.csv': traffic });
    const right = await place.run();
    expect([right.code, right.err.includes('traffic.csv')]).toEqual([1, false]);
    expect(inputs(await place.manifest(right), 'traffic')).toEqual(inputs(good, 'traffic'));
  });
});

describe('bad rows', () => {
  it('are set aside with file, line and reason, and the run tells how many', async () => {
    const lines = traffic.split('\n');
    const cells = (n: number) => lines[n - 1]!.split(',');
    const set = (n: number, index: number, value: string) => {
      lines[n - 1] = cells(n).with(index, value).join(',');
    };
    set(10, 4, '-3');
    set(12, 5, '1e309');
    set(14, 0, '2025-02-30');
    set(16, 0, '2999-01-01');
    const leads = files['leads.csv']!;
    const twin = leads.split('\n')[5]!.replace('demo', 'webinar');
    const place = await workplace({
      ...files,
      'traffic.csv': lines.join('\n'),
      'leads.csv': `${leads}${twin}\n`,
    });
    const end = await place.run();
    expect(end.code).not.toBe(3);
    expect(end.out).toContain(
      '6 rows set aside, each with its line and reason: .bonafide/s3/data/quarantine',
    );
    const rows = await quarantined(place, 'web', 'traffic');
    expect(rows.map(({ file, line, column, reason }) => [file, line, column, reason])).toEqual([
      ['traffic.csv', 10, 'unique_visitors', 'not such a number'],
      ['traffic.csv', 12, 'sessions', 'not such a number'],
      ['traffic.csv', 14, 'date', 'no such date'],
      ['traffic.csv', 16, 'date', 'in the future'],
    ]);
    expect(rows.every((row) => row.expected !== '')).toBe(true);
    const both = await quarantined(place, 'crm', 'leads');
    expect(both.map(({ file, line }) => [file, line])).toEqual([
      ['leads.csv', 6],
      ['leads.csv', 600],
    ]);
    // A personal value never leaves landing.
    expect(JSON.stringify(both)).not.toContain('@');
  });
});

describe('text from a file', () => {
  it('is inert in findings.csv and report.html', async () => {
    const source = '=HYPERLINK("http://evil.example","x")';
    const medium = '<img src=x onerror=alert(1)>';
    const bought = company.traffic
      .filter((t) => t.source === 'google')
      .map((t) => {
        const visits = String(t.date) >= '2025-07-01' ? 300 : 5;
        return {
          ...t,
          source,
          medium,
          channel: 'display',
          unique_visitors: visits,
          sessions: visits,
          engaged_sessions: 1,
        };
      });
    const place = await workplace({ ...files, 'traffic-bought.csv': csvOf(bought) });
    const end = await place.run();
    expect(end.err).not.toContain('line');
    const text = await place.read('out/findings.csv');
    const rows: string[][] = parse(text);
    expect(rows.flat().some((cell) => cell.includes('HYPERLINK'))).toBe(true);
    for (const cell of rows.flat())
      expect(/^[=+\-@\t\r]/.test(cell) && Number.isNaN(Number(cell)), cell).toBe(false);
    const html = await place.read('out/report.html');
    expect(html).toContain('HYPERLINK');
    expect(html).not.toContain('<img src=x');
    const told = await readdir(join(place.folder, 'out/alerts'));
    for (const name of told.filter((file) => file.endsWith('.json')))
      expect(JSON.parse(await place.read(`out/alerts/${name}`)).subject).not.toMatch(/[<>]/);
  });
});

describe('a missing dataset', () => {
  it('is judged without, and the KPIs that need it are not certified', async () => {
    const place = await workplace(files);
    await rm(join(place.folder, 'data/sqls.csv'));
    const end = await place.run();
    const { flags } = await place.flags();
    expect(flags.map((f) => [f.kpi, f.verdict])).toEqual([
      ['visitors', 'clear'],
      ['leads', 'clear'],
      ['sqls_delivered', 'unable_to_certify'],
    ]);
    expect(flags[2]).toMatchObject({ counted: null, verified: null, money: { payable: 0 } });
    expect(end.code).toBe(2);
  });
});
