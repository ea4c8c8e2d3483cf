import { type Assessment, type Contributor, type Told, type Verdict, verdictLabels } from '../model/flag.ts';
import type { Kpi } from '../model/kpi.ts';
import type { CheckNote } from '../model/report.ts';
import type { Alert } from './alert.ts';
import {
  claimText,
  flagLongText,
  innocentOf,
  leadFinding,
  linksOf,
  nextStep,
  strongestFirst,
} from './alert-text.ts';
import { dayText } from './date-text.ts';
import { type Flag, toFlag } from './flags-json.ts';
import { kpiNames, metricName } from './kpi-text.ts';
import { moneyText } from './money-text.ts';
import { rangeText } from './number-text.ts';
import { asciiLine, plainText } from './plain-text.ts';

/** What else an alert about a flag says. */
export interface FlagAlertContext {
  readonly organisation: string;
  /** What readers were told last; null when nothing was. */
  readonly previous: Told | null;
  /** Number of the change in the ledger. */
  readonly sequence: number;
  /** Wording of the checks. */
  readonly checks: readonly CheckNote[];
  /** Earlier periods in which the same number was raised, oldest first. */
  readonly earlier: readonly string[];
}

/** The machine's rendering of an alert about a flag, schema `bonafide/alert/1`. */
export interface FlagAlertDocument {
  readonly schema: 'bonafide/alert/1';
  readonly kind: 'flag';
  readonly id: string;
  readonly organisation: string;
  readonly subject: string;
  readonly planTitle: string;
  readonly metric: Kpi;
  readonly period: string;
  readonly label: string;
  /** Of the finding that says most; null where it compares nothing, or nothing was found. */
  readonly expected: number | null;
  readonly observed: number | null;
  readonly range: readonly [number, number] | null;
  /** Observed less expected, in units and as a share of expected. */
  readonly deviation: { readonly units: number; readonly share: number | null } | null;
  /** One sentence. */
  readonly cause: string | null;
  readonly previous: Told | null;
  readonly earlier: readonly string[];
  /** Minor units. */
  readonly held: number;
  readonly due: string;
  readonly payOn: string;
  readonly pivotal: boolean | null;
  readonly contributors: readonly Contributor[];
  /** At most three ordinary explanations. */
  readonly innocent: readonly string[];
  readonly next: string;
  readonly links: { readonly report: string; readonly explain: string; readonly evidence: string | null };
  readonly flag: Flag;
}

/** What of a judgement is told. */
export function toldOf({ verdict, money }: Assessment): Told {
  return { verdict, held: money.held };
}

/**
 * Whether a judgement is worth an alert: a new flag, another verdict than told last, or held money that moved from
 * what was told last by at least 5 % of the larger amount. Clear numbers that stay clear never are.
 */
export function isMaterialChange(told: Told | null, current: Told): boolean {
  if (told === null) return current.verdict !== 'clear';
  if (told.verdict !== current.verdict) return true;
  if (current.verdict === 'clear') return false;
  const moved = Math.abs(current.held - told.held);
  return moved >= 1 && moved >= 0.05 * Math.max(current.held, told.held);
}

const tags: Readonly<Record<Verdict, string>> = {
  clear: 'CERTIFIED',
  watch: 'NOTED',
  review: 'REVIEW',
  suspect: 'DOES NOT RECONCILE',
  unable_to_certify: 'CANNOT CERTIFY',
};

/** What the alerts about a flag have in common, and what `bonafide snooze` silences. */
export function flagAbout({ plan, kpi, unit, period }: Assessment): string {
  return [plan, kpi, unit, period].join('@');
}

/** One alert about a new or materially changed flag, for finance, operations and the plan's owner. */
export function flagAlert(assessment: Assessment, context: FlagAlertContext): Alert {
  const a = assessment;
  const digest = a.evidence?.replace('sha256:', '').slice(0, 12);
  const version = [context.sequence, a.verdict, a.money.held, ...(digest ? [digest] : [])];
  const about = flagAbout(a);
  const id = `${about}@${version.join('.')}`;
  const subject = subjectOf(a);
  const lead = leadFinding(a);
  const { expected = null, observed = null, range = null } = lead ?? {};
  const json: FlagAlertDocument = {
    schema: 'bonafide/alert/1',
    kind: 'flag',
    id,
    organisation: context.organisation,
    subject,
    planTitle: a.planTitle,
    metric: a.kpi,
    period: a.period,
    label: verdictLabels[a.verdict],
    expected,
    observed,
    range,
    deviation:
      expected === null || observed === null
        ? null
        : { units: observed - expected, share: expected === 0 ? null : (observed - expected) / expected },
    cause: lead?.text ?? null,
    previous: context.previous,
    earlier: context.earlier,
    held: a.money.held,
    due: a.due,
    payOn: a.payOn,
    pivotal: a.pivotal,
    contributors: a.contributors,
    innocent: lead ? innocentOf(lead, context.checks) : [],
    next: nextStep(a),
    links: linksOf(a),
    flag: { ...toFlag(a), findings: toFlag({ ...a, findings: strongestFirst(a.findings) }).findings },
  };
  return {
    id,
    about,
    sequence: context.sequence,
    topics: ['finance', 'operations', 'owner', 'chat'],
    plan: a.plan,
    subject,
    long: flagLongText(a, context, subject, id),
    short: shortText(a, context.organisation),
    next: nextStep(a),
    keywords: [kpiNames[a.kpi], a.period, verdictLabels[a.verdict]],
    json,
  };
}

/** @example '[REVIEW] SQLs 2026-08: 100 claimed, 50 accepted; expected 68-87' */
function subjectOf(a: Assessment): string {
  const unit = a.unit === 'all' ? '' : ` ${a.unit}`;
  const lead = leadFinding(a);
  // A range of something else than what stands before it would say the wrong thing.
  const isOfValue =
    lead?.check === 'acceptance-shortfall' ||
    (lead?.observed != null && lead.observed === (a.claimed ?? a.counted));
  const expected = lead?.range && isOfValue ? `; expected ${rangeText(lead.range, '-')}` : '';
  return asciiLine(
    `[${tags[a.verdict]}] ${kpiNames[a.kpi]}${unit} ${a.period}: ${claimText(a)}${expected}`,
    100,
  );
}

function shortText(a: Assessment, organisation: string): string {
  const held =
    a.money.held > 0
      ? `${moneyText(a.money.held, a.money.currency)} held, decision due ${dayText(a.due, a.due)}.`
      : 'No pay held.';
  const what = `${metricName(a)} ${a.period} ${verdictLabels[a.verdict]}: ${claimText(a)}. ${held}`;
  return plainText(`${plainText(organisation, 30)}: ${what}`, 160);
}
