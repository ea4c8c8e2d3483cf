import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Assessment } from '../../../lib/model/flag.ts';
import { documentOf } from '../../../lib/pipeline/find-assessment.ts';
import { flag } from '../../../lib/pipeline/flag.ts';
import { acrossUnits } from '../../../lib/pipeline/judging/across-units.ts';
import type { UnitJudgement } from '../../../lib/pipeline/judging/unit-judgement.ts';
import { plan } from '../../../lib/pipeline/plan.ts';
import { configText } from '../../local/made-company.ts';
import { dataOf, judge, judgedMonth, smallConfig, smallUnit } from '../small-unit.ts';
import { pipelineWorld } from '../world.ts';

const ids = ['north', 'south', 'east', 'west', 'middle'];
/** Five units under limits by which one in twenty quiet findings stands at review: one look each would let luck through. */
const loose = (units = ids, combine: 'each' | 'all' = 'each') => {
  const config = smallConfig();
  return {
    ...config,
    units: units.map((id) => ({ id })),
    plans: [{ ...config.plans[0]!, kpis: config.plans[0]!.kpis.map((k) => ({ ...k, target: 40 })), combine }],
    checks: { 'acceptance-shortfall': { reviewP: 0.05, watchP: 0.05 } },
  };
};
/** Judges a company's units; of the first, fewer SQLs than usual are accepted in June. */
const judged = (config: ReturnType<typeof loose>, accepted: number, asOf?: string): UnitJudgement[] =>
  config.units.map(({ id }, i) => {
    const unit = smallUnit(13 + i, i === 0 ? { acceptedInJune: accepted } : {});
    return judge({ ...dataOf(unit), unit: id }, config, asOf);
  });
const sqlsOf = (unit: string, all: readonly Assessment[]) =>
  all.find((a) => a.unit === unit && a.kpi === 'sqls_delivered' && a.period === judgedMonth)!;
const shortfall = (a: Assessment) => a.findings.find((f) => f.check === 'acceptance-shortfall');

describe('the judgements of all units together', () => {
  const alone = judged(loose(), 0.6);
  const north = sqlsOf('north', alone[0]!.assessments);

  it('keep what stands at review in one unit of five where it passes Benjamini-Hochberg over them', () => {
    const strong = judged(loose(), 0.2);
    expect(shortfall(sqlsOf('north', strong[0]!.assessments))!.severity).toBe('review');
    expect(acrossUnits(strong)).toEqual(strong.flatMap((j) => j.assessments));
  });

  it('count it at watch where it does not, and verdict, verified value and money follow', () => {
    const { p, severity } = shortfall(north)!;
    expect([severity, p! > 0.02 && p! <= 0.05, north.verdict]).toEqual(['review', true, 'review']);
    expect(north.verified!.high).toBeLessThan(north.counted!);
    const together = sqlsOf('north', acrossUnits(alone));
    expect(shortfall(together)!.severity).toBe('watch');
    expect(together).toMatchObject({ verdict: 'watch', raisedOn: null, atRipe: 'watch' });
    expect(together.verified!.high).toBe(north.counted);
    expect(together.money.held).toBe(0);
    expect(together.money.payable + together.money.refused).toBe(together.money.claimed);
    expect(together.money.claimed).toBe(north.money.claimed);
    expect(together.score).toBeGreaterThan(north.score!);
  });

  it('leave every other judgement the very object it was', () => {
    const given = new Set(alone.flatMap((j) => j.assessments));
    const changed = acrossUnits(alone).filter((a) => !given.has(a));
    expect(changed.map((a) => `${a.unit} ${a.kpi} ${a.period}`)).toEqual([
      `north sqls_delivered ${judgedMonth}`,
    ]);
  });

  it('are the same whatever the order of the units', () => {
    const byUnit = (all: readonly Assessment[]) => [...all].sort((a, b) => (a.unit < b.unit ? -1 : 1));
    expect(byUnit(acrossUnits([...alone].reverse()))).toEqual(byUnit(acrossUnits(alone)));
  });

  it('are compared from five units up: four keep what they came to alone', () => {
    const four = judged(loose(ids.slice(0, 4)), 0.6);
    expect(four.flatMap((j) => j.weighings)).toEqual([]);
    expect(acrossUnits(four)).toEqual(four.flatMap((j) => j.assessments));
    expect(sqlsOf('north', acrossUnits(four)).verdict).toBe('review');
  });

  it('judge the dates one by one: at ripe, when due and as of the last', () => {
    const dates = alone[0]!.weighings.filter((w) => w.kpi === 'sqls_delivered' && w.period === judgedMonth);
    expect(dates.map((w) => w.date)).toEqual(['2026-07-15', '2026-07-29', '2026-07-31']);
    const early = judged(loose(), 0.6, '2026-07-16');
    expect(sqlsOf('north', acrossUnits(early)).atRipe).toBe('watch');
  });

  it('join the money of a plan again that pays only when every KPI is met', () => {
    const joint = judged(loose(ids, 'all'), 0.6);
    const before = joint[0]!.assessments.filter((a) => a.period === judgedMonth);
    const after = acrossUnits(joint).filter((a) => a.unit === 'north' && a.period === judgedMonth);
    for (const [i, { money }] of after.entries()) {
      expect(money.payable + money.held + money.refused).toBe(money.claimed);
      expect(money.claimed).toBe(before[i]!.money.claimed);
    }
    expect(before.some((a) => a.money.held > 0)).toBe(true);
    expect(after.every((a) => a.money.held === 0)).toBe(true);
  });

  it('are what the flags and their evidence say, the same in every run', async () => {
    const text = stringify({
      ...parse(configText),
      units: ids.map((id) => ({ id })),
    });
    const world = await pipelineWorld(text);
    const flagged = async (now: string) => {
      world.clock.now = now;
      const planned = await plan({ kind: 'daily', scheduledAt: now }, world.ports);
      for (const judgement of alone) await world.judgementOf(planned.runId, judgement);
      const job = { runId: planned.runId, token: planned.token, asOf: '2026-07-31' };
      const summary = await flag(job, world.ports);
      await world.ports.runs.releaseLease(planned.token);
      return summary;
    };
    const first = await flagged('2026-07-31T06:00:00.000Z');
    expect(first.changed).toBe(first.assessments);
    const stored = (await world.ports.flags.listAssessments()).map(documentOf);
    const kept = sqlsOf('north', stored);
    expect(kept.verdict).toBe('watch');
    const { evidence, ...said } = kept;
    expect(await world.ports.evidence.getJson(evidence!)).toEqual({ ...said, evidence: null });
    expect((await flagged('2026-07-31T18:00:00.000Z')).changed).toBe(0);
  });
});
