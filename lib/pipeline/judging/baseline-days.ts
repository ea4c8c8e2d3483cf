import type { CheckInput } from '../../checks/check.ts';
import { type Config, type Dataset, settlingOf } from '../../model/config.ts';
import { addDays, type Day, dayNumber } from '../../model/day.ts';
import { addDuration, type IsHoliday } from '../../model/duration.ts';
import type { UnitHistory } from '../../model/history.ts';
import { datasetOf, type Kpi } from '../../model/kpi.ts';
import { type Period, parsePeriod } from '../../model/period.ts';

/** Fewest days a baseline keeps when periods under review are left out; below it they are used and said so. */
const fewestDays = 56;

/**
 * What a check may look at in one period, with the days that may train its baselines: before the period,
 * final at the judging date, and not in a period under review (or all of them, where too little is left).
 *
 * @param raised periods at review or above and not cleared, for a KPI.
 * @param sealedOn date the period was sealed; null while it is not.
 * @param isOpen whether the period is not over; it then ends with what is final.
 */
export function baselineOf(
  config: Config,
  history: UnitHistory,
  period: Period,
  raised: (kpi: Kpi) => ReadonlySet<string>,
  isHoliday: IsHoliday,
  sealedOn: Day | null,
  isOpen = false,
): CheckInput {
  const origin = dayNumber(history.firstDay);
  const from = dayNumber(period.from) - origin;
  const to = dayNumber(period.to) - origin;
  const finals = new Map<string, number>();
  const lastFinal = (dataset: Dataset) => {
    const known = finals.get(dataset);
    if (known !== undefined) return known;
    let index = history.length - 1;
    while (
      index >= 0 &&
      !isSettled(config, dataset, addDays(history.firstDay, index), history.asOf, isHoliday)
    )
      index -= 1;
    finals.set(dataset, index);
    return index;
  };
  const masks = new Map<string, { isOut: Uint8Array; isPoisoned: boolean }>();
  const mask = (kpi: Kpi) => {
    const dataset = datasetOf(kpi);
    const known = masks.get(dataset);
    if (known) return known;
    const isOut = new Uint8Array(Math.max(0, from));
    for (const id of raised(kpi)) {
      const period = parsePeriod(id);
      isOut.fill(
        1,
        Math.max(0, dayNumber(period.from) - origin),
        Math.max(0, Math.min(from, dayNumber(period.to) - origin)),
      );
    }
    const left = isOut.reduce((sum, out) => sum + 1 - out, 0);
    const isPoisoned = left < fewestDays && left < from;
    const made = {
      isOut: isPoisoned ? new Uint8Array(isOut.length) : isOut,
      isPoisoned,
    };
    masks.set(dataset, made);
    return made;
  };
  const trainable = new Map<string, Uint8Array>();
  const trainableDays = (kpi: Kpi) => {
    const dataset = datasetOf(kpi);
    const known = trainable.get(dataset);
    if (known) return known;
    const { isOut } = mask(kpi);
    const last = lastFinal(dataset);
    const days = new Uint8Array(isOut.length);
    for (let i = 0; i < days.length && i <= last; i += 1) days[i] = isOut[i] === 0 ? 1 : 0;
    trainable.set(dataset, days);
    return days;
  };
  // Asked once a record: the KPI is mostly that of the question before.
  let asked: Kpi | null = null;
  let askedDays: Uint8Array = new Uint8Array(0);
  const poisoned = new Set<Kpi>();
  for (const plan of config.plans)
    for (const { kpi } of plan.kpis) if (mask(kpi).isPoisoned) poisoned.add(kpi);
  return {
    history,
    period,
    from,
    to,
    isBaselineDay: (kpi, index) => {
      if (kpi !== asked) {
        askedDays = trainableDays(kpi);
        asked = kpi;
      }
      return askedDays[index] === 1;
    },
    isFinal: (kpi, index) => index <= lastFinal(datasetOf(kpi)),
    poisoned,
    agreement: config.agreement,
    sealedOn,
    isOpen,
    late: [],
    pay: null,
  };
}

function isSettled(
  config: Config,
  dataset: Dataset,
  day: string,
  asOf: string,
  isHoliday: IsHoliday,
): boolean {
  return settlingOf(config, [dataset, 'counts']).every(
    (settling) => addDuration(day, settling, isHoliday) <= asOf,
  );
}
