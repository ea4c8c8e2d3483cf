import { type Assessment, type Verdict, verdictLabels } from '../model/flag.ts';
import type { CheckNote } from '../model/report.ts';
import { flagLongText, leadFinding, strongestFirst } from './alert-text.ts';
import { dayText } from './date-text.ts';
import { type Flag, toFlag } from './flags-json.ts';
import type { IncidentAlertDocument } from './incident-alert.ts';
import { kpiNames, metricName } from './kpi-text.ts';
import { moneyText } from './money-text.ts';
import { kpiValueText, rangeText } from './number-text.ts';
import { plainText } from './plain-text.ts';

/** Who an alert is for: topics of the deployment. */
export type AlertTopic = 'operations' | 'finance' | 'owner' | 'failures';

/** One message, in the three renderings a topic's subscribers may want. */
export interface Alert {
  /** The same for a repeat of the same message, so that receivers can drop it. */
  readonly id: string;
  readonly topics: readonly AlertTopic[];
  /** The plan whose owner is meant; null when none is. */
  readonly plan: string | null;
  /** One line of at most 100 ASCII characters. */
  readonly subject: string;
  /** For a mail: plain text of several lines. */
  readonly long: string;
  /** For a telephone: at most 160 characters. */
  readonly short: string;
  readonly json: FlagAlertDocument | FailureAlertDocument | IncidentAlertDocument;
}

/** What else an alert about a flag says. */
export interface FlagAlertContext {
  readonly organisation: string;
  /** The judgement last alerted; null when there was none. */
  readonly previous: Assessment | null;
  /** Wording of the checks. */
  readonly checks: readonly CheckNote[];
  /** Earlier periods in which the same number was raised, oldest first. */
  readonly earlier: readonly string[];
  /** Address of the report; null when there is none yet. */
  readonly report: string | null;
}

/** The machine's rendering of an alert about a flag, schema `bonafide/alert/1`. */
export interface FlagAlertDocument {
  readonly schema: 'bonafide/alert/1';
  readonly kind: 'flag';
  readonly id: string;
  readonly organisation: string;
  readonly subject: string;
  readonly planTitle: string;
  readonly label: string;
  readonly previous: { readonly verdict: Verdict; readonly held: number } | null;
  readonly earlier: readonly string[];
  readonly due: string;
  readonly payOn: string;
  readonly pivotal: boolean | null;
  /** Sources or, without any, records that show it, at most three. */
  readonly contributors: readonly string[];
  readonly evidence: string | null;
  readonly report: string | null;
  readonly flag: Flag;
}

/**
 * Whether a judgement is worth an alert: a new flag, another verdict, or held money that moved by at least
 * 5 % of the larger amount. Clear numbers that stay clear never are.
 */
export function isMaterialChange(previous: Assessment | null, current: Assessment): boolean {
  if (previous === null) return current.verdict !== 'clear';
  if (previous.verdict !== current.verdict) return true;
  if (current.verdict === 'clear') return false;
  const moved = Math.abs(current.money.held - previous.money.held);
  return moved >= 1 && moved >= 0.05 * Math.max(current.money.held, previous.money.held);
}

const tags: Readonly<Record<Verdict, string>> = {
  clear: 'CERTIFIED',
  watch: 'NOTED',
  review: 'REVIEW',
  suspect: 'DOES NOT RECONCILE',
  unable_to_certify: 'CANNOT CERTIFY',
};

/** One alert about a new or materially changed flag, for finance, operations and the plan's owner. */
export function flagAlert(assessment: Assessment, context: FlagAlertContext): Alert {
  const a = assessment;
  const version = [a.verdict, a.money.held, a.evidence?.replace('sha256:', '').slice(0, 12)].filter(
    (v) => v !== undefined,
  );
  const id = [a.plan, a.kpi, a.unit, a.period, version.join('.')].join('@');
  const subject = subjectOf(a);
  const lead = leadFinding(a);
  const contributors = lead ? (lead.sources.length > 0 ? lead.sources : lead.records) : [];
  const json: FlagAlertDocument = {
    schema: 'bonafide/alert/1',
    kind: 'flag',
    id,
    organisation: context.organisation,
    subject,
    planTitle: a.planTitle,
    label: verdictLabels[a.verdict],
    previous: context.previous && { verdict: context.previous.verdict, held: context.previous.money.held },
    earlier: context.earlier,
    due: a.due,
    payOn: a.payOn,
    pivotal: a.pivotal,
    contributors: contributors.slice(0, 3),
    evidence: a.evidence,
    report: context.report,
    flag: { ...toFlag(a), findings: toFlag({ ...a, findings: strongestFirst(a.findings) }).findings },
  };
  return {
    id,
    topics: ['finance', 'operations', 'owner'],
    plan: a.plan,
    subject,
    long: flagLongText(a, context, subject, id),
    short: shortText(a, context.organisation),
    json,
  };
}

/** @example '[REVIEW] SQLs 2026-08: 100 claimed, 50 verified; expected 68-87' */
function subjectOf(a: Assessment): string {
  const unit = a.unit === 'all' ? '' : ` ${a.unit}`;
  const range = leadFinding(a)?.range;
  const expected = range ? `; expected ${rangeText(range, '-')}` : '';
  return asciiLine(
    `[${tags[a.verdict]}] ${kpiNames[a.kpi]}${unit} ${a.period}: ${claimText(a)}${expected}`,
    100,
  );
}

function claimText(a: Assessment): string {
  const value = (v: number) => kpiValueText(a.kpi, v, a.money.currency);
  const claimed = a.claimed === null ? 'no claim yet' : `${value(a.claimed)} claimed`;
  return `${claimed}, ${a.verified ? value(a.verified.point) : 'none'} verified`;
}

function shortText(a: Assessment, organisation: string): string {
  const held =
    a.money.held > 0
      ? `${moneyText(a.money.held, a.money.currency)} held, decision due ${dayText(a.due, a.due)}.`
      : 'No pay held.';
  const what = `${metricName(a)} ${a.period} ${verdictLabels[a.verdict]}: ${claimText(a)}. ${held}`;
  return plainText(`${plainText(organisation, 30)}: ${what}`, 160);
}

/** One line of printable ASCII, as subjects are; other letters become question marks. */
export function asciiLine(text: string, limit: number): string {
  return plainText(text, limit * 2)
    .replace(/[^ -~]/g, '?')
    .slice(0, limit);
}

/** A run that failed, or that lacks data it should have had. */
export interface FailedRun {
  readonly organisation: string;
  readonly id: string;
  readonly kind: 'daily' | 'weekly' | 'monthly';
  /** Date the run was scheduled for. */
  readonly scheduledFor: string;
  /** The step that failed; null when all steps ran and only data are missing or refused. */
  readonly step: string | null;
  readonly message: string;
  readonly refusedFiles: readonly { readonly name: string; readonly message: string }[];
  readonly missing: readonly {
    readonly unit: string;
    readonly source: string;
    readonly lastArrival: string | null;
  }[];
}

/** The machine's rendering of an alert about a run. */
export interface FailureAlertDocument {
  readonly schema: 'bonafide/alert/1';
  readonly kind: 'failure' | 'data';
  readonly id: string;
  readonly subject: string;
  readonly run: FailedRun;
}

/** One alert that the pipeline failed or data are missing, for whoever keeps it running; never about a number. */
export function failureAlert(run: FailedRun): Alert {
  const kind = run.step === null ? 'data' : 'failure';
  const id = `run@${run.id}@${kind}`;
  const what = run.step === null ? 'data missing or refused' : `failed at ${run.step}`;
  const subject = asciiLine(
    `[${kind === 'data' ? 'DATA' : 'FAILED'}] ${run.kind} run ${run.scheduledFor}: ${what}`,
    100,
  );
  const files = run.refusedFiles
    .slice(0, 20)
    .map((f) => `- refused: ${plainText(f.name, 160)}: ${plainText(f.message, 300)}`);
  const late = run.missing
    .slice(0, 20)
    .map(
      (m) =>
        `- missing: ${plainText(m.source, 64)} of ${plainText(m.unit, 64)}, last file ${m.lastArrival ?? 'never'}`,
    );
  const next =
    kind === 'data'
      ? 'Next: deliver the files; the next run takes them up. Numbers without data are held, not judged.'
      : 'Next: see the runbook, then run it again; a repeated run changes nothing twice.';
  const about = `${plainText(run.organisation, 120)}, run ${plainText(run.id, 120)}.`;
  const long = [subject, '', about, plainText(run.message, 1000), ...files, ...late, '', next, ''].join('\n');
  return {
    id,
    topics: ['failures'],
    plan: null,
    subject,
    long,
    short: plainText(
      `${plainText(run.organisation, 30)}: ${run.kind} run ${run.scheduledFor} ${what}. ${plainText(run.message, 80)}`,
      160,
    ),
    json: { schema: 'bonafide/alert/1', kind, id, subject, run },
  };
}
