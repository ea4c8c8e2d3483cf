import { describe, expect, it } from 'vitest';
import { addDays } from '../../../lib/model/day.ts';
import { businessRows } from '../../../lib/pipeline/business/business-rows.ts';
import { kpiWorth } from '../../../lib/pipeline/business/kpi-worth.ts';
import { poisson, seededRandom } from '../../fixtures/random.ts';
import { historyOf, lead, sql } from '../business-unit.ts';

/** Weeks of leads that go up and down, and accepted SQLs a week later that follow them, or do not. */
function worthOf(weeks: number, follows: boolean) {
  const random = seededRandom(7);
  const first = addDays('2026-08-30', -7 * weeks + 1);
  const leads = [];
  const sqls = [];
  for (let week = 0; week < weeks; week += 1) {
    const level = 20 + 60 * random();
    const monday = addDays(first, 7 * week);
    const count = Math.round(level);
    for (let k = 0; k < count; k += 1) leads.push(lead(`${week}-${k}`, `${monday}T10:00:00`));
    const accepted = follows ? Math.round(level / 2) : poisson(random, 20);
    for (let k = 0; k < Math.min(accepted, count); k += 1)
      sqls.push(sql(`${week}-${k}`, addDays(monday, 3), addDays(monday, 4)));
  }
  return kpiWorth(businessRows([historyOf({ leads, sqls })])!, ['leads'])[0]!;
}

describe('the worth of a KPI', () => {
  it('is useful where accepted SQLs follow it week by week', () => {
    const { worth, predictions } = worthOf(60, true);
    expect(worth).toBe('useful');
    expect(predictions[0]).toMatchObject({ outcome: 'sqls_accepted', label: 'useful', lagDays: 3 });
    expect(predictions[0]!.rho!.low).toBeGreaterThan(0.3);
    expect(predictions[0]!.fluff!.high).toBeLessThan(70);
  });

  it('is fluff where nothing follows it', () => {
    const { worth, predictions } = worthOf(104, false);
    expect(worth).toBe('fluff');
    expect(predictions[0]!.rho!.high).toBeLessThan(0.3);
  });

  it('cannot be told from fewer than 26 changes', () => {
    expect(worthOf(26, true).worth).toBe('history too short');
    expect(worthOf(28, true).worth).not.toBe('history too short');
  });

  it('says the same every time', () => {
    expect(worthOf(40, false)).toEqual(worthOf(40, false));
  });
});
