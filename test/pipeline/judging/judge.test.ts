import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readFolder } from '../../../lib/local/folder-data.ts';
import { configSchema } from '../../../lib/model/config.ts';
import type { Assessment } from '../../../lib/model/flag.ts';
import { noHolidays } from '../../../lib/model/holidays.ts';
import type { UnitData } from '../../../lib/model/unit-data.ts';
import { judgeUnit } from '../../../lib/pipeline/judging/judge.ts';
import { policiesOf, policyDigests } from '../../../lib/pipeline/judging/policy.ts';
import type { JudgeInput } from '../../../lib/pipeline/judging/unit-judgement.ts';
import { seededRandom } from '../../fixtures/random.ts';
import {
  configText,
  filesOf,
  judgedOn,
  type MadeCompany,
  madeCompany,
  overclaiming,
  withGap,
} from '../../local/made-company.ts';
import { workplace } from '../../local/workplace.ts';

const config = configSchema.parse(parse(configText));
const parsed = policiesOf(config);
if ('errors' in parsed) throw new RangeError('the limits do not fit');
const { policies } = parsed;

async function unitOf(company: MadeCompany): Promise<UnitData> {
  const { folder } = await workplace(filesOf(company));
  const { units } = await readFolder(`${folder}/data`, config, new Date());
  return units[0]!;
}

const input = (data: UnitData, over: Partial<JudgeInput> = {}): JudgeInput => ({
  config,
  policies,
  policyDigest: policyDigests(config, policies),
  data,
  asOf: judgedOn,
  isHoliday: noHolidays,
  calibration: null,
  decisions: new Map(),
  sealed: new Map(),
  ...over,
});
const of = (kpi: string, judged: { assessments: readonly Assessment[] }) =>
  judged.assessments.find((a) => a.kpi === kpi)!;

let honest: UnitData;
let claimed: UnitData;
beforeAll(async () => {
  honest = await unitOf(madeCompany());
  claimed = await unitOf(overclaiming(madeCompany()));
});

describe('the judgement of a unit', () => {
  it('is the same every time, whatever the order of its rows', () => {
    const random = seededRandom(3);
    const shuffled = <T>(list: readonly T[]) =>
      list
        .map((value) => [random(), value] as const)
        .sort((a, b) => a[0] - b[0])
        .map(([, value]) => value);
    const { records } = claimed;
    const mixed = {
      ...claimed,
      traffic: claimed.traffic.map((s) => ({ ...s, series: shuffled(s.series) })),
      records: Object.fromEntries(
        Object.entries(records).map(([d, rows]) => [d, shuffled(rows as object[])]),
      ),
    } as unknown as UnitData;
    expect(judgeUnit(input(mixed))).toEqual(judgeUnit(input(claimed)));
  });

  it('holds every plan KPI of every complete period from its start on once, and nothing without data', () => {
    const { assessments, errors } = judgeUnit(input(honest));
    expect(assessments.map((a) => `${a.kpi} ${a.period}`).sort()).toEqual([
      'leads 2025-07',
      'sqls_delivered 2025-07',
      'visitors 2025-07',
    ]);
    expect(errors).toEqual([]);
    expect(judgeUnit(input(honest, { asOf: '2025-07-30' })).assessments).toEqual([]);
    const empty = { ...honest, traffic: [], records: { ...honest.records, leads: [], sqls: [], claims: [] } };
    const none = judgeUnit(input(empty, { config: { ...config, start: undefined } }));
    expect(none).toEqual({ unit: 'all', assessments: [], weighings: [], unattached: [], errors: [] });
  });

  it('keeps every outcome of a check: each applicable one has passed, failed, or says why it could not tell', () => {
    const { findings, outcomes } = of('leads', judgeUnit(input(honest)));
    const told = [...findings.map((f) => f.check), ...outcomes.map((o) => o.check)];
    for (const check of [
      'claim-mismatch',
      'restated',
      'late-entry',
      'leads-without-traffic',
      'duplicate-leads',
    ])
      expect(told).toContain(check);
    expect(outcomes.filter((o) => o.status === 'error')).toEqual([]);
  });

  it('counts a check of several KPIs for each of them, also where it passes', () => {
    const judged = judgeUnit(input(honest));
    const told = (kpi: string) => of(kpi, judged).outcomes.map((o) => o.check);
    expect(['visitors', 'leads', 'sqls_delivered'].map((kpi) => told(kpi).includes('too-smooth'))).toEqual([
      true,
      true,
      false,
    ]);
    expect(told('leads')).toContain('period-end-surge');
  });

  it('tells of a source that is late as of the date of the run, and of no date before', () => {
    const expecting = {
      ...config,
      sources: config.sources.map((s) =>
        s.id === 'crm' ? { ...s, expect: { every: 'P1D', by: '06:00' } } : s,
      ),
    };
    const checksOf = (landedOn: string) =>
      of(
        'leads',
        judgeUnit(input(honest, { config: expecting, landed: new Map([['crm', landedOn]]) })),
      ).findings.map((f) => f.messageId);
    expect(checksOf('2025-07-31')).toContain('lateSource');
    expect(checksOf('2025-08-01')).not.toContain('lateSource');
    expect(
      of('leads', judgeUnit(input(honest, { config: expecting }))).findings.map((f) => f.messageId),
    ).not.toContain('lateSource');
  });

  it('is null at ripe before that date, and raised on the first date it stood at review', () => {
    const before = of('sqls_delivered', judgeUnit(input(claimed, { asOf: '2025-08-04' })));
    expect([before.state, before.atRipe]).toEqual(['ended', null]);
    const after = of('sqls_delivered', judgeUnit(input(claimed)));
    expect(after).toMatchObject({
      state: 'ripe',
      verdict: 'suspect',
      atRipe: 'suspect',
      raisedOn: '2025-08-05',
    });
    expect(of('leads', judgeUnit(input(claimed))).raisedOn).toBeNull();
  });

  it('uses only what was known: a claim counts from the day it was reported', () => {
    const at = (asOf: string) => of('leads', judgeUnit(input(honest, { asOf })));
    expect(at('2025-08-03')).toMatchObject({ claimed: null, claimedFrom: 'awaiting_claim' });
    expect(at('2025-08-03').money).toMatchObject({ claimed: 0, payable: 0, held: 0 });
    expect(at('2025-08-04').claimedFrom).toBe('claims');
  });

  it('without a claims source takes what was counted as claimed', () => {
    const without = { ...config, sources: config.sources.filter((s) => s.dataset !== 'claims') };
    const data = { ...honest, records: { ...honest.records, claims: [] } };
    const leads = of('leads', judgeUnit(input(data, { config: without })));
    expect([leads.claimed, leads.claimedFrom]).toEqual([leads.counted, 'counted']);
    expect(leads.outcomes.find((o) => o.check === 'claim-mismatch')?.status).toBe('not_applicable');
  });

  it('cannot certify visitors of whom more than a tenth of the days are missing', async () => {
    const { verdict, reasons } = of('visitors', judgeUnit(input(await unitOf(withGap(madeCompany())))));
    expect(verdict).toBe('unable_to_certify');
    expect(reasons.length).toBeGreaterThan(0);
  });

  it('pays, holds and refuses together exactly what the claim would pay', () => {
    for (const data of [honest, claimed])
      for (const asOf of ['2025-08-01', '2025-08-04', '2025-08-14', judgedOn])
        for (const { money } of judgeUnit(input(data, { asOf })).assessments)
          expect(money.payable + money.held + money.refused).toBe(money.claimed);
  });

  it('marks a sealed period and follows a decision: nothing is held then', () => {
    const sealed = judgeUnit(input(claimed, { sealed: new Map([['2025-07', '2025-08-18']]) }));
    expect(sealed.assessments.map((a) => a.state)).toEqual(['sealed', 'sealed', 'sealed']);
    const decision = {
      kind: 'cleared',
      reason: 'data_error',
      comment: 'the claim was a typing error',
      by: ['a', 'b'],
      at: '2025-08-12',
    };
    const key = 'director|sqls_delivered|all|2025-07';
    const decided = judgeUnit(input(claimed, { decisions: new Map([[key, decision as never]]) }));
    expect(of('sqls_delivered', decided).money.held).toBe(0);
  });
});
