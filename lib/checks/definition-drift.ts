import * as z from 'zod';
import { dayNumber } from '../model/day.ts';
import type { SqlCase } from '../model/history.ts';
import { keptFor } from '../model/kept.ts';
import { type Kpi, kpis } from '../model/kpi.ts';
import type { Period } from '../model/period.ts';
import { changeText } from '../model/policy-change.ts';
import { defineCheck, type Failure, fail, type PayContext, pass } from './check.ts';
import { countBelow, recordDays } from './record-days.ts';

/** What is counted changed its meaning inside the period. */
export const definitionDrift = defineCheck({
  id: 'definition-drift',
  version: 2,
  family: 'none',
  side: 'marketing',
  scope: 'kpi',
  kpi: null,
  question: 'Is the data complete?',
  messages: {
    criteriaChanged: 'SQLs of the period were qualified by {versions} versions of the criteria: {names}.',
    criteriaNotAgreed: '{other} of {stated} SQLs name criteria other than the agreed version {agreed}.',
    declaredChange: 'The calendar holds a change of definition of {metric} from {on} on, inside the period.',
    agreementStarts:
      'The agreement between marketing and sales begins on {on}, inside the period; it is in force from the next one on.',
    policyChanged:
      'The policy was changed on {on}, inside the period, which is judged without the change: {changes}. It is in force from the next period on.',
    codeChanged:
      'Checks were changed on {on}, inside the period, which is judged by the new ones: {changes}.',
  },
  innocent: [
    'a change that both sides agreed to, in force from the wrong day',
    'a version number that was raised without a change of meaning',
    'a tool that was replaced in the middle of a period',
  ],
  clears: 'the change applied from the next period on, or the period counted by one definition throughout',
  policy: z.strictObject({
    minRecords: z.int().min(1).default(3).describe('least SQLs of another version'),
  }),
  evaluate({ history, period, agreement, pay }, { minRecords }) {
    const failures: Failure[] = [];
    const add = (
      messageId: string,
      kpi: Kpi | undefined,
      data: Failure['data'],
      records: readonly string[] = [],
    ) => failures.push({ messageId, severity: 'watch', ...(kpi && { kpi }), data, records });
    // A change on the first day of a period is how it should be: everything in it counts by one definition.
    const isInside = (day: string) => day > period.from && day < period.to;

    const { sqls, counts } = statedCriteria(history.sqls?.rows ?? [], period);
    const stated = sqls.length;
    const otherThan = (version: string) => stated - (counts.get(version) ?? 0);
    const keysOtherThan = (version: string) =>
      sqls.filter((s) => s.criteria_version !== version).map((s) => `${s.sql_id}/${s.lead_id}`);
    const main = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0] as [string, number])[0];
    const agreed = agreement.criteria?.version;
    if (otherThan(main) >= minRecords) {
      const names = [...counts.keys()].sort();
      const data = { versions: names.length, names, other: otherThan(main), stated };
      add('criteriaChanged', 'sqls_delivered', data, keysOtherThan(main));
    } else if (agreed !== undefined && otherThan(agreed) >= minRecords) {
      const data = { other: otherThan(agreed), stated, agreed };
      add('criteriaNotAgreed', 'sqls_delivered', data, keysOtherThan(agreed));
    }

    for (const entry of history.calendar) {
      if (entry.kind !== 'definition_change' || !isInside(entry.date_from)) continue;
      const kpi = kpis.find((k) => k === entry.metric);
      add('declaredChange', kpi, { metric: entry.metric ?? 'every metric', on: entry.date_from });
    }
    if (agreement.from !== undefined && isInside(agreement.from))
      add('agreementStarts', 'sqls_accepted', { on: agreement.from });
    failures.push(...driftOf(pay!));
    return failures.length > 0 ? fail(...failures) : pass(null, { sqls: stated });
  },
});

/** SQLs of a period that name the criteria they were qualified by, and how many name each version. */
interface StatedCriteria {
  readonly sqls: readonly SqlCase[];
  readonly counts: ReadonlyMap<string, number>;
}

const kept = keptFor<StatedCriteria>();

function statedCriteria(rows: readonly SqlCase[], { from, to }: Period): StatedCriteria {
  return kept([rows], `${from} ${to}`, () => {
    const days = recordDays(rows, 'delivered_at');
    const own = rows.slice(countBelow(days, dayNumber(from)), countBelow(days, dayNumber(to)));
    const sqls = own.filter((s) => s.criteria_version !== null);
    const counts = new Map<string, number>();
    for (const sql of sqls) counts.set(sql.criteria_version!, (counts.get(sql.criteria_version!) ?? 0) + 1);
    return { sqls, counts };
  });
}

/** Changes of the policy that concern the KPI; one that came with the code alone changes no terms, so it is a note. */
function driftOf({ drift, planKpi }: PayContext): Failure[] {
  return drift.flatMap(({ on, changes }): Failure[] => {
    const own = changes.filter(({ kpi }) => kpi === null || kpi === planKpi.kpi);
    const terms = own.filter((change) => !change.isCode);
    if (own.length === 0) return [];
    const told = terms.length > 0 ? terms : own;
    return [
      {
        messageId: terms.length > 0 ? 'policyChanged' : 'codeChanged',
        severity: terms.length > 0 ? 'watch' : 'note',
        data: { on, changes: told.map(changeText) },
      },
    ];
  });
}
