import { describe, expect, it } from 'vitest';
import { noHolidays } from '../../lib/model/holidays.ts';
import { fail } from '../../lib/pipeline/fail.ts';
import { plan } from '../../lib/pipeline/plan.ts';
import { putJson, runKeys } from '../../lib/pipeline/run-objects.ts';
import { isLate, vitalSigns } from '../../lib/pipeline/vital-signs.ts';
import { configText, csvOf, madeCompany } from '../local/made-company.ts';
import { pipelineWorld } from './world.ts';

const expecting = configText.replace(/(id: web,)/, '$1 expect: { every: P1D, by: "04:00" },');

describe('the vital signs of a run', () => {
  it('say how long ago a run of each kind went through; a kind that never ran is as old as the first run', async () => {
    const world = await pipelineWorld();
    const { planned } = await world.flagged({});
    world.clock.now = '2025-08-20T18:00:00.000Z';
    expect(await vitalSigns(planned, world.ports)).toMatchObject({
      HoursSinceDailyRun: 12,
      HoursSinceWeeklyRun: 12,
      HoursSinceMonthlyRun: 12,
    });
  });

  it('do not count a run that failed', async () => {
    const world = await pipelineWorld();
    await world.flagged({});
    world.clock.now = '2025-08-21T06:00:00.000Z';
    const { runId, token } = await plan({ kind: 'daily', scheduledAt: world.clock.now }, world.ports);
    await fail({ kind: 'daily', scheduledAt: world.clock.now, token }, world.ports);
    expect((await vitalSigns({ runId }, world.ports)).HoursSinceDailyRun).toBe(24);
  });

  it('count a run that ended unhealthy: it went through', async () => {
    const world = await pipelineWorld();
    const { planned, alert } = await world.flagged({ errors: ['a check threw'] });
    expect(alert.isHealthy).toBe(false);
    world.clock.now = '2025-08-20T07:00:00.000Z';
    expect((await vitalSigns(planned, world.ports)).HoursSinceDailyRun).toBe(1);
  });

  it('say which share of the rows was set aside, and nothing when none were read', async () => {
    const world = await pipelineWorld();
    const traffic = csvOf(madeCompany().traffic);
    const rows = traffic.trim().split('\n').length - 1;
    await world.drop('web', { 'traffic.csv': `${traffic}2025-08-19,a,b,c,many,1\n` });
    const taken = await world.takeIn();
    expect(taken.outcomes[0]!.quarantined).toBe(1);
    expect((await vitalSigns(taken, world.ports)).QuarantinedPercent).toBeCloseTo(100 / (rows + 1), 10);
    const empty = await pipelineWorld();
    expect((await vitalSigns(await empty.takeIn(), empty.ports)).QuarantinedPercent).toBeNull();
  });

  it('count the canaries that got through, and say nothing when none were judged', async () => {
    const world = await pipelineWorld();
    const { runId } = await world.takeIn();
    expect((await vitalSigns({ runId }, world.ports)).MissedCanaries).toBeNull();
    const note = { id: 'one', what: 'a fault', isCaught: true };
    await putJson(world.ports.data, runKeys.canaries(runId), [note, { ...note, isCaught: false }]);
    expect((await vitalSigns({ runId }, world.ports)).MissedCanaries).toBe(1);
  });

  it('count the sources whose data should have come, from what was taken in and not from what landed', async () => {
    const world = await pipelineWorld(expecting);
    expect((await vitalSigns(await world.takeIn(), world.ports)).LateSources).toBe(1);
    const other = await pipelineWorld(expecting);
    await other.drop('web', { 'traffic.csv': csvOf(madeCompany().traffic) });
    const taken = await other.takeIn();
    expect((await vitalSigns(taken, other.ports)).LateSources).toBe(0);
    other.clock.now = '2025-08-22T06:00:00.000Z';
    expect((await vitalSigns(taken, other.ports)).LateSources).toBe(1);
  });
});

describe('a source', () => {
  const late = (every: string, last: string | null, now: string) =>
    isLate({ expect: { every, by: '06:00' } }, last, new Date(now), 'Europe/Berlin', noHolidays);

  it('is late from the minute after its time, in the zone of the organisation', () => {
    expect(late('P1D', '2026-09-01', '2026-09-02T03:59:00Z')).toBe(false);
    expect(late('P1D', '2026-09-01', '2026-09-02T04:00:00Z')).toBe(false);
    expect(late('P1D', '2026-09-01', '2026-09-02T04:01:00Z')).toBe(true);
  });

  it('is not expected on a weekend when it comes every business day', () => {
    expect(late('1bd', '2026-09-04', '2026-09-06T12:00:00Z')).toBe(false);
    expect(late('1bd', '2026-09-04', '2026-09-07T12:00:00Z')).toBe(true);
  });

  it('that never delivered is late; one that nobody expects never is', () => {
    expect(late('P7D', null, '2026-09-02T04:00:00Z')).toBe(true);
    expect(isLate({}, null, new Date('2026-09-02T04:00:00Z'), 'UTC', noHolidays)).toBe(false);
  });
});
