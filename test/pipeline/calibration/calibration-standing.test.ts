import { describe, expect, it } from 'vitest';
import { ledgerIn } from '../../../lib/evidence/ledger.ts';
import { configSchema } from '../../../lib/model/config.ts';
import type { CalibrationResult } from '../../../lib/pipeline/calibration/calibration-result.ts';
import { calibrationAt, keepCalibration } from '../../../lib/pipeline/calibration/calibration-standing.ts';
import { calibrationsChain } from '../../../lib/pipeline/decisions.ts';
import { policiesOf, policyDigests } from '../../../lib/pipeline/judging/policy.ts';
import { evidenceWorld } from '../../evidence/bucket.ts';

const configWith = (target: number, checks = {}) =>
  configSchema.parse({
    organisation: 'Made',
    timezone: 'UTC',
    currency: 'USD',
    sources: [{ id: 'crm', dataset: 'leads' }],
    plans: [{ id: 'director', title: 'D', side: 'marketing', bonus: 1, kpis: [{ kpi: 'leads', target }] }],
    checks,
  });
const config = configWith(300);

function digestFor(of: typeof config) {
  const read = policiesOf(of);
  if ('errors' in read) throw new Error('unexpected');
  return policyDigests(of, read.policies);
}

const result: CalibrationResult = {
  schema: 'bonafide/calibration/1',
  date: '2026-09-20',
  factor: 0.4,
  rate: 0.01,
  upperBound: 0.03,
  confidence: 0.9,
  budget: 0.1,
  planYears: 200,
  falseSuspects: 2,
  unscaled: { falseSuspects: 30, rate: 0.15 },
  replayed: 60,
  setAside: [],
  simulated: [],
  leftOut: [],
  nearest: [],
  policies: { director: digestFor(config)(config.plans[0]!) },
  versions: {},
};

/** A new ledger with the results given kept in it, one after the other. */
async function kept(...results: CalibrationResult[]) {
  const { bucket, objects } = await evidenceWorld();
  const ports = { evidence: objects, ledger: ledgerIn(bucket) };
  const last = [];
  for (const one of results) last.push(await keepCalibration(one, ports));
  const entries = await ports.ledger.read(calibrationsChain);
  return {
    ...ports,
    entries,
    last: last.at(-1),
    standing: (of = config, asOf = '2026-10-01') => calibrationAt(entries, of, digestFor(of), asOf),
  };
}

describe('the calibration in force', () => {
  it('is none before the first', async () => {
    expect((await kept()).standing()).toEqual({ calibration: null, factor: null });
  });

  it('is the last one kept, which scales the limit', async () => {
    const { last, evidence, standing } = await kept({ ...result, factor: 1 }, result);
    expect(last!.isNew).toBe(true);
    expect(await evidence.getJson(last!.digest)).toMatchObject({ falseSuspects: 2 });
    const { calibration, factor } = standing();
    expect(factor).toBe(0.4);
    expect(calibration).toEqual({
      date: '2026-09-20',
      factor: 0.4,
      rate: 0.01,
      upperBound: 0.03,
      confidence: 0.9,
      planYears: 200,
      problem: null,
    });
  });

  it('is kept once', async () => {
    const { last, entries } = await kept(result, result);
    expect(last!.isNew).toBe(false);
    expect(entries).toHaveLength(1);
  });

  it('is an earlier one again when that is made again', async () => {
    const { last, entries, standing } = await kept(result, { ...result, factor: 1 }, result);
    expect(last!.isNew).toBe(true);
    expect(entries).toHaveLength(3);
    expect(standing().factor).toBe(0.4);
  });

  it('no longer holds after 400 days', async () => {
    const { standing } = await kept(result);
    expect(standing(config, '2027-10-25').factor).toBe(0.4);
    const { calibration, factor } = standing(config, '2027-10-26');
    expect(factor).toBeNull();
    expect(calibration?.problem).toBe('it is older than 400 days');
  });

  it('no longer holds once a target or a limit of a check has changed', async () => {
    const { standing } = await kept(result);
    expect(standing(configWith(301)).calibration?.problem).toMatch('has changed');
    const other = configWith(300, { 'duplicate-leads': { minRecords: 6 } });
    expect(standing(other).factor).toBeNull();
  });

  it('does not hold when its rate could not be brought inside the budget', async () => {
    const { calibration, factor } = (await kept({ ...result, upperBound: 0.11 })).standing();
    expect(factor).toBeNull();
    expect(calibration?.problem).toMatch('below the budget');
  });
});
