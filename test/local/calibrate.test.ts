import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { calendarOf } from '../../lib/local/calendar-of.ts';
import { exampleFolder } from '../../lib/local/demo-command.ts';
import { readFolder } from '../../lib/local/folder-data.ts';
import { readConfiguration } from '../../lib/local/read-configuration.ts';
import { calibrate, calibrationMethod } from '../../lib/pipeline/calibration/calibrate.ts';
import { judgeUnit } from '../../lib/pipeline/judging/judge.ts';
import { policyDigests } from '../../lib/pipeline/judging/policy.ts';
import { configText, filesOf, judgedOn, madeCompany } from './made-company.ts';
import { fresh, told, workplace } from './workplace.ts';

/** Enough plan-years to bound the rate below the budget, far fewer than the command simulates. */
const short = { ...calibrationMethod, planYears: 25 };
const options = { config: 'bonafide.yaml', data: 'data', asOf: judgedOn };

const calibrateIn = async (folder: string, extra: object = {}, method = short) => {
  const { calibration } = await fresh(() => import('../../lib/local/calibrate-command.ts'));
  return told(folder, (stage) => calibration({ ...options, ...extra }, stage, method));
};
const backtestIn = async (folder: string) => {
  const { backtest } = await fresh(() => import('../../lib/local/backtest-command.ts'));
  return told(folder, (stage) => backtest({ ...options, out: 'replayed', json: true }, stage));
};

describe('bonafide calibrate', () => {
  it('is found by run, which says when it is missing, holds, or is stale', async () => {
    const place = await workplace(filesOf(madeCompany()));
    expect((await place.run()).out).toContain('Not calibrated');
    const made = await calibrateIn(place.folder);
    expect(made.code).toBe(0);
    expect(made.out).toContain('False suspects a plan and year: 0, at most 0.0');
    expect((await place.run()).out).toContain('Calibrated on 2025-08-20: at most');
    const report = JSON.parse(await place.read('out/report.json'));
    expect(report.calibration).toMatchObject({ date: judgedOn, rate: 0, problem: null });
    expect(await place.read('out/report.html')).toContain('Calibrated on');
    await place.write({ 'bonafide.yaml': configText.replace(/target: \d+/, 'target: 7') });
    expect((await place.run()).out).toContain('no longer holds');
  }, 120_000);

  it('keeps its result as evidence that verifies, and the same result once', async () => {
    const place = await workplace(filesOf(madeCompany()));
    const first = JSON.parse((await calibrateIn(place.folder, { json: true })).out);
    const second = JSON.parse((await calibrateIn(place.folder, { json: true })).out);
    expect(first).toMatchObject({ schema: 'bonafide/calibration/1', isNew: true, falseSuspects: 0 });
    expect(second).toEqual({ ...first, isNew: false });
    const evidence = join(place.folder, '.bonafide/s3/evidence');
    expect(await readdir(join(evidence, 'ledger/calibrations'))).toHaveLength(1);
    const { verify } = await fresh(() => import('../../lib/local/verify-command.ts'));
    expect((await told(place.folder, (stage) => verify(undefined, {}, stage))).out).toContain(
      'everything holds',
    );
  }, 120_000);

  it('does not hold for backtest when it bounds the rate above the budget', async () => {
    const place = await workplace(filesOf(madeCompany()));
    const made = await calibrateIn(place.folder, {}, { ...short, planYears: 1 });
    expect(made.code).toBe(0);
    expect((await place.run()).out).toContain('could not bring the rate');
    expect((await backtestIn(place.folder)).code).toBe(0);
  }, 120_000);

  it('refuses a history too short, a bad file and a bad date, and leaves no calibration', async () => {
    const place = await workplace({ ...filesOf(madeCompany()), 'leads.csv': 'lead_id\nL-1\n' });
    expect(await calibrateIn(place.folder)).toMatchObject({ code: 3 });
    expect(await calibrateIn(place.folder, { asOf: '2025-02-30' })).toMatchObject({ code: 3 });
    await place.write(
      Object.fromEntries(Object.entries(filesOf(madeCompany())).map(([n, t]) => [`data/${n}`, t])),
    );
    const early = await calibrateIn(place.folder, { asOf: '2025-02-10' });
    expect(early.code).toBe(3);
    expect(early.err).toContain('too little to simulate from');
  }, 60_000);
});

describe('the example, once calibrated', () => {
  it('calls the gamed months of its end suspect, and stops at review without', async () => {
    const { config, policies } = await readConfiguration(join(exampleFolder, 'bonafide.yaml'));
    const { units } = await readFolder(exampleFolder, config, new Date('2026-09-20'));
    const base = {
      config: { ...config, start: '2026-03-01' },
      policies,
      policyDigest: policyDigests(config, policies),
      asOf: '2026-09-20',
      isHoliday: await calendarOf(config),
      decisions: new Map(),
    };
    const result = calibrate({ ...base, units }, { ...calibrationMethod, planYears: 2 })!;
    expect(result.falseSuspects).toBe(0);
    const verdict = (calibration: number | null) => {
      const judged = judgeUnit({ ...base, data: units[0]!, dates: 'ripe', calibration, sealed: new Map() });
      const found = judged.assessments.filter((a) => a.period === '2026-08');
      return Object.fromEntries(found.map((a) => [a.kpi, a.verdict]));
    };
    expect(verdict(null)).toMatchObject({ visitors: 'review', sqls_delivered: 'review' });
    expect(verdict(result.factor)).toMatchObject({ visitors: 'suspect', sqls_delivered: 'suspect' });
  }, 120_000);
});
