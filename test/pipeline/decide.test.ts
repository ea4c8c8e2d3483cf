import { describe, expect, it } from 'vitest';
import type { Act, ActBodies, Party, Person } from '../../lib/model/decision.ts';
import type { Assessment } from '../../lib/model/flag.ts';
import { ConflictError, decide, RefusedError } from '../../lib/pipeline/decide.ts';
import { actsIn, flagLife } from '../../lib/pipeline/decide-life.ts';
import { decisionsIn, flagsChain } from '../../lib/pipeline/decisions.ts';
import { documentOf } from '../../lib/pipeline/find-assessment.ts';
import { configText } from '../local/made-company.ts';
import { anAssessment, anSqlFlag } from '../reports/sample.ts';
import { pipelineWorld } from './world.ts';

const plan = { plan: 'director', period: '2025-07' };
const key = 'director|sqls_delivered|all|2025-07';
const flag = 'director/sqls_delivered/2025-07';
const share = { currency: 'USD', claimed: 33333, payable: 0, held: 33333, refused: 0, waiting: 0 };
const held = anSqlFlag({ ...plan, target: 60, money: share });

async function world(assessments: Assessment[] = [held], text = configText) {
  const made = await pipelineWorld(text);
  await made.flagged({ assessments });
  const { ports } = made;
  const life = async () => flagLife(await ports.ledger.read(flagsChain), key);
  const stored = async (kpi = 'sqls_delivered') =>
    documentOf((await ports.flags.getAssessment({ ...plan, kpi, unit: 'all' }))!);
  const act = (what: Act, by: Person) => decide(what, by, ports);
  return { ...made, life, stored, act };
}

const of = (party: Party, name = `${party} person`): Person => ({ name, party });
const propose = (over: Partial<Extract<Act, { act: 'propose' }>> = {}): Act => ({
  act: 'propose',
  flag,
  kind: 'cleared',
  value: null,
  reason: 'planned_activity',
  comment: 'agreed in May',
  instead: false,
  ...over,
});
const approve: Act = { act: 'approve', flag };

describe('who may do what', () => {
  // For a flag on marketing's plan: who proposes, who approves, and whether the two decide.
  const table: readonly [Party, Party, boolean][] = [
    ['marketing', 'marketing', false],
    ['marketing', 'sales', true],
    ['marketing', 'finance', true],
    ['sales', 'marketing', true],
    ['sales', 'sales', false],
    ['sales', 'finance', true],
    ['finance', 'marketing', true],
    ['finance', 'sales', true],
    ['finance', 'finance', true],
  ];

  it('the table holds for every kind of decision', async () => {
    const kinds = ['cleared', 'confirmed', 'partly_confirmed'] as const;
    const cases = kinds.flatMap((kind) => table.map(([first, second, is]) => ({ kind, first, second, is })));
    const { act, ports } = await world(cases.map((_, i) => ({ ...held, unit: `unit-${i}` })));
    for (const [i, { kind, first, second, is }] of cases.entries()) {
      const its = `director/sqls_delivered/unit-${i}/2025-07`;
      const value = kind === 'partly_confirmed' ? 70 : null;
      await act(propose({ flag: its, kind, value }), of(first, 'Ann'));
      const approved = act({ act: 'approve', flag: its }, of(second, 'Ben'));
      if (is) expect((await approved).state).toBe(kind);
      else {
        await expect(approved).rejects.toThrow(RefusedError);
        const life = flagLife(await ports.ledger.read(flagsChain), its.replaceAll('/', '|'));
        expect(life.state).toBe('in_review');
        expect(life.acts.at(-1)).toMatchObject({
          kind: 'refusal',
          body: { by: { name: 'Ben', party: second }, tried: 'approving' },
        });
      }
    }
  });

  it.each(['marketing', 'sales', 'finance'] as const)(
    'nobody of %s decides alone, by whatever spelling',
    async (party) => {
      const { act, life, stored } = await world();
      await act(propose(), of(party, 'Ann Lee'));
      for (const name of ['Ann Lee', ' ann  LEE', 'Ａnn Lee'])
        await expect(act(approve, of(party, name))).rejects.toThrow('a decision needs a second person');
      expect((await life()).acts.filter((a) => a.kind === 'refusal')).toHaveLength(3);
      expect((await stored()).money.held).toBe(33333);
    },
  );

  it('a person who acted for one side cannot approve for another; the attempt is recorded', async () => {
    const { act, life } = await world();
    await act({ act: 'reply', flag, text: 'It was our campaign.', attachments: [] }, of('marketing', 'Ann'));
    await act(propose(), of('marketing', 'Cid'));
    await expect(act(approve, of('finance', 'ann'))).rejects.toThrow('acted for marketing');
    expect((await life()).acts.at(-1)!.kind).toBe('refusal');
  });
});

describe('a decision', () => {
  it.each([
    ['cleared', 100, { payable: 33333, refused: 0 }],
    ['confirmed', null, { payable: 0, refused: 33333 }],
    ['partly_confirmed', 59, { payable: 0, refused: 33333 }],
    ['partly_confirmed', 60, { payable: 33333, refused: 0 }],
  ] as const)('%s %s holds nothing any more', async (kind, value, money) => {
    const { act, stored, ports } = await world();
    await act(propose({ kind, value }), of('sales'));
    await act(approve, of('finance'));
    const after = await stored();
    expect(after.money).toEqual({ ...share, held: 0, ...money });
    expect(after.decision).toEqual({ kind, value, reason: 'planned_activity', at: '2025-08-20' });
    expect(decisionsIn(await ports.ledger.read(flagsChain)).get(key)).toEqual(after.decision);
    expect(await ports.evidence.getJson(after.evidence!)).toEqual({ ...after, evidence: null });
    expect(await ports.flags.listOpenFlags('9999-12-31')).toEqual([]);
  });

  it('moves the money of the other KPIs where the plan pays for all or nothing', async () => {
    const whole = { ...share, payable: 0, held: 33333 };
    const leads = anAssessment({ ...plan, kpi: 'leads', claimed: 80, counted: 80, target: 70, money: whole });
    const visitors = anAssessment({
      ...plan,
      target: 2000,
      money: { ...whole, claimed: 33334, held: 33334 },
    });
    const all = configText.replace('    kpis:', '    combine: all\n    kpis:');
    const { act, stored } = await world([visitors, leads, held], all);
    await act(propose(), of('sales'));
    await act(approve, of('finance'));
    for (const kpi of ['visitors', 'leads', 'sqls_delivered']) {
      const { money } = await stored(kpi);
      expect([money.payable, money.held]).toEqual([money.claimed, 0]);
    }
  });

  it('is in the history of the flag, every step of it', async () => {
    const { act, ports } = await world();
    await act(propose(), of('marketing'));
    await expect(act(approve, of('marketing', 'Bo'))).rejects.toThrow(RefusedError);
    await act(approve, of('finance'));
    const history = await ports.flags.readHistory({ ...plan, kpi: 'sqls_delivered', unit: 'all' });
    expect(history.map((h) => h.kind)).toEqual(['judgement', 'proposal', 'refusal', 'decision']);
  });

  it('alerts that the money is no longer held', async () => {
    const { act, ports } = await world();
    await act(propose(), of('sales'));
    expect(await ports.flags.pendingAlerts()).toEqual([]);
    await act(approve, of('finance'));
    expect(await ports.flags.pendingAlerts()).toHaveLength(1);
  });

  it('made again by the same person changes nothing', async () => {
    const { act, ports } = await world();
    expect(await act(propose(), of('sales'))).toMatchObject({ isNew: true, state: 'in_review' });
    expect(await act(propose(), of('sales'))).toMatchObject({ isNew: false });
    const first = await act(approve, of('finance'));
    expect(await act(approve, of('finance'))).toEqual({ ...first, isNew: false });
    expect(actsIn(await ports.ledger.read(flagsChain))).toHaveLength(2);
  });

  it('broken off after the ledger is projected by the next call', async () => {
    const { act, ports, stored } = await world();
    await act(propose(), of('sales'));
    const broken = {
      ...ports,
      flags: { ...ports.flags, putAssessment: () => Promise.reject(new Error('broken off')) },
    };
    await expect(decide(approve, of('finance'), broken)).rejects.toThrow('broken off');
    expect((await stored()).decision).toBeNull();
    expect(await act(approve, of('finance'))).toMatchObject({ state: 'cleared', isNew: false });
    expect((await stored()).money.held).toBe(0);
  });

  it('stands until another is made in its place, which must be said', async () => {
    const { act, life, stored } = await world();
    await act(propose(), of('sales'));
    await act(approve, of('finance'));
    await expect(act(propose({ kind: 'confirmed' }), of('finance'))).rejects.toThrow('--instead');
    await act(propose({ kind: 'confirmed', instead: true }), of('finance'));
    expect((await life()).state).toBe('in_review');
    expect((await stored()).money.payable).toBe(33333);
    await act(approve, of('sales'));
    expect((await stored()).money.refused).toBe(33333);
  });
});

describe('of two at once', () => {
  it('one proposal wins and the other is told', async () => {
    const { act, life } = await world();
    const both = await Promise.allSettled([
      act(propose(), of('finance', 'Ann')),
      act(propose({ kind: 'confirmed' }), of('finance', 'Ben')),
    ]);
    expect(both.map((b) => b.status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = both.find((b) => b.status === 'rejected')!;
    expect(lost.reason).toBeInstanceOf(ConflictError);
    const winner = both[0]!.status === 'fulfilled' ? 'Ann' : 'Ben';
    expect(lost.reason.message).toContain(`${winner} was faster`);
    expect((await life()).proposal!.body.by.name).toBe(winner);
  });

  it('one approval wins and the other is told, in processes that know nothing of each other', async () => {
    const { act, ports, bucket, life } = await world();
    await act(propose(), of('marketing'));
    const { ledgerIn } = await import('../../lib/evidence/ledger.ts');
    const elsewhere = { ...ports, ledger: ledgerIn(bucket) };
    const both = await Promise.allSettled([
      act(approve, of('finance', 'Ann')),
      decide(approve, of('sales', 'Ben'), elsewhere),
    ]);
    expect(both.filter((b) => b.status === 'fulfilled')).toHaveLength(1);
    expect((await life()).acts.filter((a) => a.kind === 'decision')).toHaveLength(1);
    const lost = both.find((b) => b.status === 'rejected')!;
    expect(lost.reason).toBeInstanceOf(ConflictError);
  });
});

describe('what cannot be decided', () => {
  it('is told without a record: nothing waits, no such flag, a value out of range, nothing to approve', async () => {
    const clear = anAssessment({ ...plan, kpi: 'leads' });
    const { act, life } = await world([held, clear]);
    await expect(act(propose({ flag: 'director/leads/2025-07' }), of('finance'))).rejects.toThrow(
      'its verdict is clear: nothing waits for a decision',
    );
    await expect(act(propose({ flag: 'director/leads' }), of('finance'))).rejects.toThrow('expected a flag');
    await expect(act(propose({ flag: 'director/leads/2024-07' }), of('finance'))).rejects.toThrow(
      'there is no judgement',
    );
    await expect(act(propose({ kind: 'partly_confirmed', value: 101 }), of('finance'))).rejects.toThrow(
      'expected a whole number from 0 to 100',
    );
    await expect(act(approve, of('finance'))).rejects.toThrow('nothing was proposed');
    expect((await life()).acts).toEqual([]);
  });

  it('is a proposal whose judgement changed since', async () => {
    const { act, flagged } = await world();
    await act(propose(), of('marketing'));
    await flagged({ assessments: [{ ...held, counted: 90, verified: { low: 40, point: 40, high: 40 } }] });
    await expect(act(approve, of('finance'))).rejects.toThrow('the judgement changed');
  });
});

describe('a reply', () => {
  const text = 'The list of guests is attached.';
  it('is kept with its files as evidence, which no content can disturb, and puts the flag in review', async () => {
    const { act, ports, life } = await world();
    const hostile = JSON.stringify({ schema: 'bonafide/manifest/1', objects: [`sha256:${'0'.repeat(64)}`] });
    const attachments = [{ name: 'guests.json', base64: Buffer.from(hostile).toString('base64') }];
    await act({ act: 'reply', flag, text, attachments }, of('sales'));
    expect(await act({ act: 'reply', flag, text, attachments }, of('sales'))).toMatchObject({
      state: 'in_review',
    });
    const { acts } = await life();
    expect(acts).toHaveLength(1);
    const [kept] = (acts[0]!.body as ActBodies['reply']).attachments;
    expect(kept!.bytes).toBe(hostile.length);
    const object = (await ports.evidence.getJson(kept!.digest)) as { base64: string };
    expect(Buffer.from(object.base64, 'base64').toString()).toBe(hostile);
  });

  it('comes before the decision', async () => {
    const { act } = await world();
    await act(propose(), of('sales'));
    await act(approve, of('finance'));
    await expect(act({ act: 'reply', flag, text, attachments: [] }, of('marketing'))).rejects.toThrow(
      'a reply comes before the decision',
    );
  });

  it('is refused with more bytes than are kept', async () => {
    const { act } = await world();
    const attachments = [{ name: 'big', base64: Buffer.alloc(4_000_001).toString('base64') }];
    await expect(act({ act: 'reply', flag, text, attachments }, of('sales'))).rejects.toThrow(
      'at most 4000000',
    );
  });
});
