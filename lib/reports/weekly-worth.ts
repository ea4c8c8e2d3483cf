import { html } from 'hono/html';
import type { JointKpi, KpiWorth, PlanDefect, Prediction } from '../model/business.ts';
import type { WeeklyReport } from '../model/report.ts';
import { estimateText } from './estimate-text.ts';
import { kpiNames } from './kpi-text.ts';
import { roundMoney } from './money-text.ts';
import { kpiValueText, numberText } from './number-text.ts';
import { foreign, type Html, leftOut, table } from './page.ts';

const mostDefects = 40;

const worthNames: Readonly<Record<KpiWorth['worth'], string>> = {
  useful: 'useful',
  fluff: 'fluff',
  undetermined: 'cannot be told',
  'history too short': 'history too short',
};
const outcomeNames = { sqls_accepted: 'accepted SQLs', revenue: 'revenue' } as const;

/** Which bonus metrics foretell anything, which would serve both sides, and what the plans themselves get wrong. */
export function worthSection(report: WeeklyReport): Html {
  const { business } = report;
  if (!business) return html``;
  const { worth, jointKpis, planDefects } = business;
  return html`${
    worth.length + jointKpis.length > 0
      ? html`<section><h2>Are these the right numbers?</h2>${worthTable(worth)}${jointTable(jointKpis, report)}</section>`
      : ''
  }
${defectSection(planDefects, new Set(report.assessments.map((a) => a.plan)).size > 1)}`;
}

function worthTable(worth: readonly KpiWorth[]): Html {
  if (worth.length === 0) return html``;
  const title = html`<h3>Which bonus metrics are fluff</h3>`;
  if (worth.every((w) => w.predictions.every((p) => p.pairs === 0)))
    return html`${title}<p>Cannot be told: there is no week with accepted SQLs or revenue to hold them against.</p>`;
  const cell = (p: Prediction | undefined) => {
    if (!p) return '–';
    const range = p.fluff ? estimateText(p.fluff, (v) => numberText(Math.round(v))) : '';
    const later = p.lagDays > 0 ? `, ${numberText(p.lagDays)} days later` : '';
    const among =
      p.kpi === 'sqls_delivered' && p.outcome === 'sqls_accepted' ? '; the accepted are among them' : '';
    return html`${p.label}<small>${range ? `${range}, ` : ''}${numberText(p.pairs)} weeks${later}${among}</small>`;
  };
  const rows = worth
    .slice(0, 12)
    .map((w) => [
      kpiNames[w.kpi],
      html`<b>${worthNames[w.worth]}</b>`,
      cell(w.predictions.find((p) => p.outcome === 'sqls_accepted')),
      cell(w.predictions.find((p) => p.outcome === 'revenue')),
    ]);
  return html`${title}<p class="soft">Fluff index with its 95 % interval: 0 means that weeks with more of it are followed by as much more of the outcome, 100 that they are not. Fluff is what foretells one outcome weakly at best and none well. It speaks about the plan, never about people; where wins are few a week, a weak relation to revenue is also what chance leaves of a real one.</p>
${table(
  [
    { title: 'Metric', kind: 'name' },
    { title: 'As a goal', kind: 'mark' },
    { title: `For ${outcomeNames.sqls_accepted}`, kind: 'mark' },
    { title: `For ${outcomeNames.revenue}`, kind: 'mark' },
  ],
  rows,
)}`;
}

function jointTable(joint: readonly JointKpi[], { currency }: WeeklyReport): Html {
  if (joint.length === 0) return html``;
  const rows = joint.map((k) => {
    const value = (v: number | null) =>
      k.kpi === 'revenue' && v !== null ? roundMoney(v, currency) : kpiValueText(k.kpi, v, currency);
    return [
      html`${kpiNames[k.kpi]}${k.origins.length > 0 ? html`<small>of deals from ${k.origins.join(', ')}</small>` : ''}`,
      html`${k.why}<small>${k.inPlans.length > 0 ? `Paid on already in ${k.inPlans.length === 1 ? '1 plan' : `${k.inPlans.length} plans`}.` : 'In no plan yet.'}</small>`,
      k.usual === null ? '–' : html`${value(k.usual)}<small>${numberText(k.months)} months</small>`,
      value(k.needed),
      html`<pre>${k.yaml}</pre>`,
    ];
  });
  return html`<h3>Joint metrics that would serve both sides</h3>${table(
    [
      { title: 'Metric', kind: 'name' },
      { title: 'Why', kind: 'text' },
      { title: 'Usual a month', kind: 'number' },
      { title: 'Needed', kind: 'number' },
      { title: 'For the plan', kind: 'text' },
    ],
    rows,
  )}`;
}

function defectSection(defects: readonly PlanDefect[], isPlanNamed: boolean): Html {
  if (defects.length === 0) return html``;
  const row = (d: PlanDefect) => [
    html`${d.kpi === null ? 'The plan' : kpiNames[d.kpi]}<small>${isPlanNamed ? html`${foreign(d.planTitle, 60)}, ` : ''}${d.rule.replaceAll('-', ' ')}</small>`,
    html`${foreign(d.text, 400)}<small>${foreign(d.evidence, 400)}</small>`,
    d.yaml === '' ? '' : html`<pre>${d.yaml}</pre>`,
  ];
  return html`<section><h2>What the plans themselves get wrong</h2><p class="soft">To be settled before anybody's numbers: these would lead anyone astray. "bonafide lint-plan" prints the same.</p>
${table(
  [
    { title: 'Where', kind: 'name' },
    { title: 'What, and where it shows', kind: 'text' },
    { title: 'Instead', kind: 'text' },
  ],
  defects.slice(0, mostDefects).map(row),
)}${leftOut(defects.length, mostDefects, 'defects')}</section>`;
}
