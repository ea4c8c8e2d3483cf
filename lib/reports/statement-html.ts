import { html, raw } from 'hono/html';
import { currencyExponent } from '../model/currency.ts';
import type { Assessment, Removal } from '../model/flag.ts';
import type { Statement, StatementLine } from '../model/statement.ts';
import { actText } from './acts-text.ts';
import { periodText } from './date-text.ts';
import { kpiNames, metricName } from './kpi-text.ts';
import { moneyText } from './money-text.ts';
import { kpiValueText, numberText } from './number-text.ts';
import { foreign, type Html, page, table, unbroken, verdictMark } from './page.ts';
import { plainText } from './plain-text.ts';
import { removalTexts } from './removal-text.ts';
import { sumMoney } from './standing.ts';
import { controlTotalText } from './statement-tables.ts';

/** Records named on the page; records.csv and the workbook hold all of them. */
const mostRecords = 60;
const mostFindings = 40;
const mostActs = 60;

/** A statement as a page to print and sign: self-contained, without script. */
export async function statementHtml(statement: Statement): Promise<string> {
  const first = firstSentence(statement);
  const assessments = statement.lines.map((line) => line.assessment);
  const title = `${plainText(statement.planTitle, 120)}, ${periodText(statement.period)}`;
  const body = html`<div class="top"><span><b>${foreign(statement.organisation, 120)}</b> · statement · ${foreign(title)}</span>
<span>${statement.state === 'sealed' ? 'sealed' : 'draft, not sealed'} · as of ${statement.asOf} · pay date ${statement.payOn}</span></div>
<h1>${unbroken(first)}</h1>
<section><h2>What is claimed and what is verified</h2>${numbers(statement)}</section>
<section><h2>What is paid</h2>${money(statement)}
<p class="soft">${statement.combine === 'all' ? 'Nothing is paid unless every KPI is met.' : 'Each KPI is paid for itself.'} Amounts are shares of the plan’s instalment for the period. Held pay waits for a decision, due ${statement.due}; refused pay is not owed.</p></section>
<section><h2>What was taken off, by rule</h2>${removals(assessments)}</section>
<section><h2>What did not reconcile</h2>${findings(assessments)}</section>
${trueUps(statement)}
<section><h2>Who decided what</h2>${acts(statement)}</section>
<section><h2>What this rests on</h2>${parameters(statement)}</section>
<section><h2>Sign-off</h2>${signOff(statement)}</section>`;
  return page(`Statement: ${title}`, first, body);
}

/** @example 'USD 1,111.12 of the USD 1,666.67 claimed for August 2026 can be paid; USD 555.55 is held for a decision due 2026-09-14.' */
function firstSentence(statement: Statement): string {
  const assessments = statement.lines.map((line) => line.assessment);
  const amount = (kind: 'claimed' | 'payable' | 'held' | 'refused') =>
    moneyText(sumMoney(assessments, kind), statement.currency);
  const held = sumMoney(assessments, 'held') > 0;
  const refused = sumMoney(assessments, 'refused') > 0;
  const rest = [
    held
      ? `${amount('held')} is held for a decision ${statement.due < statement.asOf ? 'that was due' : 'due'} ${statement.due}`
      : null,
    refused ? `${amount('refused')} is refused` : null,
  ].filter((part) => part !== null);
  const paid = `${amount('payable')} of the ${amount('claimed')} claimed for ${periodText(statement.period)} can be paid`;
  return `${[paid, ...rest].join('; ')}.`;
}

function numbers({ lines, currency }: Statement): Html {
  return table(
    [
      { title: 'KPI', kind: 'name' },
      { title: 'Target', kind: 'number' },
      { title: 'Claimed', kind: 'number' },
      { title: 'Counted', kind: 'number' },
      { title: 'Control total', kind: 'number' },
      { title: 'Taken off', kind: 'number' },
      { title: 'Verified low', kind: 'number' },
      { title: 'Verified point', kind: 'number' },
      { title: 'Verified high', kind: 'number' },
    ],
    lines.map((line) => {
      const a = line.assessment;
      const value = (v: number | null) => kpiValueText(a.kpi, v, currency);
      const off = a.removals.filter((r) => !r.memo).reduce((sum, r) => sum + r.count, 0);
      return [
        nameCell(a),
        value(a.target),
        value(a.claimed),
        value(a.counted),
        controlTotals(line, currency),
        numberText(off),
        value(a.verified?.low ?? null),
        value(a.verified?.point ?? null),
        value(a.verified?.high ?? null),
      ];
    }),
  );
}

function nameCell(a: Assessment): Html {
  const notes = [
    a.claimedFrom === 'counted' ? 'no claims source: what was counted' : null,
    a.claimedFrom === 'awaiting_claim' ? 'no claim has arrived yet' : null,
    a.basis === 'daily_unique_sum' ? 'sum of daily unique visitors, an upper bound' : null,
    a.basis === 'monthly_unique' ? 'monthly unique visitors' : null,
  ].filter((note) => note !== null);
  return html`<bdi>${metricName(a)}</bdi>${notes.length > 0 ? html`<small>${notes.join('; ')}</small>` : ''}`;
}

function controlTotals({ assessment, controlTotals: totals }: StatementLine, currency: string): Html {
  if (totals.length === 0) return html`none given`;
  const exponent = assessment.kpi === 'revenue' ? currencyExponent(currency) : 0;
  return html`${totals.map(
    (t, i) =>
      html`${i > 0 ? html`<br>` : ''}${foreign(
        controlTotalText(t, (v) => v / 10 ** exponent),
        60,
      )}`,
  )}`;
}

function money({ lines, currency }: Statement): Html {
  const amount = (minor: number) => moneyText(minor, currency);
  const rows = lines.map(({ assessment: a, rule, share }) => [
    html`<bdi>${metricName(a)}</bdi><small>${rule === null ? 'the plan is no longer configured' : `${rule}; share ${share === null ? '–' : amount(share)}`}</small>`,
    verdictMark(a),
    amount(a.money.claimed),
    amount(a.money.payable),
    amount(a.money.held),
    amount(a.money.refused),
  ]);
  const all = lines.map((line) => line.assessment);
  const sum = (kind: 'claimed' | 'payable' | 'held' | 'refused') =>
    html`<b>${amount(sumMoney(all, kind))}</b>`;
  return table(
    [
      { title: 'KPI and rule', kind: 'name' },
      { title: 'Verdict', kind: 'mark' },
      { title: 'Claimed', kind: 'number' },
      { title: 'Payable', kind: 'number' },
      { title: 'Held', kind: 'number' },
      { title: 'Refused', kind: 'number' },
    ],
    [...rows, ['Sum', '', sum('claimed'), sum('payable'), sum('held'), sum('refused')]],
  );
}

function removals(assessments: readonly Assessment[]): Html {
  const rows = assessments.flatMap((a) => a.removals.map((removal) => removalRow(a, removal)));
  if (rows.length === 0) return html`<p>Nothing was taken off.</p>`;
  return table(
    [
      { title: 'KPI and rule', kind: 'name' },
      { title: 'Units', kind: 'number' },
      { title: 'Records', kind: 'text' },
    ],
    rows,
  );
}

function removalRow(a: Assessment, { rule, count, records, memo }: Removal) {
  const more = records.length - mostRecords;
  return [
    html`<bdi>${metricName(a)}</bdi><small>${removalTexts[rule]}${memo ? '; shown only, nothing is taken off' : ''}</small>`,
    numberText(count),
    html`${records.slice(0, mostRecords).map((id, i) => html`${i > 0 ? ', ' : ''}<span class="id">${foreign(id, 60)}</span>`)}${more > 0 ? html` and ${numberText(more)} more in records.csv` : ''}`,
  ];
}

function findings(assessments: readonly Assessment[]): Html {
  const all = assessments.flatMap((a) => a.findings.map((f) => ({ a, f })));
  if (all.length === 0) return html`<p>Every check that could be run passed.</p>`;
  return html`${table(
    [
      { title: 'KPI', kind: 'name' },
      { title: 'Check', kind: 'mark' },
      { title: 'Finding', kind: 'text' },
    ],
    all
      .slice(0, mostFindings)
      .map(({ a, f }) => [
        html`<bdi>${metricName(a)}</bdi>`,
        html`${f.check}<small>${f.severity}${f.proof ? ', proof by record' : ''}${f.side === 'sales' ? ', sales’ side' : ''}</small>`,
        foreign(f.text, 600),
      ]),
  )}${all.length > mostFindings ? html`<p class="soft">${numberText(all.length - mostFindings)} more in findings.csv.</p>` : ''}`;
}

function trueUps({ trueUps: all, currency }: Statement): Html {
  if (all.length === 0) return html``;
  const amount = (minor: number) => moneyText(minor, currency);
  const sum = all.reduce((total, { payable: [before, after] }) => total + after - before, 0);
  return html`<section><h2>True-ups of sealed periods</h2>${table(
    [
      { title: 'KPI', kind: 'name' },
      { title: 'Period', kind: 'mark' },
      { title: 'Because of', kind: 'mark' },
      { title: 'Payable when sealed', kind: 'number' },
      { title: 'Payable now', kind: 'number' },
      { title: 'Difference', kind: 'number' },
    ],
    all
      .slice(-mostActs)
      .map((t) => [
        html`<bdi>${metricName(t)}</bdi>`,
        t.period,
        t.cause === 'decision' ? 'a decision' : 'numbers that changed',
        amount(t.payable[0]),
        amount(t.payable[1]),
        amount(t.payable[1] - t.payable[0]),
      ]),
  )}<p class="soft">Recorded since the close before. What was sealed stays as it is; ${amount(sum)} is to be added to what this statement pays.</p></section>`;
}

function acts({ acts: all, lines }: Statement): Html {
  if (all.length === 0)
    return html`<p>${lines.some(({ assessment }) => assessment.money.held > 0) ? 'Nobody has decided yet.' : 'No decision was needed.'}</p>`;
  const shown = all.slice(-mostActs);
  return html`${table(
    [
      { title: 'Date', kind: 'mark' },
      { title: 'KPI', kind: 'mark' },
      { title: 'Step', kind: 'text' },
    ],
    shown.map((act) => {
      const [, kpi, unit] = act.body.flag.split('|');
      const name = kpiNames[kpi as keyof typeof kpiNames] ?? kpi;
      return [
        act.at.slice(0, 10),
        foreign(unit === 'all' ? name : `${name}, ${unit}`, 80),
        foreign(actText(act), 600),
      ];
    }),
  )}${all.length > shown.length ? html`<p class="soft">${numberText(all.length - shown.length)} earlier steps in decisions.csv.</p>` : ''}`;
}

function parameters({ lines, parameters: named }: Statement): Html {
  const evidence = lines.map(
    ({ assessment: a }) => [`judgement of ${metricName(a)}`, a.evidence ?? 'none'] as const,
  );
  return html`<dl>${[...named, ...evidence].map(([name, value]) => html`<dt>${foreign(name, 120)}</dt><dd><code>${foreign(value, 2000)}</code></dd>`)}</dl>
<p class="soft">“bonafide verify” on a copy of the evidence recomputes all of it and names the first link that does not hold.</p>`;
}

function signOff({ side }: Statement): Html {
  const roles = [
    'Prepared by',
    'Finance',
    `For ${side}, whose pay it is`,
    `For ${side === 'marketing' ? 'sales' : 'marketing'}`,
  ];
  const cell = 'style="border-bottom:1px solid;height:3.2em;vertical-align:bottom"';
  return html`<table><thead><tr><th scope="col" style="width:28%">Role</th><th scope="col" style="width:30%">Name</th><th scope="col" style="width:14%">Date</th><th scope="col">Signature</th></tr></thead><tbody>${roles.map(
    (role) => html`<tr><td ${raw(cell)}>${role}</td>${raw(`<td ${cell}></td>`.repeat(3))}</tr>`,
  )}</tbody></table>`;
}
