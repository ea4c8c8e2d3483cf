import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exampleFolder } from '../../lib/local/demo-command.ts';
import { run } from '../../lib/local/run-command.ts';
import { configSchema } from '../../lib/model/config.ts';
import type { ReportDocument } from '../../lib/reports/report-json.ts';

let cwd: string;
let report: ReportDocument;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'bonafide-example-'));
  const stage = {
    cwd,
    now: () => new Date('2026-09-20T06:00:00Z'),
    out: () => {},
    err: () => {},
    isTerminal: false,
    env: process.env,
  };
  await run(
    { config: join(exampleFolder, 'bonafide.yaml'), data: exampleFolder, out: 'out', asOf: '2026-09-20' },
    stage,
  );
  report = JSON.parse(await readFile(join(cwd, 'out', 'report.json'), 'utf8'));
}, 120_000);
afterAll(() => rm(cwd, { recursive: true, force: true }));

describe('the report of the example', () => {
  it('shows that half of the hand-overs of the gamed months did not qualify', () => {
    const { raised, ordinary } = report.business!.handOvers!;
    expect(raised!.months).toEqual(['2026-05', '2026-06', '2026-07', '2026-08']);
    expect([raised!.notQualified, raised!.delivered]).toEqual([200, 403]);
    expect(raised!.share.low).toBeLessThan(0.5);
    expect(raised!.share.high).toBeGreaterThan(0.5);
    expect(ordinary!.share.value).toBeLessThan(0.16);
    expect(report.meeting[0]).toMatch(/^50 % of the hand-overs of May to August did not qualify \(15 %/);
  });

  it('names the bought source and its cost per lead', () => {
    const bought = report.business!.sources.filter((s) => s.isQuestioned);
    expect(bought.map((s) => s.source)).toEqual(['trafficboost.example / referral']);
    expect(bought[0]!.firstSeen).toBe('2026-05-01');
    // USD 267, as the example's README says.
    expect(Math.round(bought[0]!.perLead!.value / 100)).toBe(267);
    const others = report.business!.sources.filter((s) => !s.isQuestioned && s.perLead !== null);
    expect(others.length).toBeGreaterThan(0);
    for (const s of others) expect(s.perLead!.high!, s.source).toBeLessThan(bought[0]!.perLead!.low);
  });

  it('calls visitors fluff, on two years of weeks', () => {
    const visitors = report.business!.worth.find((w) => w.kpi === 'visitors')!;
    expect(visitors.worth).toBe('fluff');
    const weak = visitors.predictions.find((p) => p.label === 'weak predictor')!;
    expect(weak.pairs).toBeGreaterThan(80);
    expect(weak.rho!.high).toBeLessThan(0.3);
    expect(weak.fluff!.value).toBeGreaterThan(70);
    expect(visitors.predictions.some((p) => p.label === 'useful')).toBe(false);
  });

  it('proposes the two joint KPIs that would serve, ready for the plan', () => {
    const { jointKpis } = report.business!;
    expect(jointKpis.map((k) => [k.kpi, k.origins, k.inPlans])).toEqual([
      ['sqls_accepted', [], []],
      ['revenue', ['marketing'], []],
    ]);
    for (const { yaml } of jointKpis) {
      const plan = { id: 'joint', title: 'Joint', side: 'sales', bonus: 1, ...parse(yaml) };
      const config = {
        organisation: 'A',
        timezone: 'UTC',
        currency: 'USD',
        sources: [{ id: 's', dataset: 'sqls' }],
      };
      expect(configSchema.safeParse({ ...config, plans: [plan] }).success, yaml).toBe(true);
    }
  });

  it('finds what the plan itself gets wrong, with blocks that can be read', () => {
    const { planDefects } = report.business!;
    expect(planDefects.map((d) => d.rule)).toEqual([
      'traffic-paid',
      'visitors-by-daily-sum',
      'target-never-reached',
      'hand-overs-without-acceptance',
      'target-never-reached',
      'cliff',
      'no-quality-kpi',
      'fluff-weight',
      'no-shared-kpi',
      'agreement-incomplete',
    ]);
    for (const { yaml } of planDefects) expect(parse(yaml), yaml).toBeTypeOf('object');
  });

  it('says the goal, the SQLs that feed it, and no more than five lines for the meeting', () => {
    const { goal, need } = report.business!;
    expect(goal).toMatchObject({ year: '2026', target: 120_000_000 });
    expect(need!.accepted.value).toBeCloseTo(need!.quota / (need!.averageWon * need!.winRate.value), 1);
    expect(report.meeting).toHaveLength(5);
  });

  it('agrees with itself: stages, months and origins add up', () => {
    const { handOvers, origins } = report.business!;
    for (const m of handOvers!.months)
      expect(m.accepted + m.notQualified + m.pending, m.month).toBe(m.delivered);
    const each = origins.slice(0, -1);
    const all = origins.at(-1)!;
    for (const of of ['leads', 'accepted', 'won', 'revenue'] as const)
      expect(
        each.reduce((sum, o) => sum + o[of]!, 0),
        of,
      ).toBe(all[of]);
  });
});
