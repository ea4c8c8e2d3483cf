import { html } from 'hono/html';
import type { Finding } from '../model/finding.ts';
import type { Assessment } from '../model/flag.ts';
import type { CheckNote, WeeklyReport } from '../model/report.ts';
import { dayText, periodText } from './date-text.ts';
import { metricName } from './kpi-text.ts';
import { moneyText } from './money-text.ts';
import { chanceText, kpiValueText, numberText, rangeText } from './number-text.ts';
import { foreign, type Html, leftOut, table, unbroken, verdictMark } from './page.ts';
import { listText } from './plain-text.ts';
import { removalTexts } from './removal-text.ts';
import { byUrgency, isBonusMetric, splitPeriods, standingOf, sumMoney } from './standing.ts';

/** Most of each kind shown in full; the rest is in report.json. */
const mostDetails = 24;
const mostFindings = 5;
const mostRows = 60;
const mostRecords = 10;

/** Every flag without a decision, in full: what was found, what it does to pay, what would clear it. */
export function raisedSection(report: WeeklyReport): Html {
  const { latest, earlier } = splitPeriods(report);
  const open = (of: readonly Assessment[]) => of.filter((a) => standingOf(a) === 'waiting').sort(byUrgency);
  const raised = [
    ...open(latest),
    ...open(earlier).sort((a, b) => (a.due < b.due ? 1 : a.due > b.due ? -1 : 0)),
  ];
  if (raised.length === 0) return html``;
  const shown = raised.slice(0, mostDetails);
  const shared = sharedReasons(shown);
  const explained = new Set<string>();
  return html`<section><h2>What waits for a decision, and why</h2>
<p class="soft">A decision needs a reason, a comment and a second person; nobody whose pay depends on the number may clear it alone. Ordinary explanations, and what would clear a finding, stand where its check is named first.${shared.length > 0 ? html` ${foreign(sentence(shared.join('; ')), 400)}` : ''}</p>
${shown.map((a) => raisedArticle(a, report, shared, explained))}${leftOut(raised.length, shown.length, 'flags')}</section>`;
}

/** Reasons that hold for every one of several flags, so that they are said once. */
function sharedReasons(of: readonly Assessment[]): string[] {
  return of.length < 2 ? [] : of[0]!.reasons.filter((r) => of.every((a) => a.reasons.includes(r)));
}

function raisedArticle(
  a: Assessment,
  report: WeeklyReport,
  saidAbove: readonly string[],
  explained: Set<string>,
): Html {
  const own = a.findings.filter((f) => f.side === a.side);
  const reasons = a.reasons.filter((r) => !saidAbove.includes(r));
  return html`<article><h3>${metricName(a)}, ${periodText(a.period)}</h3>
<p>${verdictMark(a)}</p>
<p>${claimSentence(a, report)} ${unbroken(paySentence(a, report))}</p>
${removalLines(a, report)}
${reasons.length > 0 ? html`<p class="soft">${foreign(sentence(reasons.join('; ')), 400)}</p>` : ''}
${own.slice(0, mostFindings).map((f) => findingBlock(f, report, explained))}${leftOut(own.length, mostFindings, 'findings')}</article>`;
}

function claimSentence(a: Assessment, report: WeeklyReport): Html {
  const value = (v: number | null) => kpiValueText(a.kpi, v, report.currency);
  const claimed =
    a.claimedFrom === 'awaiting_claim'
      ? 'No claim has arrived yet'
      : a.claimedFrom === 'counted'
        ? `${value(a.claimed)} claimed, as counted`
        : `${value(a.claimed)} claimed`;
  const counted = a.counted === null ? 'the sources hold no number' : `the sources hold ${value(a.counted)}`;
  const basis = a.basis === 'daily_unique_sum' ? ' (sum of daily visitors, an upper bound)' : '';
  const verified = a.verified
    ? `${value(a.verified.point)} verified${a.verified.low === a.verified.high ? '' : `, at least ${value(a.verified.low)} and at most ${value(a.verified.high)}`}`
    : 'none verified';
  return html`${foreign(a.planTitle, 120)}: ${claimed}, ${counted}${basis}, ${verified}; the target is ${value(a.target)}.`;
}

/** What the flag does to pay, in a sentence. */
function paySentence(a: Assessment, report: WeeklyReport): string {
  const money = (minor: number) => moneyText(minor, report.currency);
  if (a.money.claimed === 0) return 'No pay depends on it.';
  const waiting = a.money.waiting > 0 ? `, ${money(a.money.waiting)} of it only until sales has decided` : '';
  const held = `${money(a.money.held)} of ${money(a.money.claimed)} is held${waiting}, ${money(a.money.payable)} can be paid; a decision ${a.due < report.asOf ? 'was' : 'is'} due ${dayText(a.due, report.asOf)}.`;
  if (a.pivotal === true) return `Without the disputed units the target is missed. ${held}`;
  if (a.pivotal === false) return `The target is met without the disputed units too. ${held}`;
  return `The target is missed either way. ${held}`;
}

/** What lies between claimed and verified, rule by rule. */
function removalLines(a: Assessment, report: WeeklyReport): Html[] {
  return a.removals
    .slice(0, mostFindings)
    .map(
      (r) =>
        html`<p class="soft wide">${r.memo ? 'Shown only, not taken off' : 'Taken off'}: ${kpiValueText(a.kpi, r.count, report.currency)} ${removalTexts[r.rule]}${r.records.length > 0 ? html`: ${recordList(r.records)}` : ''}</p>`,
    );
}

function recordList(records: readonly string[]): Html {
  return foreign(listText(records, mostRecords), mostRecords * 90);
}

/**
 * One finding: its sentence, expected and observed, ordinary explanations, and what would clear it.
 * @param explained checks whose explanations were given above and are not repeated; this one is added.
 */
function findingBlock(f: Finding, report: WeeklyReport, explained: Set<string>): Html {
  const note = explained.has(f.check) ? undefined : noteOf(f, report.checks);
  explained.add(f.check);
  const p = f.p === null ? '' : `; ${chanceText(f.p)}`;
  const capped = f.capped ? '; judged against a history that is itself under question' : '';
  return html`<div class="finding ${f.severity}"><p>${foreign(f.text, 500)}</p><dl>
${numbersOf(f)}
${note && note.innocent.length > 0 ? html`<dt>Ordinary explanations</dt><dd>${foreign(note.innocent.join('; '), 600)}</dd>` : ''}
${note ? html`<dt>What would clear it</dt><dd>${foreign(note.clears, 400)}</dd>` : ''}
${f.sources.length > 0 ? html`<dt>Sources</dt><dd>${recordList(f.sources)}</dd>` : ''}
${f.records.length > 0 ? html`<dt>Records</dt><dd>${recordList(f.records)}</dd>` : ''}
<dt>Check</dt><dd class="soft"><code>${f.check}</code>${f.proof ? '; shown record by record' : ''}${p}${capped}</dd></dl></div>`;
}

function noteOf(f: Finding, checks: readonly CheckNote[]): CheckNote | undefined {
  return checks.find((c) => c.id === f.check);
}

function numbersOf(f: Finding): Html {
  const observed = f.observed === null ? '' : numberText(f.observed);
  if (f.expected === null && f.range === null)
    return observed === '' ? html`` : html`<dt>Observed</dt><dd>${observed}</dd>`;
  return html`<dt>Expected</dt><dd>${expectedText(f)}${observed === '' ? '' : `; observed ${observed}`}</dd>`;
}

/** Words as a sentence: a capital first, a full stop last. */
function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}

function expectedText(f: Finding): string {
  const range = f.range === null ? '' : rangeText(f.range, '–');
  if (f.expected === null) return range;
  return range === '' ? numberText(f.expected) : `${numberText(f.expected)} (ordinary range ${range})`;
}

/** Findings of the latest period that hold no pay: certified, noted. */
export function notedSection(report: WeeklyReport): Html {
  const noted = splitPeriods(report)
    .latest.filter((a) => standingOf(a) !== 'waiting' && a.decision === null)
    .flatMap((a) => a.findings.filter((f) => f.side === a.side).map((f) => ({ a, f })));
  if (noted.length === 0) return html``;
  const shown = noted.slice(0, mostDetails);
  const explained = new Set<string>();
  return html`<section><h2>Noted</h2><p class="soft">Odd enough to say, not enough to hold pay.</p>
${shown.map(({ a, f }) => html`<article><h3>${metricName(a)}, ${periodText(a.period)}</h3>${findingBlock(f, report, explained)}</article>`)}
${leftOut(noted.length, shown.length, 'findings')}</section>`;
}

/** Findings about sales' half of the agreement, each once. */
export function salesSection(report: WeeklyReport): Html {
  const seen = new Map<string, { a: Assessment; f: Finding }>();
  for (const a of splitPeriods(report).latest)
    for (const f of a.findings)
      if (f.side === 'sales' && a.side !== 'sales') seen.set(`${f.check}|${a.unit}|${f.text}`, { a, f });
  for (const a of splitPeriods(report).latest)
    if (!isBonusMetric(a) && standingOf(a) !== 'waiting')
      for (const f of a.findings) seen.set(`${f.check}|${a.unit}|${f.text}`, { a, f });
  const all = [...seen.values()].slice(0, mostDetails);
  if (all.length === 0) return html``;
  const explained = new Set<string>();
  return html`<section><h2>On sales' side</h2><p class="soft">The same test the other way round; none of it lowers marketing's number.</p>
${all.map(({ a, f }) => html`<article><h3>${metricName(a)}, ${periodText(a.period)}</h3>${findingBlock(f, report, explained)}</article>`)}
${leftOut(seen.size, all.length, 'findings')}</section>`;
}

const notJudged = new Set(['insufficient_data', 'error']);

/** What could not be judged in the latest period, and why. */
export function unableSection(report: WeeklyReport): Html {
  const unable = splitPeriods(report).latest.filter((a) => standingOf(a) === 'unable');
  if (unable.length === 0) return html``;
  const rows = unable.slice(0, mostRows).map((a) => {
    const open = a.outcomes.flatMap((o) =>
      'reason' in o && notJudged.has(o.status) ? [`${o.check} (${o.reason.replaceAll('-', ' ')})`] : [],
    );
    return [
      html`${metricName(a)}, ${periodText(a.period)}<small>${foreign(a.planTitle, 60)}</small>`,
      foreign(a.reasons.join('; ') || 'too little could be judged', 400),
      foreign(listText(open, 6), 600),
      moneyText(a.money.held, report.currency),
    ];
  });
  return html`<section><h2>What cannot be certified, and why</h2>
<p>Not being able to tell is no finding against the number. ${moneyText(sumMoney(unable, 'held'), report.currency)} is held until the data arrive or somebody decides.</p>
${table(
  [
    { title: 'Metric', kind: 'name' },
    { title: 'Reason', kind: 'text' },
    { title: 'Not judged', kind: 'text' },
    { title: 'Held', kind: 'number' },
  ],
  rows,
)}${leftOut(unable.length, mostRows, 'metrics')}</section>`;
}
