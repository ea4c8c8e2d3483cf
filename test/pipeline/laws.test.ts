import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../lib/model/datasets.ts';
import { addDays } from '../../lib/model/day.ts';
import type { Assessment } from '../../lib/model/flag.ts';
import { verdictRank } from '../../lib/pipeline/judging/judge.ts';
import { readDailyCounts } from '../../lib/records/daily-delivery.ts';
import { seededRandom } from '../fixtures/random.ts';
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

/** Quiet; with stuffed SQLs; with bought visits; with a bad month of acceptance. */
const kinds: readonly SmallOptions[] = [
  {},
  { stuffed: 40, acceptedInJune: 0.4 },
  { bought: 60 },
  { acceptedInJune: 0.5 },
];

interface Company {
  readonly seed: number;
  readonly options: SmallOptions;
}

/** Holds a law over companies of every kind, each of any seed: a law that only one kind can break must meet it. */
function everyKind(law: (companies: fc.Arbitrary<Company>) => void): void {
  for (const options of kinds)
    law(fc.record({ seed: fc.integer({ min: 1, max: 1_000_000 }), options: fc.constant(options) }));
}
const runs = (numRuns: number) => ({ seed: 20_260_922, numRuns });

const assess = (unit: SmallUnit) => judge(dataOf(unit)).assessments;
const verdicts = (assessments: readonly Assessment[]) =>
  assessments.map(({ period, kpi, verdict, counted, verified }) => ({
    period,
    kpi,
    verdict,
    counted,
    verified,
  }));
const found = (assessments: readonly Assessment[]) =>
  assessments.map(({ findings }) => findings.map(({ check, severity, p }) => ({ check, severity, p })));
const june = (assessments: readonly Assessment[], kpi: string) =>
  assessments.find((a) => a.period === judgedMonth && a.kpi === kpi)!;
const rank = (unit: SmallUnit) => verdictRank[june(assess(unit), 'sqls_delivered').verdict];

function shuffled<T>(values: readonly T[], seed: number): T[] {
  const random = seededRandom(seed);
  return values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

/** The unit with June's SQLs changed, the first `count` of those that `isMeant`. */
function withJune(
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

const isAccepted = (sql: Row<'sqls'>) => sql.disposition === 'accepted';
const pending = { disposition: 'pending', reason: null, decided_at: null, decided_by: null } as const;
const rejected = { disposition: 'rejected', reason: 'no_intent' } as const;

describe('a judgement', () => {
  it('raises something in some companies and nothing in others, so that the laws say something', () => {
    const worst = (options: SmallOptions) =>
      Math.max(...assess(smallUnit(1, options)).map((a) => verdictRank[a.verdict]));
    expect(worst({})).toBeLessThan(verdictRank.review);
    expect(worst({ stuffed: 40, acceptedInJune: 0.4 })).toBeGreaterThanOrEqual(verdictRank.review);
    expect(worst({ bought: 60 })).toBeGreaterThanOrEqual(verdictRank.review);
  });

  it('does not hang on the order of rows', () => {
    everyKind((companies) => {
      fc.assert(
        fc.property(companies, fc.integer(), ({ seed, options }, order) => {
          const unit = smallUnit(seed, options);
          const other = {
            series: shuffled(unit.series, order),
            leads: shuffled(unit.leads, order + 1),
            sqls: shuffled(unit.sqls, order + 2),
          };
          expect(assess(other)).toEqual(assess(unit));
        }),
        runs(2),
      );
    });
  });

  it('does not hang on the size of the bonus, and the money follows it', () => {
    everyKind((companies) => {
      fc.assert(
        fc.property(companies, fc.integer({ min: 2, max: 50 }), ({ seed, options }, times) => {
          const data = dataOf(smallUnit(seed, options));
          const once = judge(data).assessments;
          const more = judge(data, smallConfig(900 * times)).assessments;
          expect(verdicts(more)).toEqual(verdicts(once));
          expect(more.map((a) => [a.money.claimed, a.money.payable, a.money.held, a.money.refused])).toEqual(
            once.map((a) =>
              [a.money.claimed, a.money.payable, a.money.held, a.money.refused].map((m) => m * times),
            ),
          );
        }),
        runs(2),
      );
    });
  });

  it('is the same for a file and for its parts', async () => {
    const { series } = smallUnit(7, { bought: 60 });
    const header = 'date,source,medium,channel,unique_visitors,sessions,engaged_sessions\n';
    const lines = series.flatMap(({ dimensions: d, days }) =>
      Object.entries(days).map(
        ([day, m]) =>
          `${day},${d.source},${d.medium},${d.channel},${m.unique_visitors},${m.sessions},${m.engaged_sessions}\n`,
      ),
    );
    const read = async (parts: readonly (readonly string[])[]) => {
      const files = parts.map((part, i) => ({
        name: `traffic-${i}.csv`,
        open: async function* () {
          yield Buffer.from(header + part.join(''));
        },
      }));
      const context = {
        unit: 'all',
        zone: () => 'UTC',
        currency: 'USD',
        today: '2026-08-01',
        earliest: '1990-01-01',
      };
      const delivery = await readDailyCounts('traffic', files, { context });
      const unit = { ...smallUnit(7, { bought: 60 }), series: delivery.units.all!.series };
      return judge(dataOf(unit)).assessments;
    };
    const whole = await read([lines]);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: lines.length - 1 }), async (cut) => {
        expect(await read([lines.slice(0, cut), lines.slice(cut)])).toEqual(whole);
      }),
      runs(4),
    );
    expect(verdicts(whole)).toEqual(verdicts(assess(smallUnit(7, { bought: 60 }))));
  });

  it('stays as it was after one more ordinary day', () => {
    everyKind((companies) => {
      fc.assert(
        fc.property(companies, ({ seed, options }) => {
          const longer = smallUnit(seed, { ...options, days: 213 });
          const asOf = (day: string) =>
            judge(dataOf(longer), smallConfig(), day).assessments.filter((a) => a.period <= judgedMonth);
          expect(verdicts(asOf(addDays(lastDay, 1)))).toEqual(verdicts(asOf(lastDay)));
        }),
        runs(2),
      );
    });
  });

  it('knows nothing of what came after its date', () => {
    everyKind((companies) => {
      fc.assert(
        fc.property(companies, ({ seed, options }) => {
          const longer = smallUnit(seed, { ...options, days: 230 });
          const until = (time: string) => time < addDays(lastDay, 1);
          const known: SmallUnit = {
            series: longer.series.map((s) => ({
              ...s,
              days: Object.fromEntries(Object.entries(s.days).filter(([day]) => until(day))),
            })),
            leads: longer.leads.filter((l) => until(l.created_at)),
            sqls: longer.sqls
              .filter((s) => until(s.delivered_at))
              .map((s) => (until(s.decided_at ?? '') ? s : { ...s, ...pending })),
          };
          expect(verdicts(assess(longer))).toEqual(verdicts(assess(known)));
        }),
        runs(2),
      );
    });
  });

  it('does not hang on what the sources are called', () => {
    everyKind((companies) => {
      fc.assert(
        fc.property(companies, fc.integer({ min: 1, max: 999 }), ({ seed, options }, salt) => {
          const unit = smallUnit(seed, options);
          const name = (text: string | null | undefined) =>
            `${(text ?? '').split('').reverse().join('')}${salt}`;
          const other: SmallUnit = {
            ...unit,
            series: unit.series.map((s) => ({
              ...s,
              dimensions: {
                source: name(s.dimensions.source),
                medium: name(s.dimensions.medium),
                channel: name(s.dimensions.channel),
              },
            })),
            leads: unit.leads.map((l) => ({ ...l, source: name(l.source), medium: name(l.medium) })),
          };
          const [renamed, own] = [assess(other), assess(unit)];
          expect(verdicts(renamed)).toEqual(verdicts(own));
          expect(found(renamed)).toEqual(found(own));
        }),
        runs(2),
      );
    });
  });

  it('does not hang on what people are called', () => {
    everyKind((companies) => {
      fc.assert(
        fc.property(companies, fc.integer({ min: 1, max: 999 }), ({ seed, options }, salt) => {
          const unit = smallUnit(seed, options);
          const name = (person: string | null) => person && `${salt}-${person}-other`;
          const sqls = unit.sqls.map((s) => ({
            ...s,
            decided_by: name(s.decided_by),
            delivered_by: name(s.delivered_by),
            qualified_by: name(s.qualified_by),
          }));
          expect(assess({ ...unit, sqls })).toEqual(assess(unit));
        }),
        runs(2),
      );
    });
  });

  it('never finds less after more rejections', () => {
    everyKind((companies) => {
      fc.assert(
        fc.property(companies, fc.integer({ min: 1, max: 15 }), ({ seed, options }, step) => {
          const unit = smallUnit(seed, options);
          const ranks = [0, step, 2 * step, 4 * step].map((n) =>
            rank(withJune(unit, n, isAccepted, rejected)),
          );
          expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
        }),
        runs(2),
      );
    });
  });

  it('holds nothing pending against anyone', () => {
    // Far more may wait than could be refused without a finding, and none of it is overdue yet.
    const patient = {
      ...smallConfig(),
      agreement: { ...smallConfig().agreement, decideWithin: 'P30D' },
    };
    const late = (sql: Row<'sqls'>) => isAccepted(sql) && sql.delivered_at > '2026-06-06';
    let told = 0;
    everyKind((companies) => {
      fc.assert(
        fc.property(companies, fc.integer({ min: 5, max: 20 }), ({ seed, options }, count) => {
          const unit = smallUnit(seed, options);
          const at = (judged: SmallUnit) =>
            june(judge(dataOf(judged), patient, '2026-07-05').assessments, 'sqls_delivered');
          const decided = at(unit);
          const waiting = at(withJune(unit, count, late, pending));
          const refused = at(withJune(unit, count, late, rejected));
          expect(verdictRank[waiting.verdict]).toBeLessThanOrEqual(verdictRank[decided.verdict]);
          expect(verdictRank[waiting.verdict]).toBeLessThanOrEqual(verdictRank[refused.verdict]);
          expect(waiting.findings.map((f) => f.check)).toEqual(decided.findings.map((f) => f.check));
          expect(waiting.verified!.high).toBe(decided.verified!.high);
          if (refused.findings.length > decided.findings.length) told += 1;
        }),
        runs(3),
      );
    });
    // Refused instead of waiting they are a finding in some of these companies, or the law would say nothing.
    expect(told).toBeGreaterThan(0);
  });

  it('says nothing about what came before the start given', () => {
    expect(assess(smallUnit(3)).every((a) => a.period >= '2026-05')).toBe(true);
  });
});
