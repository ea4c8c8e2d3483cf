import { describe, expect, it } from 'vitest';
import { leadBurst } from '../../lib/checks/lead-burst.ts';
import { checkInput, leadOf, quietHistory, withLeads } from '../fixtures/generators.ts';
import { leadsOn, recordsOnly } from '../fixtures/records.ts';
import { keepsItsPage } from './page.ts';
import { failures, raisedShare, reasonOf, run } from './run.ts';

const quietOne = quietHistory({ seed: 2, days: 239 });

/** A quiet company with `count` more leads on 12 August, so many seconds apart, from 10:00 on. */
function burst(count: number, gap: (k: number) => number, change = {}) {
  let at = 10 * 3600;
  const more = Array.from({ length: count }, (_, k) => {
    at += gap(k);
    const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
    return {
      ...leadOf(`B${k}`, `2026-08-12T${two(at / 3600)}:${two((at / 60) % 60)}:${two(at % 60)}`),
      ...change,
    };
  });
  return checkInput(withLeads(quietOne, [...quietOne.leads!.rows, ...more]), '2026-08');
}

describe('lead-burst', () => {
  keepsItsPage(leadBurst);

  it('watches forty leads in minutes', () => {
    const [found] = failures(
      run(
        leadBurst,
        burst(40, (k) => 3 + ((k * 7) % 13)),
      ),
    );
    expect(found).toMatchObject({ messageId: 'burst', severity: 'watch' });
    expect(found?.observed).toBeGreaterThanOrEqual(35);
    expect(found?.records).toEqual(expect.arrayContaining(['B10', 'B30']));
  });

  it('asks for a decision on twenty leads by the clock, and passes nineteen', () => {
    const night = (count: number) =>
      run(
        leadBurst,
        burst(count, () => 20),
        { watchP: 1e-12 },
      );
    expect(failures(night(21)).find((f) => f.messageId === 'clockwork')).toMatchObject({
      severity: 'review',
      observed: 0,
      p: 1e-4,
      data: { count: 20, simulations: 9999 },
    });
    expect(failures(night(18)).find((f) => f.messageId === 'clockwork')).toBeUndefined();
  });

  it('asks for a decision on even gaps at the p of a review exactly, watches them above it, and passes them above a watch', () => {
    const even = (limits: object) =>
      failures(
        run(
          leadBurst,
          burst(21, () => 20),
          limits,
        ),
      ).find((f) => f.messageId === 'clockwork');
    expect(even({ simulations: 999 })).toMatchObject({ severity: 'review', p: 1e-3 });
    expect(even({ simulations: 998 })).toMatchObject({ severity: 'watch', p: 0.001001001001 });
    expect(even({ simulations: 99 })).toMatchObject({ severity: 'watch', p: 0.01 });
    expect(even({ simulations: 99, watchP: 0.0099 })).toBeUndefined();
  });

  it('passes gaps that are even by chance', () => {
    // Five leads in a row at gaps that vary by half their mean are nothing among hundreds.
    const judged = (limits: object) =>
      run(leadBurst, checkInput(quietOne, '2026-08'), { runLength: 5, maxVariation: 0.5, ...limits });
    expect(judged({ watchP: 0.999 }).status).toBe('fail');
    expect(judged({}).status).toBe('pass');
  });

  it('finds the same p of even gaps from the same data, whatever the order of the rows', () => {
    const input = burst(30, (k) => 20 + ((k * 7) % 13));
    const limits = { maxVariation: 0.5, runLength: 8, reviewP: 0.5, watchP: 0.9 };
    const of = (one: typeof input) =>
      failures(run(leadBurst, one, limits)).find((f) => f.messageId === 'clockwork');
    const { leads } = input.history;
    const turned = {
      ...input,
      history: { ...input.history, leads: { ...leads!, rows: leads!.rows.toReversed() } },
    };
    const found = of(input)!;
    expect(found.p).toBeGreaterThan(0);
    expect(of(turned)).toMatchObject({ p: found.p, data: { seed: found.data.seed } });
  });

  it('passes a burst less than twice as full as any before', () => {
    const passed = run(
      leadBurst,
      burst(40, (k) => 3 + ((k * 7) % 13)),
      { minRatio: 1000 },
    );
    expect(passed).toMatchObject({ status: 'pass', p: null });
  });

  it('knows every hour of the week from minWeeks of leads on, and no sooner', () => {
    const p = (limits: object) => {
      const input = burst(40, (k) => 3 + ((k * 7) % 13));
      return failures(run(leadBurst, input, { widths: [600], ...limits }))[0]!.p;
    };
    // Leads before August span a little less than 30 weeks.
    expect(p({ minWeeks: 29 })).toBe(p({}));
    expect(p({ minWeeks: 30 })).not.toBe(p({}));
    expect(p({ minWeeks: 30 })).toBe(p({ minWeekLeads: 1e6 }));
  });

  it('takes a chance of maxWindowP or more for 1', () => {
    const judged = (limits: object) =>
      run(
        leadBurst,
        burst(40, (k) => 3 + ((k * 7) % 13)),
        { widths: [600], ...limits },
      );
    const { p } = failures(judged({}))[0]!;
    expect(judged({ maxWindowP: p! * 1.01 }).status).toBe('fail');
    expect(judged({ maxWindowP: p! * 0.99 })).toMatchObject({ status: 'pass', p: 1 });
  });

  it('leaves out leads of an event', () => {
    expect(
      run(
        leadBurst,
        burst(40, () => 20, { source: 'event' }),
      ).status,
    ).toBe('pass');
  });

  it('could not tell on few leads, few leads before, or dates without times', () => {
    const of = (leads: ReturnType<typeof leadsOn>) =>
      reasonOf(run(leadBurst, checkInput(recordsOnly({ leads }), '2026-08')));
    expect(of(leadsOn('2026-08-10', 9))).toBe('few-leads');
    expect(of(leadsOn('2026-08-10', 10))).toBe('few-leads-before');
    expect(of(leadsOn('2026-08-10', 20, () => ({ created_at: '2026-08-10' })))).toBe('dates-without-times');
    expect(reasonOf(run(leadBurst, checkInput(recordsOnly({}), '2026-08')))).toBe('no-lead-records');
  });

  it('seldom watches a quiet company', () => {
    const isRaised = (seed: number) =>
      run(leadBurst, checkInput(quietHistory({ seed, days: 239 }), '2026-08')).status === 'fail';
    expect(raisedShare(40, isRaised)).toBeLessThanOrEqual(0.05);
  });
});
