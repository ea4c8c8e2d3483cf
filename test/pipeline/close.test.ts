import { describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../lib/evidence/verify.ts';
import { digestOf } from '../../lib/model/canonical-json.ts';
import type { Assessment } from '../../lib/model/flag.ts';
import { close, NotRipeError, sealPeriod, statementsAt } from '../../lib/pipeline/close.ts';
import type { CloseObject } from '../../lib/pipeline/close-object.ts';
import { decide } from '../../lib/pipeline/decide.ts';
import { closesChain, sealedIn } from '../../lib/pipeline/decisions.ts';
import type { PayrollLine } from '../../lib/pipeline/payroll.ts';
import { recordTrueUps, restatementsChain, trueUpsIn } from '../../lib/pipeline/restatement-ledger.ts';
import type { Lease } from '../../lib/store/runs-store.ts';
import { anAssessment, anSqlFlag } from '../reports/sample.ts';
import { pipelineWorld } from './world.ts';

// Ripe four days after its end, paid after fifteen.
const plan = { plan: 'director', planTitle: "Director's bonus" };
const held = { currency: 'USD', claimed: 33333, payable: 0, held: 33333, refused: 0, waiting: 0 };
const whole = { ...held, claimed: 33334, payable: 33334, held: 0 };
const sqls = (over: Partial<Assessment> = {}) =>
  anSqlFlag({ ...plan, period: '2025-07', target: 60, money: held, ...over });
const july = [anAssessment({ ...plan, period: '2025-07', money: whole }), sqls()];
const june = [anAssessment({ ...plan, period: '2025-06', money: whole })];

async function judged(assessments = [...june, ...july]) {
  const world = await pipelineWorld();
  await world.flagged({ assessments });
  const { ports } = world;
  const seal = (period: string, asOf = '2025-08-20') => sealPeriod(period, asOf, ports);
  const payroll = async (period: string) => {
    const bytes = await ports.reports.get(`reports/payroll/${period}/payable.json`);
    return (JSON.parse(Buffer.from(bytes!).toString()) as { lines: PayrollLine[] }).lines;
  };
  const decideSqls = async (kind: 'cleared' | 'confirmed') => {
    const flag = 'director/sqls_delivered/2025-07';
    const act = {
      act: 'propose',
      flag,
      kind,
      value: null,
      reason: 'other',
      comment: 'x',
      instead: false,
    } as const;
    await decide(act, { name: 'Sam', party: 'sales' }, ports);
    await decide({ act: 'approve', flag }, { name: 'Fay', party: 'finance' }, ports);
  };
  return { ...world, seal, payroll, decideSqls };
}

describe('seal a period', () => {
  it('keeps every judgement of it for good, open flags included, and changes nothing the second time', async () => {
    const { ports, seal } = await judged();
    const first = await seal('2025-07');
    expect(first.isNew).toBe(true);
    expect(await ports.evidence.getJson(first.digest)).toMatchObject({
      schema: 'bonafide/close/1',
      period: '2025-07',
      assessments: [
        { kpi: 'sqls_delivered', verdict: 'suspect', money: { held: 33333 } },
        { kpi: 'visitors', verdict: 'clear' },
      ],
    });
    expect(await seal('2025-07', '2025-09-20')).toEqual({ ...first, isNew: false });
    expect(sealedIn(await ports.ledger.read(closesChain))).toEqual(new Map([['2025-07', '2025-08-20']]));
    const open = await ports.flags.listOpenFlags('9999-12-31');
    expect(open.map((f) => f.kpi)).toEqual(['sqls_delivered']);
  });

  it('seals periods in any order', async () => {
    const { seal } = await judged();
    await seal('2025-07');
    expect(await seal('2025-06')).toMatchObject({ isNew: true });
  });

  it('refuses one that is not ripe, naming the KPI and the date, or that nothing was judged in', async () => {
    const { seal } = await judged();
    await expect(seal('2025-07', '2025-08-04')).rejects.toThrow(NotRipeError);
    await expect(seal('2025-07', '2025-08-04')).rejects.toThrow(
      '2025-07 is not ripe: sqls_delivered of plan director is ripe on 2025-08-05, today is 2025-08-04',
    );
    await seal('2025-07', '2025-08-05');
    await expect(seal('2024-01')).rejects.toThrow('nothing was judged in 2024-01');
  });

  it('makes statements and payroll feed part of the evidence, and publishes exactly those', async () => {
    const { ports, seal, bucket } = await judged();
    const { digest, files } = await seal('2025-07');
    const object = (await ports.evidence.getJson(digest)) as CloseObject;
    const names = ['decisions.csv', 'findings.csv', 'records.csv', 'statement.csv', 'statement.html'];
    expect([...files].sort()).toEqual([
      'reports/payroll/2025-07/payable.csv',
      'reports/payroll/2025-07/payable.json',
      ...[...names, 'statement.json', 'statement.xlsx', 'true-ups.csv'].map(
        (name) => `reports/statements/director/2025-07/${name}`,
      ),
    ]);
    for (const file of object.files) {
      expect(digestOf((await ports.reports.get(file.key))!)).toBe(file.digest);
      expect(object.objects).toContain(file.digest);
    }
    expect(await verifyEvidence(bucket)).toMatchObject({ broken: [], unlisted: [] });
  });

  it('tells payroll what to pay now, in minor units', async () => {
    const { seal, payroll } = await judged();
    await seal('2025-07');
    expect(await payroll('2025-07')).toEqual([
      {
        plan: 'director',
        title: "Director's bonus",
        unit: 'all',
        period: '2025-07',
        payOn: '2025-08-16',
        state: 'sealed',
        currency: 'USD',
        claimed: 66667,
        payable: 33334,
        held: 33333,
        refused: 0,
        trueUps: 0,
        toPay: 33334,
      },
    ]);
  });

  it.each(['evidence', 'ledger', 'reports'] as const)(
    'broken off at %s leaves nothing half closed, and a repeat ends it',
    async (place) => {
      const { ports, seal, bucket } = await judged();
      const broken = () => Promise.reject(new Error('broken off'));
      let puts = 0;
      const some = (put: typeof ports.evidence.putJson) => (value: unknown) => {
        puts += 1;
        return puts > 1 ? broken() : put(value);
      };
      const halting = {
        ...ports,
        ...(place === 'evidence' && {
          evidence: { ...ports.evidence, putObject: some(ports.evidence.putObject as never) as never },
        }),
        ...(place === 'ledger' && { ledger: { ...ports.ledger, append: broken } }),
        ...(place === 'reports' && { reports: { ...ports.reports, put: broken } }),
      };
      await expect(sealPeriod('2025-07', '2025-08-20', halting)).rejects.toThrow('broken off');
      const isSealed = sealedIn(await ports.ledger.read(closesChain)).has('2025-07');
      expect(isSealed).toBe(place === 'reports');
      expect(await ports.reports.list('reports/')).toEqual([]);
      expect((await seal('2025-07')).isNew).toBe(!isSealed);
      expect(await ports.reports.list('reports/')).toHaveLength(10);
      expect((await verifyEvidence(bucket)).unlisted).toEqual([]);
    },
  );

  it('by two at once seals once, and both are told the same', async () => {
    const { ports, seal, bucket } = await judged();
    const { ledgerIn } = await import('../../lib/evidence/ledger.ts');
    const other = sealPeriod('2025-07', '2025-08-21', { ...ports, ledger: ledgerIn(bucket) });
    const [a, b] = await Promise.all([seal('2025-07'), other]);
    expect(a.digest).toBe(b.digest);
    expect([a.isNew, b.isNew].sort()).toEqual([false, true]);
  });

  it('takes a decision in whose projection was broken off', async () => {
    const { ports, seal, payroll, decideSqls } = await judged();
    const flags = { ...ports.flags };
    ports.flags.putAssessment = () => Promise.reject(new Error('broken off'));
    await expect(decideSqls('cleared')).rejects.toThrow('broken off');
    Object.assign(ports.flags, flags);
    await seal('2025-07');
    expect(await payroll('2025-07')).toMatchObject([{ payable: 66667, held: 0 }]);
  });

  it('is not needed to see how the statement stands: a draft seals and writes nothing', async () => {
    const { ports } = await judged();
    const { files } = await statementsAt('2025-07', '2025-08-04', 'draft', ports);
    const page = files.find((f) => f.key.endsWith('statement.html'))!.content.toString();
    expect(page).toContain('draft, not sealed');
    expect(await ports.reports.list('reports/')).toEqual([]);
    expect(await ports.ledger.read(closesChain)).toEqual([]);
  });
});

describe('what changes in a sealed period', () => {
  it('by a decision is a true-up with its effect on pay; what was sealed stays, the next statement pays it', async () => {
    const { ports, seal, payroll, decideSqls } = await judged();
    const { digest } = await seal('2025-07');
    await decideSqls('cleared');
    const trueUps = trueUpsIn(await ports.ledger.read(restatementsChain));
    expect(trueUps).toMatchObject([
      { period: '2025-07', kpi: 'sqls_delivered', cause: 'decision', payable: [0, 33333], held: [33333, 0] },
    ]);
    expect(await seal('2025-07')).toMatchObject({ digest, isNew: false });
    expect(await payroll('2025-07')).toMatchObject([{ payable: 33334, held: 33333, trueUps: 0 }]);
    await seal('2025-06');
    expect(await payroll('2025-06')).toMatchObject([{ payable: 33334, trueUps: 33333, toPay: 66667 }]);
    const page = Buffer.from(
      (await ports.reports.get('reports/statements/director/2025-06/statement.html'))!,
    ).toString();
    expect(page).toContain('True-ups of sealed periods');
  });

  it('by its numbers is one too, once, and is paid with one later statement only', async () => {
    const { ports, seal, payroll, flagged } = await judged();
    await seal('2025-07');
    const lower = { ...whole, payable: 0, refused: 33334 };
    const visitors = anAssessment({ ...plan, period: '2025-07', counted: 4800, money: lower });
    await flagged({ assessments: [...june, visitors, sqls()] });
    await flagged({ assessments: [...june, visitors, sqls()] });
    expect(await recordTrueUps('2025-08-21', ports)).toBe(0);
    expect(trueUpsIn(await ports.ledger.read(restatementsChain))).toMatchObject([
      { cause: 'restated', recordedOn: '2025-08-20', counted: [5120, 4800], payable: [33334, 0] },
    ]);
    await seal('2025-06');
    expect(await payroll('2025-06')).toMatchObject([{ payable: 33334, trueUps: -33334, toPay: 0 }]);
    await flagged({
      assessments: [...june, visitors, sqls(), anAssessment({ ...plan, period: '2025-05', money: whole })],
    });
    await seal('2025-05');
    expect(await payroll('2025-05')).toMatchObject([{ trueUps: 0, toPay: 33334 }]);
  });
});

describe('close', () => {
  /** A run that may write. */
  async function leased(ports: Awaited<ReturnType<typeof judged>>['ports']) {
    const taken = await ports.runs.acquireLease({
      holder: 'monthly-1',
      kind: 'monthly',
      scheduledAt: '2025-08-15T06:00:00Z',
      now: '2025-08-15T06:00:00Z',
      ttlSeconds: 3600,
    });
    return { runId: 'monthly-1', token: (taken as { lease: Lease }).lease.token };
  }

  it('seals nothing when another run has begun, and gives up the lease when it has', async () => {
    const { ports } = await judged();
    const { token, runId } = await leased(ports);
    const late = close({ runId, token: token - 1, asOf: '2025-08-15' }, ports);
    await expect(late).rejects.toThrow('lease');
    expect(await ports.ledger.read(closesChain)).toEqual([]);
    await close({ runId, token, asOf: '2025-08-15' }, ports);
    await expect(ports.runs.assertLease(token)).rejects.toThrow('lost');
  });

  it('seals what is ripe and was to be paid by then, once', async () => {
    const { ports } = await judged();
    const job = await leased(ports);
    expect(await close({ ...job, asOf: '2025-08-15' }, ports)).toEqual({ sealed: ['2025-06'] });
    expect(await close({ ...job, asOf: '2025-08-16' }, ports)).toEqual({ sealed: ['2025-07'] });
    expect(await close({ ...job, asOf: '2025-08-17' }, ports)).toEqual({ sealed: [] });
  });

  it('repeated on its date publishes what a broken off one sealed', async () => {
    const { ports } = await judged();
    const job = { ...(await leased(ports)), asOf: '2025-08-15' };
    const halting = {
      ...ports,
      reports: { ...ports.reports, put: () => Promise.reject(new Error('broken off')) },
    };
    await expect(close(job, halting)).rejects.toThrow('broken off');
    expect(await close(job, ports)).toEqual({ sealed: [] });
    expect(await ports.reports.list('reports/payroll/')).toHaveLength(2);
  });
});
