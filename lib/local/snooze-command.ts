import { join } from 'node:path';
import { isDay } from '../model/day.ts';
import { findAssessment } from '../pipeline/find-assessment.ts';
import { incidentIn } from '../pipeline/incident-records.ts';
import { recordSnooze } from '../pipeline/snooze.ts';
import { flagAbout } from '../reports/flag-alert.ts';
import { incidentAbout } from '../reports/incident-alert.ts';
import { plainText } from '../reports/plain-text.ts';
import { type LeftByRun, withLeftByRun } from './left-by-run.ts';
import { exitCodes, type Stage, UserError } from './stage.ts';

export interface SnoozeOptions {
  readonly until: string;
  readonly reason: string;
  readonly by: string;
}

/**
 * Lets no alert about a flag or an incident go out until a date. A later snooze of the same takes its place: with
 * today as its date it ends the silence.
 *
 * @param what PLAN/KPI/PERIOD, PLAN/KPI/UNIT/PERIOD, an incident's id, or UNIT/ID of an incident.
 * @throws {UserError} there is no such flag or incident, or `until` is not an existing date.
 */
export async function snooze(what: string, options: SnoozeOptions, stage: Stage): Promise<number> {
  const { until, reason, by } = options;
  if (!isDay(until)) throw new UserError(`--until: expected an existing date YYYY-MM-DD, got "${until}"`);
  if (reason.trim() === '' || by.trim() === '') throw new UserError('--reason and --by may not be empty');
  return withLeftByRun(stage, join(stage.cwd, 'out', 'alerts'), async (left) => {
    const about = await aboutOf(what, left);
    const said = { about, until, reason: plainText(reason, 500), by: plainText(by, 120) };
    await recordSnooze(said, stage.now().toISOString(), left.ports);
    stage.out(
      left.asOf < until
        ? `No alert about ${what} goes out before ${until}. The flag stays, and so does the money held.`
        : `Alerts about ${what} go out again: the last run was for ${left.asOf}.`,
    );
    return exitCodes.clear;
  });
}

/** What alerts about a named flag or incident have in common. */
async function aboutOf(what: string, { ports, assessments }: LeftByRun): Promise<string> {
  const incident = /^(?:([^/]+)\/)?([a-z_]+\.(?:spike|drop)\.\d{4}-\d{2}-\d{2})$/.exec(what);
  if (!incident) return flagAbout(findAssessment(what, assessments));
  const [, unit, id] = incident;
  const units = ports.config.units.map((u) => u.id).filter((u) => unit === undefined || u === unit);
  const known = [];
  for (const one of units) known.push(...(await ports.flags.listIncidents(one)).map(incidentIn));
  const found = known.filter((i) => i.id === id);
  if (found.length === 1) return incidentAbout(found[0]!);
  if (found.length > 1)
    throw new UserError(
      `several units hold it; name one of ${found.map((i) => `${i.unit}/${i.id}`).join(', ')}`,
    );
  const some = known.slice(-6).map((i) => i.id);
  throw new UserError(
    `there is no incident ${what}${some.length > 0 ? `; there are for example ${some.join(', ')}` : ''}`,
  );
}
