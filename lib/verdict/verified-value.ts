import type { PlanKpi } from '../model/config.ts';
import type { Finding } from '../model/finding.ts';
import { isRaised, type Removal, type Verdict, type Verified } from '../model/flag.ts';
import { isAccepted, type SqlCase } from '../model/history.ts';
import { keptFor } from '../model/kept.ts';
import type { Kpi } from '../model/kpi.ts';
import { type Cohort, countedIds, sqlKey } from './cohort.ts';
import type { SourceExcess } from './source-excess.ts';

/** What the verified value of one KPI and period is worked out from. */
export interface VerifiedInput {
  readonly planKpi: PlanKpi;
  readonly cohort: Cohort;
  /** Null without a claim yet: judged on counted. */
  readonly claimed: number | null;
  /** Findings attached to the KPI, weighed. */
  readonly findings: readonly Finding[];
  /** Chance that an SQL pending since its delivery will still be accepted; null when no history tells. */
  acceptProbability(sql: SqlCase): number | null;
  /** Visits above what comparable days explain, by source; empty when nothing calls for it. */
  readonly excess: readonly SourceExcess[];
}

/** A verified value with the steps that lead to it. */
export interface VerifiedOutput {
  /** min(claimed, counted); null when nothing was counted. */
  readonly gross: number | null;
  readonly verified: Verified | null;
  readonly removals: readonly Removal[];
  /** Units removed by record proof alone. */
  readonly proven: number;
}

const rules = { 'duplicate-leads': 'duplicate', 'funnel-order': 'out_of_order' } as const;

/** Checks that dispute what delivered SQLs are worth: at review, what sales did not accept comes off. */
const qualityChecks: ReadonlySet<string> = new Set(['acceptance-shortfall', 'aged-sqls']);

/**
 * Whether what weighs on a KPI takes anything off that honest periods hold too: visits above what sources explain,
 * agreed rejections of delivered SQLs, probable duplicates of leads. Only findings at review do.
 */
export function isDisputed(kpi: Kpi, findings: readonly Finding[], verdict: Verdict): boolean {
  if (kpi === 'visitors') return isRaised(verdict);
  if (kpi === 'sqls_delivered') return findings.some(isQualityFinding);
  return kpi === 'leads' && findings.some(isProbableDuplicate);
}

function isQualityFinding(f: Finding): boolean {
  return qualityChecks.has(f.check) && f.severity === 'review';
}

function isProbableDuplicate(f: Finding): boolean {
  return f.check === 'duplicate-leads' && !f.proof && f.severity === 'review';
}

/**
 * The verified value (SPEC 6): gross = min(claimed, counted), then duplicates, then records out of order,
 * then agreed rejections where they count, each record once; pending SQLs separate low from high.
 *
 * @returns whole units; low <= point <= high, `point` may hold a fraction. All null when nothing was counted.
 * @example verifiedValue({ ...hundredDeliveredFiftyRejected }).verified // => { low: 50, point: 50, high: 50 }
 */
export function verifiedValue(input: VerifiedInput): VerifiedOutput {
  const { planKpi, cohort, claimed, findings } = input;
  if (cohort.counted === null) return { gross: null, verified: null, removals: [], proven: 0 };
  const gross = Math.min(claimed ?? cohort.counted, cohort.counted);
  if (cohort.ids === null) return fromSources(gross, input.excess);
  if (planKpi.kpi === 'revenue') return untouched(gross);

  const removed = new Set<string>();
  const removals: Removal[] = [];
  const remove = (rule: Removal['rule'], ids: readonly string[], memo = false) => {
    const fresh = countedAmong(cohort, ids).filter((id) => !removed.has(id));
    if (!memo) for (const id of fresh) removed.add(id);
    if (fresh.length > 0) removals.push({ rule, count: fresh.length, records: fresh, memo });
  };
  for (const check of ['duplicate-leads', 'funnel-order'] as const)
    for (const finding of findings.filter((f) => f.check === check && f.proof))
      remove(rules[check], finding.records);
  const proven = removed.size;

  const isDelivered = planKpi.kpi === 'sqls_delivered';
  const isAcceptedKpi = planKpi.kpi === 'sqls_accepted';
  const fates = fatesOf(cohort);
  if (isDelivered)
    remove(
      'not_accepted',
      fates.notAccepted,
      !(planKpi.countsWhen === 'accepted' || findings.some(isQualityFinding)),
    );

  let pending = 0;
  let expected = 0;
  if (isDelivered) {
    const open = fates.waiting.filter((s) => !removed.has(sqlKey(s)));
    for (const sql of open) expected += input.acceptProbability(sql) ?? 0.5;
    pending = open.length;
    if (pending > 0)
      removals.push({ rule: 'pending', count: pending, records: open.map(sqlKey), memo: false });
  }
  if (isAcceptedKpi) {
    const { open } = fates;
    if (open.length > 0) removals.push({ rule: 'pending', count: open.length, records: open, memo: true });
  }

  // A claim below what was counted cannot say which records it left out, so removals come off the claim whole.
  const high = Math.max(0, gross - removed.size);
  const low = Math.max(0, high - pending);
  const probable = planKpi.kpi === 'leads' ? findings.find(isProbableDuplicate) : undefined;
  const fuzzy = probable
    ? probable.records.filter((id) => countedIds(cohort).has(id) && !removed.has(id))
    : [];
  if (fuzzy.length > 0)
    removals.push({ rule: 'probable_duplicate', count: fuzzy.length, records: fuzzy, memo: false });
  const weight = typeof probable?.data.posterior === 'number' ? probable.data.posterior : 1;
  return {
    gross,
    verified: {
      low: Math.max(0, low - fuzzy.length),
      point: Math.max(0, Math.min(high, low + expected - fuzzy.length * weight)),
      high,
    },
    removals,
    proven,
  };
}

/** The SQLs of a cohort by what became of them; keys but for those whose chances are asked. */
interface Fates {
  readonly notAccepted: readonly string[];
  readonly waiting: readonly SqlCase[];
  readonly open: readonly string[];
}

const fates = keptFor<Fates>();

function fatesOf({ sqls }: Cohort): Fates {
  return fates([sqls], '', () => {
    const notAccepted = sqls.filter(
      (s) => (s.disposition === 'rejected' || s.disposition === 'returned') && !s.isContested,
    );
    return {
      notAccepted: notAccepted.map(sqlKey),
      waiting: sqls.filter((s) => s.decidedOn === null && !s.isOverdue && !isAccepted(s)),
      open: sqls.filter((s) => s.decidedOn === null || s.isContested).map(sqlKey),
    };
  });
}

const among = keptFor<readonly string[]>();

/** Those of some ids that a cohort counts, each once. Plans that count alike share cohorts and findings, and so this. */
function countedAmong(cohort: Cohort, ids: readonly string[]): readonly string[] {
  return among([cohort, ids], '', () => {
    const counted = countedIds(cohort);
    return [...new Set(ids)].filter((id) => counted.has(id));
  });
}

function untouched(gross: number): VerifiedOutput {
  return { gross, verified: { low: gross, point: gross, high: gross }, removals: [], proven: 0 };
}

/** Visits carry no records: what flagged sources hold above their limits comes off, others contribute nothing. */
function fromSources(gross: number, excess: readonly SourceExcess[]): VerifiedOutput {
  if (excess.length === 0) return untouched(gross);
  const sum = (of: (e: SourceExcess) => number) => excess.reduce((total, e) => total + of(e), 0);
  const less = (amount: number) => Math.max(0, gross - Math.round(amount));
  return {
    gross,
    verified: {
      low: less(sum((e) => e.most)),
      point: less(sum((e) => e.point)),
      high: less(sum((e) => e.least)),
    },
    removals: [
      {
        rule: 'source_excess',
        count: Math.round(sum((e) => e.point)),
        records: excess.map((e) => e.source),
        memo: false,
      },
    ],
    proven: 0,
  };
}
