import { describe, expect, it } from 'vitest';
import { decide } from '../../lib/pipeline/decide.ts';
import { remindersAt } from '../../lib/pipeline/decide-reminders.ts';
import { anAssessment, anSqlFlag } from '../reports/sample.ts';
import { pipelineWorld } from './world.ts';

// Its decision is due on 14 August.
const flag = anSqlFlag({ period: '2025-07' });
const on = (asOf: string, assessments = [flag]) => remindersAt(assessments, asOf, 'Acme').map((r) => r.id);

describe('a reminder', () => {
  it('comes from three days before the due date until that date, always under the same id', () => {
    expect(on('2025-08-10')).toEqual([]);
    for (const asOf of ['2025-08-11', '2025-08-14']) expect(on(asOf)).toEqual(['reminder@2025-08-14']);
    expect(on('2025-08-15')).toEqual([]);
  });

  it('leaves out what is decided or certified, and counts what cannot be certified where pay is held', () => {
    const decision = { kind: 'confirmed', value: null, reason: 'other', at: '2025-08-09' } as const;
    const clear = anAssessment({ period: '2025-07' });
    const unable = anAssessment({ period: '2025-07', verdict: 'unable_to_certify' });
    expect(on('2025-08-12', [{ ...flag, decision }, clear, unable])).toEqual([]);
    expect(on('2025-08-12', [{ ...unable, money: flag.money }])).toHaveLength(1);
  });

  it('is one message a due date, with the money of all and the command for each', () => {
    const other = anSqlFlag({ period: '2025-07', kpi: 'leads' });
    const [one, ...rest] = remindersAt([flag, other], '2025-08-12', 'Acme');
    expect(rest).toEqual([]);
    expect(one!.subject).toBe('[DUE] 2 decisions by 14 Aug: USD 1,111.10 held');
    expect(one!.long).toContain('marketing-director/leads/all/2025-07');
    expect(one!.short.length).toBeLessThanOrEqual(160);
    expect(one!.topics).toContain('finance');
  });

  it('goes out once with the daily run, and not after the decision', async () => {
    const { ports, flagged, published, clock } = await pipelineWorld();
    const reminders = () => published.filter((p) => p.alert.json.kind === 'reminder').map((p) => p.topic);
    await flagged({ assessments: [flag] }, '2025-08-09');
    expect(reminders()).toEqual([]);
    for (const day of ['21', '22']) {
      clock.now = `2025-08-${day}T06:00:00.000Z`;
      await flagged({ assessments: [flag] }, '2025-08-12');
    }
    expect(reminders()).toEqual(['finance', 'chat']);

    const june = anSqlFlag({ period: '2025-06' });
    const act = {
      act: 'propose',
      flag: 'marketing-director/sqls_delivered/2025-06',
      kind: 'confirmed',
    } as const;
    await flagged({ assessments: [flag, june] }, '2025-07-01');
    await decide(
      { ...act, value: null, reason: 'other', comment: 'x', instead: false },
      { name: 'Sam', party: 'sales' },
      ports,
    );
    await decide({ act: 'approve', flag: act.flag }, { name: 'Fay', party: 'finance' }, ports);
    clock.now = '2025-08-23T06:00:00.000Z';
    await flagged({ assessments: [] }, '2025-07-12');
    expect(reminders()).toHaveLength(2);
  });
});
