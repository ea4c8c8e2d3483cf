import { join } from 'node:path';
import { isDay } from '../model/day.ts';
import { type Note, NoteRefusedError, note } from '../pipeline/note.ts';
import { withLeftByRun } from './left-by-run.ts';
import { exitCodes, type Stage, UserError } from './stage.ts';

export interface NoteOptions {
  readonly from: string;
  readonly to?: string;
  readonly kind: string;
  readonly by: string;
  readonly channel?: string;
  readonly source?: string;
  readonly metric?: string;
  readonly unit?: string;
}

const kinds = ['campaign', 'holiday', 'outage', 'tracking_gap', 'definition_change'];

/**
 * Makes a calendar entry, declared now; the next run judges with it.
 * @throws {UserError} a date does not exist, the kind or the unit is none, or no source delivers a calendar.
 */
export async function makeNote(text: string, options: NoteOptions, stage: Stage): Promise<number> {
  const { from, to = from, kind, by, channel = null, source = null, metric = null, unit = null } = options;
  for (const [name, day] of Object.entries({ from, to }))
    if (!isDay(day)) throw new UserError(`--${name}: expected an existing date YYYY-MM-DD, got "${day}"`);
  if (to < from) throw new UserError(`--to: expected a date not before ${from}, got ${to}`);
  if (!kinds.includes(kind))
    throw new UserError(`--kind: expected one of ${kinds.join(', ')}, got "${kind}"`);
  if (by.trim() === '') throw new UserError('--by may not be empty');
  const entry: Note = { from, to, kind, text, channel, source, metric, unit, by };
  return withLeftByRun(stage, join(stage.cwd, 'out', 'alerts'), async ({ ports }) => {
    if (unit !== null && !ports.config.units.some(({ id }) => id === unit))
      throw new UserError(`--unit: there is no unit ${unit}`);
    const { hashKeyOf } = await import('../../functions/hash-key.ts');
    try {
      await note(entry, { ...ports, now: () => stage.now(), hashKey: hashKeyOf(stage.env) });
    } catch (error) {
      if (error instanceof NoteRefusedError) throw new UserError(error.message);
      throw error;
    }
    const isLate = stage.now().toISOString().slice(0, 10) > from;
    stage.out(
      `Noted: ${kind} from ${from} to ${to}. ${
        isLate
          ? 'It was declared after it began: reports show it, and it explains nothing.'
          : 'The next run judges with it.'
      }`,
    );
    return exitCodes.clear;
  });
}
