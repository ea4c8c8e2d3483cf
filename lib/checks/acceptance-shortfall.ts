import * as z from 'zod';
import { dayNumber } from '../model/day.ts';
import type { MessageData } from '../model/finding.ts';
import { isAccepted } from '../model/history.ts';
import { binomialLowerTail } from '../statistics/binomial.ts';
import { manskiBounds } from '../statistics/manski-bounds.ts';
import { roundP } from '../statistics/p-value.ts';
import { learnShare, type ShareHistory, shareTails } from '../statistics/share-history.ts';
import { type CheckInput, defineCheck, fail, insufficientData, notApplicable, pass } from './check.ts';
import { passedP, reviewP, share, watchP } from './levels.ts';
import { countBelow, recordDays } from './record-days.ts';
import { severityOf } from './share-test.ts';
import { fateOf, sqlColumns } from './sql-columns.ts';
import { type SqlsPerLead, sqlsPerLead, sqlsPerLeadLimits } from './sqls-per-lead.ts';

const limits = z.strictObject({
  watchP,
  reviewP,
  maxRatio: share.default(0.85).describe('largest accepted share over the expected one, a ratio'),
  minShort: z.number().min(0).default(5).describe('least SQLs short of the expected number'),
  minDecided: z.int().min(1).default(20).describe('least decided SQLs of the period'),
  maxPendingShare: share.default(0.5).describe('largest share still pending with which a pass can be said'),
  minPeriods: z.int().min(2).default(2).describe('least months of history'),
  minBaselineSqls: z.int().min(2).default(40).describe('least decided SQLs of the history'),
  leastRho: share.default(0.005).describe('least correlation assumed inside a month'),
  jointP: share
    .default(0.05)
    .describe('largest p of the shortfall and of SQLs per lead for a review of both, a probability'),
  jointRatio: z
    .number()
    .min(1)
    .default(1.25)
    .describe('least SQLs per lead over those of the history for it, a ratio'),
  jointExcess: z
    .number()
    .min(0)
    .default(10)
    .describe('least SQLs above those the leads explain for it, in SQLs'),
  minRateSqls: z.int().min(1).default(50).describe('least SQLs of the history for SQLs per lead'),
  ...sqlsPerLeadLimits,
});

/** Delivered SQLs that sales does not accept; pending ones are taken as accepted. */
export const acceptanceShortfall = defineCheck({
  id: 'acceptance-shortfall',
  version: 2,
  family: 'quality',
  side: 'marketing',
  scope: 'unit',
  kpi: 'sqls_delivered',
  question: 'Does sales agree?',
  messages: {
    belowFloor:
      'Of {judged} SQLs at most {best} can still be accepted; the agreed floor of {floor:percent} asks for {expected}.',
    belowHistory:
      'Of {judged} SQLs at most {best} can still be accepted; at the own rate of {historyShare:percent} it would be {expected}.',
    moreAndFewer:
      '{leads} leads brought {delivered} SQLs where own history makes {deliveredExpected} of so many; of {judged} SQLs at most {best} can still be accepted where {expected} are expected.',
  },
  innocent: [
    'a sales team still learning the criteria, or new people in it',
    'a change of the definition of SQL that was not announced',
    'an audience or a market that was new in the period, or a backlog of older leads that was worked off',
  ],
  clears: 'a joint review of the rejected SQLs against the agreed criteria',
  policy: limits,
  evaluate(input, policy) {
    if (!input.history.sqls) return notApplicable('no-sqls');
    const { accepted, refused, pending, contested } = cohortOf(input);
    const judged = accepted + refused + pending;
    const sizes = { judged, accepted, refused, pending, contested };
    if (accepted + refused < policy.minDecided) return insufficientData('few-decisions', sizes);

    const best = accepted + pending;
    const floor = input.agreement.floor ?? null;
    const own = ownHistory(input, policy);
    const floorP = floor === null ? null : binomialLowerTail(best, judged, floor);
    const historyP = own && shareTails(own, best, judged).lower;
    if (floorP === null && historyP === null) return insufficientData('no-floor-and-short-history', sizes);

    const isFloor = historyP === null || (floorP !== null && floorP <= historyP);
    const tests = floorP !== null && historyP !== null ? 2 : 1;
    const p = roundP(Math.min(1, tests * Math.min(floorP ?? 1, historyP ?? 1)));
    const expectedShare = isFloor ? floor! : own!.share;
    const expected = expectedShare * judged;
    const bounds = manskiBounds(accepted, refused, pending, expectedShare);
    const data = {
      ...sizes,
      best,
      expected,
      worstShare: bounds.worst,
      expectedShare: bounds.expected,
      bestShare: bounds.best,
      floor,
      floorP,
      historyP,
      historyShare: own?.share ?? null,
      historySqls: own?.trials ?? null,
      historyContested: own?.contested ?? null,
      rho: own?.rho ?? null,
      weight: own?.weight ?? null,
    };
    const isShort = best <= policy.maxRatio * expected && expected - best >= policy.minShort;
    const severity = isShort ? severityOf(p, policy) : null;
    const rate = isShort && severity !== 'review' && p <= policy.jointP ? rateAbove(input, policy) : null;
    if (!severity && !rate)
      return pending > policy.maxPendingShare * judged
        ? insufficientData('still-pending', data)
        : pass(passedP(p, policy.watchP), data);
    return fail({
      messageId: rate ? 'moreAndFewer' : isFloor ? 'belowFloor' : 'belowHistory',
      severity: rate ? 'review' : severity!,
      // A shortfall that is a finding by itself keeps its p; one that is none needs both.
      p: rate && !severity ? Math.max(p, rate.p) : p,
      effect: best / expected,
      expected,
      observed: best,
      range: [
        Math.min(Math.floor(policy.maxRatio * expected) + 1, Math.floor(expected - policy.minShort) + 1),
        judged,
      ],
      data: rate ? { ...data, ...jointData(p, rate) } : data,
    });
  },
});

/** SQLs per lead where they stand above own history as well; null where they do not, or where nobody can tell. */
function rateAbove(input: CheckInput, policy: z.infer<typeof limits>): SqlsPerLead | null {
  const rate = sqlsPerLead(input, {
    ...policy,
    watchP: policy.jointP,
    minRatio: policy.jointRatio,
    minExcess: policy.jointExcess,
    minBaselineSqls: policy.minRateSqls,
  });
  return !('status' in rate) && rate.p <= policy.jointP && rate.isLarge ? rate : null;
}

/** Numbers to redo the joint test with. */
function jointData(acceptanceP: number, { p, leads, observed, expected, data }: SqlsPerLead): MessageData {
  return {
    acceptanceP,
    rateP: p,
    leads,
    delivered: observed,
    deliveredExpected: expected,
    dispersion: data.dispersion!,
  };
}

/** What became of the SQLs delivered in the period; contested rejections count nowhere. */
function cohortOf({ history, from, to }: CheckInput) {
  const cohort = { accepted: 0, refused: 0, pending: 0, contested: 0 };
  const { rows } = history.sqls!;
  const days = recordDays(rows, 'delivered_at');
  const origin = dayNumber(history.firstDay);
  for (let i = countBelow(days, origin + from); i < countBelow(days, origin + to); i += 1) {
    const sql = rows[i]!;
    if (sql.isContested) cohort.contested += 1;
    else if (isAccepted(sql)) cohort.accepted += 1;
    else if (sql.decidedOn === null) cohort.pending += 1;
    else cohort.refused += 1;
  }
  return cohort;
}

/** Acceptance of the earlier months, decided SQLs only, contested ones told apart; null when they are too few. */
function ownHistory(
  input: CheckInput,
  {
    minPeriods,
    minBaselineSqls,
    leastRho,
  }: { minPeriods: number; minBaselineSqls: number; leastRho: number },
): (ShareHistory & { readonly contested: number }) | null {
  const months = new Map<string, { accepted: number; decided: number }>();
  let month = { accepted: 0, decided: 0 };
  let monthDay = Number.NaN;
  let contested = 0;
  const days = recordDays(input.history.sqls!.rows, 'delivered_at');
  const origin = dayNumber(input.history.firstDay);
  const { rows } = input.history.sqls!;
  const { fates } = sqlColumns(rows);
  for (let i = 0; i < rows.length; i += 1) {
    const fate = fates[i]!;
    if (!(fate & fateOf.decided) || !input.isBaselineDay('sqls_delivered', days[i]! - origin)) continue;
    if (fate & fateOf.contested) {
      contested += 1;
      continue;
    }
    if (days[i] !== monthDay) {
      const name = rows[i]!.delivered_at.slice(0, 7);
      month = months.get(name) ?? { accepted: 0, decided: 0 };
      months.set(name, month);
      monthDay = days[i]!;
    }
    month.decided += 1;
    if (fate & fateOf.accepted) month.accepted += 1;
  }
  const all = [...months.values()];
  const total = all.reduce((sum, m) => sum + m.decided, 0);
  if (all.length < minPeriods || total < minBaselineSqls) return null;
  const learned = learnShare(
    all.map((m) => m.accepted),
    all.map((m) => m.decided),
    leastRho,
  );
  return { ...learned, contested };
}
