import { describe, expect, it } from 'vitest';
import { loadUnit } from '../../lib/pipeline/load-unit.ts';
import { type Note, NoteRefusedError, note } from '../../lib/pipeline/note.ts';
import { LeaseHeldError, plan } from '../../lib/pipeline/plan.ts';
import { configText } from '../local/made-company.ts';
import { pipelineWorld } from './world.ts';

const withCalendar = (more = '') =>
  configText.replace('sources:\n', `sources:\n  - { id: events, kind: drop, dataset: calendar${more} }\n`);
const entry: Note = {
  from: '2025-08-25',
  to: '2025-08-29',
  kind: 'campaign',
  text: 'Autumn fair\nwith "quotes"',
  channel: null,
  source: 'google',
  metric: 'visitors',
  unit: null,
  by: 'ada@example.com',
};
const calendarOf = async (ports: Parameters<typeof loadUnit>[1]) =>
  (await loadUnit('all', ports)).data.records.calendar;

describe('a note', () => {
  it('is a calendar entry with its scope, declared now by a person who is kept as a hash', async () => {
    const { ports } = await pipelineWorld(withCalendar());
    await note(entry, ports);
    const [kept, ...others] = await calendarOf(ports);
    expect(others).toEqual([]);
    expect(kept).toMatchObject({
      date_from: '2025-08-25',
      date_to: '2025-08-29',
      kind: 'campaign',
      source: 'google',
      metric: 'visitors',
      channel: null,
      declared_at: expect.stringMatching(/^2025-08-20/),
    });
    expect(JSON.stringify(kept)).not.toContain('ada');
  });

  it('stands beside files of its source, and beside other notes, whatever is delivered again', async () => {
    const { ports, clock, drop, takeIn } = await pipelineWorld(withCalendar());
    const file = { 'calendar.csv': 'date_from,date_to,kind\n2025-08-01,2025-08-02,holiday\n' };
    await drop('events', file);
    const { token } = await takeIn();
    await ports.runs.releaseLease(token);
    await note(entry, ports);
    clock.now = '2025-08-21T06:00:00.000Z';
    await note({ ...entry, kind: 'outage' }, ports);
    await drop('events', file);
    await takeIn();
    expect((await calendarOf(ports)).map(({ kind }) => kind).sort()).toEqual([
      'campaign',
      'holiday',
      'outage',
    ]);
  });

  it('is refused without a calendar, beside a snapshot, and when it is no valid row', async () => {
    const refused = async (text: string, over: Partial<Note> = {}) =>
      expect(note({ ...entry, ...over }, (await pipelineWorld(text)).ports)).rejects.toThrow(
        NoteRefusedError,
      );
    await refused(configText);
    await refused(withCalendar(', mode: snapshot'));
    await refused(withCalendar(), { from: 'soon' });
  });

  it('waits for no run: it says that one is at work, and leaves its lease alone', async () => {
    const { ports, clock } = await pipelineWorld(withCalendar());
    const { token } = await plan({ kind: 'daily', scheduledAt: clock.now }, ports);
    await expect(note(entry, ports)).rejects.toBeInstanceOf(LeaseHeldError);
    await ports.runs.assertLease(token);
  });
});
