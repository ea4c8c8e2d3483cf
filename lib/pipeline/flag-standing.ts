import { addDays, type Day, dayNumber } from '../model/day.ts';
import { type Assessment, isRaised } from '../model/flag.ts';
import type { FlagCounts, FlagStanding } from '../model/report.ts';

/** Bands of the age of open flags, in days; the last has no end. */
const bands = [0, 8, 36, 91];
const weekDays = 7;

/** Open flags by age and money, and what was raised, cleared and confirmed in the week. */
export function flagStanding(assessments: readonly Assessment[], asOf: Day): FlagStanding {
  const open = assessments.filter((a) => isRaised(a.verdict) && !a.decision);
  const ageOf = (a: Assessment) => dayNumber(asOf) - dayNumber(a.raisedOn ?? asOf);
  const weekAgo = addDays(asOf, -weekDays);
  return {
    open: bands.map((fromDays, i) => {
      const toDays = bands[i + 1] ?? null;
      const own = open.filter((a) => ageOf(a) >= fromDays && (toDays === null || ageOf(a) < toDays));
      return {
        fromDays,
        toDays: toDays === null ? null : toDays - 1,
        count: own.length,
        held: own.reduce((sum, a) => sum + a.money.held, 0),
      };
    }),
    week: countsOf(assessments, (day) => day > weekAgo),
    all: countsOf(assessments, () => true),
  };
}

function countsOf(assessments: readonly Assessment[], isIn: (day: Day) => boolean): FlagCounts {
  const decided = assessments.flatMap((a) => (a.decision && isIn(a.decision.at) ? [a.decision.kind] : []));
  const cleared = decided.filter((kind) => kind === 'cleared').length;
  return {
    raised: assessments.filter((a) => a.raisedOn !== null && isIn(a.raisedOn)).length,
    cleared,
    confirmed: decided.length - cleared,
  };
}
