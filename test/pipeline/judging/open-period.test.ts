import { describe, expect, it } from 'vitest';
import { addDays, type Day } from '../../../lib/model/day.ts';
import type { Outcome } from '../../../lib/model/finding.ts';
import { isRaised } from '../../../lib/model/flag.ts';
import { noHolidays } from '../../../lib/model/holidays.ts';
import { parsePeriod } from '../../../lib/model/period.ts';
import { judgedPart, sobered } from '../../../lib/pipeline/judging/open-period.ts';
import { historiesOf } from '../../../lib/pipeline/judging/unit-history.ts';
import { aFinding } from '../../reports/sample.ts';
import { dataOf, judge, judgedMonth, type SmallOptions, smallConfig, smallUnit } from '../small-unit.ts';

const config = smallConfig();
const openOn = (asOf: Day, seed: number, options: SmallOptions = {}) =>
  judge(dataOf(smallUnit(seed, options)), config, asOf, 'running').assessments.filter(
    (a) => a.state === 'open',
  );

describe('an open period', () => {
  it('has a verdict as soon as a finding stands at review, on the days that are final', () => {
    const [visitors, ...more] = openOn('2026-06-20', 5, { bought: 80 });
    expect(more).toEqual([]);
    expect(visitors).toMatchObject({
      kpi: 'visitors',
      period: judgedMonth,
      verdict: 'review',
      claimed: null,
      claimedFrom: 'awaiting_claim',
      atRipe: null,
    });
    expect(visitors!.findings.some((f) => f.severity === 'review')).toBe(true);
    // Visits settle in two days, and the judging date is not over.
    expect(visitors!.reasons).toContain('the period is open: judged are its first 18 of 30 days');
  });

  it('holds and pays no money: nothing can be claimed before it is over', () => {
    const unit = smallUnit(5, { bought: 80 });
    const claim = {
      period: judgedMonth,
      kpi: 'visitors',
      value: 9000,
      reported_at: '2026-06-10',
      version: 1,
    };
    const data = dataOf(unit);
    const claims = [{ ...claim, note: null, plan: null, unit: null, key_version: '1' }] as never;
    const withClaims = {
      ...config,
      sources: [...config.sources, { ...config.sources[0]!, id: 'claims', dataset: 'claims' as const }],
    };
    const records = { ...data.records, claims };
    const { assessments } = judge({ ...data, records }, withClaims, '2026-06-20', 'running');
    const open = assessments.filter((a) => a.state === 'open');
    expect(open.map((a) => [a.claimed, a.money.claimed, a.money.held, a.money.payable])).toEqual([
      [null, 0, 0, 0],
    ]);
  });

  it('has no verdict where nothing stands at review, and none at all in a replay', () => {
    expect(openOn('2026-06-20', 5)).toEqual([]);
    const replay = judge(dataOf(smallUnit(5, { bought: 80 })), config, '2026-06-20');
    expect(replay.assessments.every((a) => a.state !== 'open')).toBe(true);
  });

  it('becomes the judgement of the whole period when it is over', () => {
    const data = dataOf(smallUnit(5, { bought: 80 }));
    const { assessments } = judge(data, config, '2026-07-10', 'running');
    const june = assessments.find((a) => a.kpi === 'visitors' && a.period === judgedMonth);
    expect(june?.state).toBe('ripe');
    expect(june).toEqual(
      judge(data, config, '2026-07-10').assessments.find(
        (a) => a.kpi === 'visitors' && a.period === judgedMonth,
      ),
    );
  });

  it('is not judged by what only a whole period can tell', () => {
    const [visitors] = openOn('2026-06-20', 5, { bought: 80 });
    const told = [...visitors!.outcomes.map((o) => [o.check, o.status])];
    for (const check of ['claim-mismatch', 'restated', 'just-over-target', 'stop-after-target'])
      expect(told).toContainEqual([check, 'not_applicable']);
  });

  it('ends with the last day every dataset has told of: a file on its way is no drop', () => {
    const unit = smallUnit(5);
    const until = (day: Day) => ({
      ...unit,
      leads: unit.leads.filter((l) => l.created_at < day),
    });
    const historyOf = (of: typeof unit) =>
      historiesOf(dataOf(of), config.agreement, noHolidays)('2026-06-20')!;
    const june = parsePeriod(judgedMonth);
    expect(judgedPart(config, historyOf(unit), june, noHolidays)?.to).toBe('2026-06-19');
    expect(judgedPart(config, historyOf(until('2026-06-12')), june, noHolidays)?.to).toBe('2026-06-12');
    expect(judgedPart(config, historyOf(until('2026-06-01')), june, noHolidays)).toBeNull();
  });

  it('keeps a statistical finding at review only where its p bears a look on every day of the period', () => {
    const june = parsePeriod(judgedMonth);
    const at = (p: number | null, proof = false) => {
      const finding = aFinding({ severity: 'review', p, proof });
      const [outcome] = sobered([{ check: finding.check, status: 'fail', finding }] as Outcome[], june);
      return outcome!.status === 'fail' ? outcome!.finding.severity : null;
    };
    expect([at(1e-3 / 30), at(1e-3 / 29)]).toEqual(['review', 'watch']);
    expect([at(0.5, true), at(null)]).toEqual(['review', 'review']);
  });

  it('is raised in no more quiet companies on any of its days than whole periods are', () => {
    let open = 0;
    let whole = 0;
    for (let seed = 1; seed <= 12; seed += 1) {
      const data = dataOf(smallUnit(seed));
      const raised = new Set<string>();
      for (let day = '2026-06-04'; day < '2026-06-30'; day = addDays(day, 3))
        for (const a of judge(data, config, day, 'running').assessments)
          if (a.state === 'open' && isRaised(a.verdict)) raised.add(a.kpi);
      open += raised.size;
      whole += judge(data, config).assessments.filter(
        (a) => a.period === judgedMonth && isRaised(a.verdict),
      ).length;
    }
    expect([open, whole]).toEqual([0, 0]);
  });
});
