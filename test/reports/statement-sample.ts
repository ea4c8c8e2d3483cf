import type { FlagAct } from '../../lib/model/decision.ts';
import type { Statement } from '../../lib/model/statement.ts';
import { aFinding, anAugust, anSqlFlag } from './sample.ts';

export const flag = 'marketing-director|sqls_delivered|all|2026-08';
const acts: FlagAct[] = [
  {
    seq: 4,
    at: '2026-09-10T09:00:00.000Z',
    kind: 'reply',
    body: { flag, by: { name: 'Dana', party: 'marketing' }, text: 'It was the fair.', attachments: [] },
  },
];

/** August's statement, with anything replaced. */
export function aStatement(over: Partial<Statement> = {}): Statement {
  return {
    schema: 'bonafide/statement/1',
    organisation: 'Acme',
    plan: 'marketing-director',
    planTitle: 'Marketing director bonus',
    side: 'marketing',
    period: '2026-08',
    currency: 'USD',
    asOf: '2026-09-20',
    state: 'sealed',
    due: '2026-09-14',
    payOn: '2026-09-16',
    combine: 'each',
    lines: anAugust().map((assessment) => ({
      assessment,
      controlTotals:
        assessment.kpi === 'leads'
          ? [{ unit: null, metric: 'leads', value: 310, source: 'crm', extractedAt: '2026-09-01T08:00:00' }]
          : [],
      share: 55555,
      rule: `the whole share from ${assessment.target} on, nothing below`,
    })),
    acts,
    trueUps: [],
    parameters: [['configuration', `sha256:${'c'.repeat(64)}`]],
    ...over,
  };
}

const names = [
  '=1+1',
  '+cmd|calc',
  '-2+3',
  '@SUM(A1)',
  '\t=1+1',
  '\u0000=1+1',
  '\u202e=cod.exe',
  '<script>alert(1)</script>',
  '</style><img src=x onerror=alert(1)>',
  ']]><x/>',
  'x'.repeat(10_000),
  `=${'9'.repeat(40_000)}`,
];
/** A statement in which every name that others write is hostile. */
export const hostileStatement = aStatement({
  organisation: names[7]!,
  planTitle: names[8]!,
  lines: [
    {
      assessment: anSqlFlag({
        removals: [{ rule: 'duplicate', count: names.length, records: names, memo: false }],
        findings: names.map((text) => aFinding({ text, records: [text], sources: [text] })),
      }),
      controlTotals: names.map((source) => ({
        unit: null,
        metric: 'sqls_delivered',
        value: 1,
        source,
        extractedAt: null,
      })),
      share: 1,
      rule: names[0]!,
    },
  ],
  acts: names.map((name, i) => ({
    seq: i + 1,
    at: '2026-09-10T09:00:00.000Z',
    kind: 'reply',
    body: { flag, by: { name, party: 'sales' }, text: name, attachments: [{ name, digest: '', bytes: 1 }] },
  })),
  parameters: names.map((name) => [name, name]),
});
