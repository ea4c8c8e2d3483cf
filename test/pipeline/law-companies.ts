import fc from 'fast-check';
import type { Config } from '../../lib/model/config.ts';
import type { Row } from '../../lib/model/datasets.ts';
import { addDays, type Day } from '../../lib/model/day.ts';
import type { Assessment } from '../../lib/model/flag.ts';
import { seededRandom } from '../fixtures/random.ts';
import { withEvents } from './eventful-unit.ts';
import {
  dataOf,
  judge,
  judgedMonth,
  lastDay,
  type SmallOptions,
  type SmallUnit,
  smallConfig,
  smallUnit,
} from './small-unit.ts';

export interface Kind extends SmallOptions {
  readonly name: string;
  /** Whether it holds what {@link withEvents} adds. */
  readonly isEventful?: boolean;
}

export const quietKind: Kind = { name: 'a quiet company' };
export const plainKinds: readonly Kind[] = [
  quietKind,
  { name: 'one with stuffed SQLs', stuffed: 40, acceptedInJune: 0.4 },
  { name: 'one with bought visits', bought: 60 },
  { name: 'one with a bad month of acceptance', acceptedInJune: 0.5 },
];
export const kinds: readonly Kind[] = [...plainKinds, { name: 'an eventful one', isEventful: true }];

export interface Company {
  readonly seed: number;
  readonly kind: Kind;
}

/** Companies of a kind, of any seed. */
export function companiesOf(kind: Kind): fc.Arbitrary<Company> {
  return fc.record({ seed: fc.integer({ min: 1, max: 1_000_000 }), kind: fc.constant(kind) });
}
export const runs = (numRuns: number) => ({ seed: 20_260_922, numRuns });

const units = new Map<string, SmallUnit>();

export function unitOf({ seed, kind }: Company, days?: number): SmallUnit {
  const key = JSON.stringify([seed, kind, days]);
  const quiet = () => smallUnit(seed, days === undefined ? kind : { ...kind, days });
  const unit = units.get(key) ?? (kind.isEventful ? withEvents(quiet(), seed) : quiet());
  units.set(key, unit);
  return unit;
}

/** The plan a unit is judged by; where SQLs are claimed it asks for all of them, so that pay hangs on each. */
export function configOf({ others }: SmallUnit, bonus?: number): Config {
  const claimed = (others?.claims ?? []).filter((c) => c.kpi === 'sqls_delivered').map((c) => c.value);
  return smallConfig(bonus, claimed.length > 0 ? Math.min(...claimed) : null);
}

const judged = new Map<SmallUnit, readonly Assessment[]>();

/** Judges a unit as of the last day; a company that several laws look at once for all of them. */
export function assess(unit: SmallUnit): readonly Assessment[] {
  const known = judged.get(unit) ?? assessOn(unit, lastDay);
  judged.set(unit, known);
  return known;
}

export function assessOn(unit: SmallUnit, day: Day, config = configOf(unit)): readonly Assessment[] {
  return judge(dataOf(unit), config, day).assessments;
}

export const june = (assessments: readonly Assessment[], kpi: string) =>
  assessments.find((a) => a.period === judgedMonth && a.kpi === kpi)!;

export function shuffled<T>(values: readonly T[], seed: number): T[] {
  const random = seededRandom(seed);
  return values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

/** The unit with every list in another order, and the days of every series too. */
export function inOtherOrder(unit: SmallUnit, order: number): SmallUnit {
  const mixed = <T>(values: readonly T[]) => shuffled(values, order);
  return {
    series: mixed(unit.series).map((s) => ({
      ...s,
      days: Object.fromEntries(mixed(Object.entries(s.days))),
    })),
    leads: mixed(unit.leads),
    sqls: mixed(unit.sqls),
    others: Object.fromEntries(
      Object.entries(unit.others ?? {}).map(([dataset, rows]) => [dataset, mixed<unknown>(rows)]),
    ),
    restatements: mixed(unit.restatements ?? []),
  };
}

/** What an SQL says while nobody decided it. */
export const pending = { disposition: 'pending', reason: null, decided_at: null, decided_by: null } as const;

/** What was known of a unit at the end of a day. */
export function knownOn(unit: SmallUnit, day: Day): SmallUnit {
  const until = (time: string | null) => (time ?? '') < addDays(day, 1);
  const { claims, deals, calendar } = unit.others ?? {};
  const isEntered = (row: { readonly record_entered_at: string | null }) => until(row.record_entered_at);
  return {
    series: unit.series.map((s) => ({
      ...s,
      days: Object.fromEntries(Object.entries(s.days).filter(([of]) => until(of))),
    })),
    leads: unit.leads.filter((l) => until(l.created_at) && isEntered(l)),
    sqls: unit.sqls
      .filter((s) => until(s.delivered_at) && isEntered(s))
      .map((s) => (until(s.decided_at) ? s : { ...s, ...pending }))
      .map((s) => (until(s.first_contact_at) ? s : { ...s, first_contact_at: null })),
    others: {
      ...(claims ? { claims: claims.filter((c) => until(c.reported_at)) } : {}),
      ...(deals
        ? {
            deals: deals
              .filter((d) => until(d.created_at))
              .map((d) => (until(d.won_at) ? d : ({ ...d, stage: 'open', won_at: null } as const))),
          }
        : {}),
      ...(calendar ? { calendar: calendar.filter((c) => until(c.declared_at)) } : {}),
    },
    restatements: (unit.restatements ?? []).filter((r) => until(r.seenOn)),
  };
}

/** What was known of a unit at the end of a day, with an ordinary day more: new rows, and nothing new of the old ones. */
export function withNextDay(unit: SmallUnit, day: Day): SmallUnit {
  const [before, after] = [knownOn(unit, day), knownOn(unit, addDays(day, 1))];
  const isNew = (time: string) => time >= addDays(day, 1);
  return {
    ...before,
    series: after.series,
    leads: [...before.leads, ...after.leads.filter((l) => isNew(l.created_at))],
    sqls: [...before.sqls, ...after.sqls.filter((s) => isNew(s.delivered_at))],
  };
}

/** The unit with every person called otherwise: names in another order, of other lengths and beginnings. */
export function withOtherPeople(unit: SmallUnit, salt: number): SmallUnit {
  const names = new Map<string, string>();
  const name = <N extends string | null>(person: N): N => {
    if (person === null) return person;
    const random = seededRandom(salt + names.size);
    if (!names.has(person))
      names.set(
        person,
        `${'zyxab'.charAt(random() * 5)}${Math.floor(random() * 10 ** (1 + (names.size % 9)))} ${names.size}`,
      );
    return names.get(person) as N;
  };
  const { deals, calendar } = unit.others ?? {};
  return {
    ...unit,
    leads: unit.leads.map((l) => ({
      ...l,
      email: name(l.email),
      email_local_keys: l.email_local_keys?.map((key) => name(key)) ?? null,
      company_key: name(l.company_key),
      phone: name(l.phone),
      phone_last9: name(l.phone_last9),
    })),
    sqls: unit.sqls.map((s) => ({
      ...s,
      decided_by: name(s.decided_by),
      delivered_by: name(s.delivered_by),
      qualified_by: name(s.qualified_by),
    })),
    others: {
      ...unit.others,
      ...(deals
        ? { deals: deals.map((d) => ({ ...d, owner: name(d.owner), contact_email: name(d.contact_email) })) }
        : {}),
      ...(calendar ? { calendar: calendar.map((c) => ({ ...c, declared_by: name(c.declared_by) })) } : {}),
    },
  };
}

/** The unit with June's SQLs changed, the first `count` of those that `isMeant`. */
export function withJune(
  unit: SmallUnit,
  count: number,
  isMeant: (sql: Row<'sqls'>) => boolean,
  change: Partial<Row<'sqls'>>,
): SmallUnit {
  let left = count;
  const sqls = unit.sqls.map((sql) => {
    if (left === 0 || !sql.delivered_at.startsWith(judgedMonth) || !isMeant(sql)) return sql;
    left -= 1;
    return { ...sql, ...change };
  });
  return { ...unit, sqls };
}

/**
 * The unit so many times over: everybody and everything in it has as many likenesses of another name. Whoever decides
 * is one person still.
 */
export function timesOver(unit: SmallUnit, times: number): SmallUnit {
  const each = <T>(rows: readonly T[], like: (row: T, i: number) => T): T[] =>
    rows.flatMap((row) => Array.from({ length: times }, (_, i) => (i === 0 ? row : like(row, i))));
  const name = <N extends string | null>(text: N, i: number): N =>
    text === null ? text : (`${text}~${i}` as N);
  const { claims } = unit.others ?? {};
  return {
    series: unit.series.map((s) => ({
      ...s,
      days: Object.fromEntries(
        Object.entries(s.days).map(([day, metrics]) => [
          day,
          Object.fromEntries(Object.entries(metrics).map(([metric, n]) => [metric, n * times])),
        ]),
      ),
    })),
    leads: each(unit.leads, (l, i) => ({
      ...l,
      lead_id: name(l.lead_id, i),
      email: name(l.email, i),
      email_local_keys: l.email_local_keys?.map((key) => name(key, i)) ?? null,
      company_key: name(l.company_key, i),
      phone: name(l.phone, i),
      phone_last9: name(l.phone_last9, i),
    })),
    sqls: each(unit.sqls, (s, i) => ({ ...s, sql_id: name(s.sql_id, i), lead_id: name(s.lead_id, i) })),
    others: claims ? { claims: claims.map((c) => ({ ...c, value: c.value * times })) } : {},
  };
}
