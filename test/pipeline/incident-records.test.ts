import { describe, expect, it } from 'vitest';
import { addDays } from '../../lib/model/day.ts';
import type { Incident } from '../../lib/model/incident.ts';
import { incidentIn } from '../../lib/pipeline/incident-records.ts';
import { csvOf, madeCompany } from '../local/made-company.ts';
import { anIncident } from '../reports/sample.ts';
import { pipelineWorld } from './world.ts';

/** A world that is told of incidents day after day. */
async function told() {
  const world = await pipelineWorld();
  let hour = 0;
  return {
    ...world,
    async on(asOf: string, ...incidents: Incident[]) {
      hour += 1;
      world.clock.now = `2026-08-20T${String(hour).padStart(2, '0')}:00:00.000Z`;
      await world.flagged({ incidents: incidents.map((i) => ({ ...i, asOf })) }, asOf);
    },
    alerts: () =>
      world.published.flatMap(({ topic, alert }) => (topic === 'chat' ? [] : [`${topic} ${alert.id}`])),
    stored: async () =>
      (await world.ports.flags.listIncidents('all'))
        .map(incidentIn)
        .map((i) => `${i.id} ${i.ending ?? 'open'}`),
  };
}

const open = anIncident({ from: '2026-08-03', to: '2026-08-05', state: 'open', ending: null });
const closed = anIncident({ from: '2026-08-03', to: '2026-08-06', state: 'closed', ending: 'ordinary' });
const opening = 'operations incident@all@visitors.drop.2026-08-03@open';
const closing = 'operations incident@all@visitors.drop.2026-08-03@closed';

describe('an incident in the store', () => {
  it('alerts once when it opens and once when it is over', async () => {
    const { on, alerts, stored } = await told();
    await on('2026-08-05', open);
    await on('2026-08-06', open);
    expect([alerts(), await stored()]).toEqual([[opening], ['visitors.drop.2026-08-03 open']]);
    await on('2026-08-08', closed);
    await on('2026-08-08', closed);
    await on('2026-08-09', closed);
    expect([alerts(), await stored()]).toEqual([[opening, closing], ['visitors.drop.2026-08-03 ordinary']]);
  });

  it('alerts of both when it is first seen after its end', async () => {
    const { on, alerts } = await told();
    await on('2026-08-20', closed);
    expect(alerts()).toEqual([opening, closing]);
  });

  it('alerts on the 35th day after it opened and not later', async () => {
    const last = await told();
    await last.on('2026-09-07', closed);
    expect(last.alerts()).toHaveLength(2);
    const late = await told();
    await late.on('2026-09-08', closed);
    expect(late.alerts()).toEqual([]);
  });

  it('alerts of the end of a long one that was told of before', async () => {
    const { on, alerts } = await told();
    await on('2026-08-05', open);
    await on('2026-10-10', { ...closed, to: '2026-10-07' });
    expect(alerts()).toEqual([opening, closing]);
  });

  it('is withdrawn with one alert when its numbers changed and it is found no more', async () => {
    const { on, alerts, stored } = await told();
    await on('2026-08-05', { ...open, provisional: true });
    await on('2026-08-07');
    await on('2026-08-08');
    expect([alerts(), await stored()]).toEqual([[opening, closing], ['visitors.drop.2026-08-03 withdrawn']]);
  });

  it('does not alert while the calendar explains it', async () => {
    const { on, alerts, stored } = await told();
    const explainedBy = { kind: 'outage', from: '2026-08-03', to: '2026-08-05', declaredOn: '2026-08-01' };
    await on('2026-08-05', { ...open, explainedBy });
    await on('2026-08-08', { ...closed, explainedBy });
    expect([alerts(), await stored()]).toEqual([[], ['visitors.drop.2026-08-03 ordinary']]);
  });

  it('is left alone by a run for an earlier date', async () => {
    const { on, alerts, stored } = await told();
    await on('2026-08-08', closed);
    await on('2026-08-04', open);
    await on('2026-08-02');
    expect([alerts().length, await stored()]).toEqual([2, ['visitors.drop.2026-08-03 ordinary']]);
  });
});

describe('a run of the pipeline', () => {
  it('opens and closes an outage of three days, once each', async () => {
    const isOut = (date: string) => date >= '2025-07-22' && date < '2025-07-25';
    const { traffic, leads, sqls } = madeCompany();
    const lines = traffic.map((t) =>
      isOut(String(t.date)) ? { ...t, unique_visitors: 1, sessions: 1, engaged_sessions: 0 } : t,
    );
    const { clock, drop, wholeRun, published, ports } = await pipelineWorld();
    const alerts = () =>
      published.flatMap(({ topic, alert }) =>
        topic === 'operations' && alert.id.includes('visitors.drop.2025-07-22') ? [alert] : [],
      );
    const until = async (asOf: string) => {
      clock.now = `${asOf}T05:00:00.000Z`;
      const upTo = (date: unknown) => String(date) < asOf && String(date) >= addDays(asOf, -250);
      await drop('web', { [`traffic-${asOf}.csv`]: csvOf(lines.filter((t) => upTo(t.date))) });
      await drop('crm', { [`leads-${asOf}.csv`]: csvOf(leads.filter((l) => upTo(l.created_at))) });
      await drop('sales', { [`sqls-${asOf}.csv`]: csvOf(sqls.filter((s) => upTo(s.delivered_at))) });
      await wholeRun(asOf);
    };
    await until('2025-07-24');
    expect(alerts()).toMatchObject([
      {
        id: 'incident@all@visitors.drop.2025-07-22@open',
        topics: ['operations', 'chat'],
        plan: null,
        json: { incident: { provisional: true } },
      },
    ]);
    await until('2025-07-30');
    expect(alerts().map((a) => a.id)).toEqual([
      'incident@all@visitors.drop.2025-07-22@open',
      'incident@all@visitors.drop.2025-07-22@closed',
    ]);
    const stored = (await ports.flags.listIncidents('all')).map(incidentIn);
    expect(stored.filter((i) => i.from === '2025-07-22')).toMatchObject([
      {
        id: 'visitors.drop.2025-07-22',
        to: '2025-07-25',
        state: 'closed',
        ending: 'ordinary',
        provisional: false,
      },
    ]);
    expect((await ports.flags.listAssessments()).filter((a) => a.verdict === 'review')).toEqual([]);
  });
});
