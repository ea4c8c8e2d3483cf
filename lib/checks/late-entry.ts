import * as z from 'zod';
import { type Day, dayNumber } from '../model/day.ts';
import { keptFor } from '../model/kept.ts';
import type { Kpi } from '../model/kpi.ts';
import { type CheckInput, defineCheck, insufficientData, notApplicable, type Result } from './check.ts';
import { claimClose } from './claim-close.ts';
import { baselineCounts, type EnteredRecords, enteredRecords, periodPlaces } from './entered-records.ts';
import { reviewP, share, watchP } from './levels.ts';
import { shareResult, shareTest } from './share-test.ts';

interface Policy {
  readonly lateDays: number;
  readonly minShare: number;
  readonly minRecords: number;
  readonly closeDays: number;
  readonly watchP: number;
  readonly reviewP: number;
  readonly floor: number;
}

/** Records entered long after the day they count for, most of all back across a period's end. */
export const lateEntry = defineCheck<Policy>({
  id: 'late-entry',
  version: 1,
  family: 'timing',
  side: 'marketing',
  scope: 'kpi',
  kpi: null,
  needsWholePeriod: true,
  question: 'Does the timing follow the target?',
  messages: {
    late: '{late} of {entered} records were entered more than {lateDays} days after their date, {across} of them after the period had ended; {ownShare:percent} is usual.',
  },
  innocent: [
    'an event or a trade show whose contacts were typed in afterwards',
    'an outage of the system, with records entered once it was back',
    'a colleague who was away and entered everything at once',
  ],
  clears: 'the paper, list or mail that shows each record existed on its date',
  policy: z.strictObject({
    lateDays: z.int().min(1).default(7).describe('days between date and entry above which a record is late'),
    minShare: share.default(0.05).describe('least share of the records of the period'),
    minRecords: z.int().min(1).default(5).describe('least late records'),
    closeDays: z
      .int()
      .min(0)
      .default(10)
      .describe("days after the period's end taken for its close where nothing was claimed"),
    watchP,
    reviewP,
    floor: share.default(0.01).describe("least own share of late records the period's is held against"),
  }),
  evaluate(input, policy) {
    const close = claimClose(input, policy.closeDays);
    if (!close) return notApplicable('no-plan');
    const { kpi } = input.pay!.planKpi;
    const records = enteredRecords(input, kpi);
    if (!records) return notApplicable('no-records');
    // Plans that count the same records and claimed them on one day share the result.
    return kept([input.isBaselineDay, records, policy], `${input.period.id} ${close.closedOn}`, () =>
      judgeEntries(input, kpi, records, close.closedOn, policy),
    );
  },
});

const kept = keptFor<Result>();

function judgeEntries(
  input: CheckInput,
  kpi: Kpi,
  records: EnteredRecords,
  closedOn: Day,
  policy: Policy,
): Result {
  if (!records.isKept.includes(1)) return notApplicable('no-entry-times');
  // What came after the claim is `restated`: one record is never two findings.
  const origin = dayNumber(input.history.firstDay);
  const closed = dayNumber(closedOn);
  const isLate = (i: number) => records.enteredOn[i]! - records.days[i]! > policy.lateDays;
  const counts = {
    marked: 0,
    of: 0,
    ...baselineCounts(input, kpi, records, `late ${policy.lateDays}`, records.later, isLate),
  };
  const late: string[] = [];
  let across = 0;
  const [from, to] = periodPlaces(input, records);
  for (let i = from; i < to; i += 1) {
    if (records.isKept[i] === 0 || records.enteredOn[i]! > closed) continue;
    counts.of += 1;
    if (!isLate(i)) continue;
    counts.marked += 1;
    if (records.enteredOn[i]! >= origin + input.to) across += 1;
    late.push(records.id(i));
  }
  if (counts.of === 0) return insufficientData('no-records-in-period');
  const test = shareTest(counts, policy.floor, policy.watchP);
  const data = {
    late: counts.marked,
    entered: counts.of,
    across,
    lateDays: policy.lateDays,
    ownShare: test.ownShare,
    lateBefore: counts.markedBefore,
    enteredBefore: counts.ofBefore,
  };
  const isMuch = counts.marked >= policy.minRecords && test.share >= policy.minShare;
  return shareResult(test, counts, isMuch, policy, { messageId: 'late', data, records: late });
}
