import { describe, expect, it } from 'vitest';
import { dateIn, LeaseHeldError, plan } from '../../lib/pipeline/plan.ts';
import { type Delivery, getJson, runKeys } from '../../lib/pipeline/run-objects.ts';
import { csvOf, madeCompany } from '../local/made-company.ts';
import { pipelineWorld } from './world.ts';

const { traffic } = madeCompany();
const day = (date: string) => csvOf(traffic.filter((t) => t.date === date));
const daily = (scheduledAt: string, execution?: string) => ({
  kind: 'daily' as const,
  scheduledAt,
  ...(execution && { execution }),
});

describe('plan', () => {
  it('lists the new files of a source as one delivery, by the names they came with', async () => {
    const { ports, clock, drop } = await pipelineWorld();
    const [first] = await drop('web', { 'traffic-1.csv': day('2025-07-01') });
    await drop('web', { 'traffic-2.csv': day('2025-07-02') });
    await drop('crm', { 'leads.csv': 'x' });
    const planned = await plan(daily(clock.now), ports);
    expect(planned).toMatchObject({ asOf: '2025-08-20', deliveries: 2, reportDue: true, closeDue: false });
    const deliveries = (await getJson<Delivery[]>(ports.data, planned.deliveriesKey))!;
    expect(deliveries.map((d) => [d.source, d.arrivedOn, d.files.map((f) => f.name).sort()])).toEqual([
      ['web', '2025-08-20', ['traffic-1.csv', 'traffic-2.csv']],
      ['crm', '2025-08-20', ['leads.csv']],
    ]);
    expect(deliveries[0]!.files.map((f) => f.key)).toContain(first);
    expect(await getJson(ports.data, planned.unitsKey)).toEqual(['all']);
  });

  it('closes what a monthly run left open because it did not succeed', async () => {
    const { ports, clock } = await pipelineWorld();
    const monthly = await plan({ ...daily(clock.now, 'one'), kind: 'monthly' }, ports);
    const due = async (name: string) => (await plan(daily(clock.now, name), ports)).closeDue;
    const run = (await ports.runs.getRun('monthly', clock.now))!;
    await ports.runs.putRun({ ...run, status: 'unhealthy' });
    await ports.runs.releaseLease(monthly.token);
    expect([monthly.closeDue, await due('two')]).toEqual([true, true]);
    await ports.runs.putRun({ ...run, status: 'succeeded' });
    expect(await due('two')).toBe(false);
  });

  it('refuses while another execution holds the lease, naming it and until when', async () => {
    const { ports, clock } = await pipelineWorld();
    const first = await plan(daily(clock.now, 'one'), ports);
    const other = plan({ ...daily(clock.now, 'two'), kind: 'weekly' }, ports);
    await expect(other).rejects.toThrow(LeaseHeldError);
    await expect(other).rejects.toThrow('run one is at work until 2025-08-20T09:00:00.000Z at the latest');
    // The schedule fired twice: two executions of one run do not work side by side either.
    await expect(plan(daily(clock.now, 'two'), ports)).rejects.toThrow(LeaseHeldError);
    // The same execution asks again after a lost answer.
    expect((await plan(daily(clock.now, 'one'), ports)).token).toBe(first.token);
  });

  it('takes over the lease of a run that never ended, once it has expired', async () => {
    const { ports, clock } = await pipelineWorld();
    const first = await plan(daily(clock.now, 'one'), ports);
    clock.now = '2025-08-20T09:00:01.000Z';
    const second = await plan(daily(clock.now, 'two'), ports);
    expect(second.token).toBeGreaterThan(first.token);
    await expect(ports.runs.assertLease(first.token)).rejects.toThrow('lease');
  });

  it('lists a file once, and one that landed late on the day before too', async () => {
    const { ports, clock, drop, takeIn } = await pipelineWorld();
    await drop('web', { 'traffic.csv': day('2025-07-01') });
    const { token } = await takeIn();
    await ports.runs.releaseLease(token);
    await drop('web', { 'late.csv': day('2025-07-02') });
    clock.now = '2025-08-21T06:00:00.000Z';
    await drop('web', { 'next.csv': day('2025-07-03') });
    const planned = await plan(daily(clock.now), ports);
    const [delivery] = (await getJson<Delivery[]>(ports.data, planned.deliveriesKey))!;
    expect(delivery!.files.map((f) => f.name)).toEqual(['late.csv', 'next.csv']);
  });

  it('lists nothing but what was landed for it, where it is told', async () => {
    const { ports, clock, drop } = await pipelineWorld();
    await drop('web', { 'old.csv': day('2025-07-01') });
    const [key] = await drop('web', { 'new.csv': day('2025-07-02') });
    const planned = await plan({ ...daily(clock.now), landed: [key!] }, ports);
    const deliveries = (await getJson<Delivery[]>(ports.data, planned.deliveriesKey))!;
    expect(deliveries.flatMap((d) => d.files)).toEqual([{ key, name: 'new.csv' }]);
  });

  it('judges by the date of its schedule in the zone of the organisation', async () => {
    const { ports } = await pipelineWorld();
    const late = '2025-08-20T22:30:00.000Z';
    const planned = await plan(daily(late), ports);
    expect(planned.asOf).toBe('2025-08-21');
    expect(planned.runId).toBe('daily-20250820T223000000Z');
    expect(await getJson(ports.data, runKeys.run(planned.runId))).toEqual({
      kind: 'daily',
      scheduledAt: late,
    });
    expect(await ports.runs.getRun('daily', late)).toMatchObject({ status: 'running', asOf: '2025-08-21' });
    expect(dateIn('America/New_York', new Date(late))).toBe('2025-08-20');
  });
});
