import { describe, expect, it } from 'vitest';
import { justOverTarget } from '../../lib/checks/just-over-target.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';
import { payFor } from '../fixtures/records.ts';
import { keepsItsPage } from './page.ts';
import { failures, reasonOf, run } from './run.ts';

const history = quietHistory({ seed: 3, days: 239 });
const months = ['2026-02', '2026-03', '2026-04', '2026-05', '2026-06', '2026-07'];

/** August after earlier results; the last of `counted` is August's. */
function row(target: number, ...counted: number[]) {
  const own = counted.at(-1)!;
  const earlier = counted
    .slice(0, -1)
    .map((value, i) => ({ period: months[months.length - counted.length + 1 + i]!, counted: value }));
  return checkInput(history, '2026-08', { pay: payFor('leads', target, { counted: own, earlier }) });
}

describe('just-over-target', () => {
  keepsItsPage(justOverTarget);

  it('asks for a decision on five of six results inside the band', () => {
    const [found] = failures(run(justOverTarget, row(200, 150, 202, 200, 205, 201, 203)));
    expect(found).toMatchObject({
      severity: 'review',
      observed: 5,
      data: { hits: 5, periods: 6, from: 200, below: 206 },
    });
    expect(found?.data.chances).toHaveLength(6);
  });

  it('passes three hits, or a judged period outside the band', () => {
    expect(run(justOverTarget, row(200, 150, 160, 200, 206, 201, 203))).toMatchObject({
      status: 'pass',
      p: null,
    });
    expect(run(justOverTarget, row(200, 202, 200, 205, 201, 203, 206)).status).toBe('pass');
    expect(run(justOverTarget, row(200, 202, 200, 205, 201, 203, 199)).status).toBe('pass');
  });

  it('takes the target as inside the band and 3 % above it as outside', () => {
    expect(run(justOverTarget, row(200, 200, 200, 200, 150, 200)).status).toBe('fail');
    expect(run(justOverTarget, row(200, 206, 206, 206, 150, 206)).status).toBe('pass');
  });

  it('looks at the latest seven periods only', () => {
    const [found] = failures(run(justOverTarget, row(200, 202, 200, 205, 201, 203, 201, 202)));
    expect(found?.data.periods).toBe(7);
  });

  it('is no evidence where every period was likely to end there', () => {
    const found = run(justOverTarget, row(200, 150, 202, 200, 205, 203), { band: 1 });
    expect(found.status).toBe('pass');
  });

  it('could not tell with four periods, a band below one count, or a short history', () => {
    expect(reasonOf(run(justOverTarget, row(200, 201, 201, 201, 201)))).toBe('few-periods');
    expect(reasonOf(run(justOverTarget, row(0.5, 1, 1, 1, 1, 1), { band: 0.01 }))).toBe(
      'band-below-one-count',
    );
    const pay = payFor('leads', 200, {
      counted: 201,
      earlier: months.slice(2).map((period) => ({ period, counted: 201 })),
    });
    const young = checkInput(quietHistory({ seed: 1, days: 20, firstDay: '2026-08-01' }), '2026-08', { pay });
    expect(reasonOf(run(justOverTarget, young))).toBe('short-history');
    expect(
      reasonOf(
        run(justOverTarget, {
          ...row(200, 201, 201, 201, 201, 201),
          pay: payFor('revenue', 5, { counted: 5 }),
        }),
      ),
    ).toBe('no-daily-numbers');
  });
});
