import { describe, expect, it } from 'vitest';
import { close, NotRipeError, sealPeriod } from '../../lib/pipeline/close.ts';
import { closesChain, sealedIn } from '../../lib/pipeline/decisions.ts';
import { anAssessment, anSqlFlag } from '../reports/sample.ts';
import { pipelineWorld } from './world.ts';

// Ripe four days after its end, paid after fifteen.
const july = [anAssessment({ period: '2025-07' }), anSqlFlag({ period: '2025-07' })];
const june = [anAssessment({ period: '2025-06' })];

async function judged(assessments = [...june, ...july]) {
  const world = await pipelineWorld();
  await world.flagged({ assessments });
  return world;
}

describe('seal a period', () => {
  it('keeps every judgement of it for good, open flags included, and changes nothing the second time', async () => {
    const { ports } = await judged();
    const first = await sealPeriod('2025-07', '2025-08-20', ports);
    expect(first.isNew).toBe(true);
    expect(await ports.evidence.getJson(first.digest)).toMatchObject({
      schema: 'bonafide/close/1',
      period: '2025-07',
      assessments: [
        { kpi: 'sqls_delivered', verdict: 'suspect', money: { held: 55555 } },
        { kpi: 'visitors', verdict: 'clear' },
      ],
    });
    expect(await sealPeriod('2025-07', '2025-09-20', ports)).toEqual({ ...first, isNew: false });
    expect(sealedIn(await ports.ledger.read(closesChain))).toEqual(new Map([['2025-07', '2025-08-20']]));
    const open = await ports.flags.listOpenFlags('9999-12-31');
    expect(open.map((f) => f.kpi)).toEqual(['sqls_delivered']);
  });

  it('seals periods in any order', async () => {
    const { ports } = await judged();
    await sealPeriod('2025-07', '2025-08-20', ports);
    expect(await sealPeriod('2025-06', '2025-08-20', ports)).toMatchObject({ isNew: true });
  });

  it('refuses one that is not ripe, naming the KPI and the date, or that nothing was judged in', async () => {
    const { ports } = await judged();
    await expect(sealPeriod('2025-07', '2025-08-04', ports)).rejects.toThrow(NotRipeError);
    await expect(sealPeriod('2025-07', '2025-08-04', ports)).rejects.toThrow(
      '2025-07 is not ripe: sqls_delivered of plan marketing-director is ripe on 2025-08-05, today is 2025-08-04',
    );
    await sealPeriod('2025-07', '2025-08-05', ports);
    await expect(sealPeriod('2024-01', '2025-08-20', ports)).rejects.toThrow('nothing was judged in 2024-01');
  });
});

describe('close', () => {
  it('seals what is ripe and was to be paid by then, once', async () => {
    const { ports } = await judged();
    const job = { runId: 'monthly-1', token: 0 };
    expect(await close({ ...job, asOf: '2025-08-15' }, ports)).toEqual({ sealed: ['2025-06'] });
    expect(await close({ ...job, asOf: '2025-08-16' }, ports)).toEqual({ sealed: ['2025-07'] });
    expect(await close({ ...job, asOf: '2025-08-17' }, ports)).toEqual({ sealed: [] });
  });
});
