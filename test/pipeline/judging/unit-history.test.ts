import { describe, expect, it } from 'vitest';
import type { Row } from '../../../lib/model/datasets.ts';
import { dayNumber } from '../../../lib/model/day.ts';
import type { UnitHistory } from '../../../lib/model/history.ts';
import { noHolidays } from '../../../lib/model/holidays.ts';
import type { SeriesDays, UnitData } from '../../../lib/model/unit-data.ts';
import { firstDayOf, historiesOf, lastDayOf } from '../../../lib/pipeline/judging/unit-history.ts';
import { emptyUnit } from '../../../lib/pipeline/unit-rows.ts';
import { leadOf, sqlOf } from '../../fixtures/generators.ts';

type Records = UnitData['records'];
const agreement = { decideWithin: '2bd' };

/** Data of a unit: everything given, the rest empty. */
function data(given: Omit<Partial<UnitData>, 'records'> & { records?: Partial<Records> }): UnitData {
  const empty = emptyUnit('all');
  return { ...empty, ...given, records: { ...empty.records, ...given.records } };
}
const at = (given: Parameters<typeof data>[0], asOf: string) =>
  historiesOf(data(given), agreement, noHolidays)(asOf);
const on = (history: UnitHistory, values: readonly (number | null)[], day: string) =>
  values[dayNumber(day) - dayNumber(history.firstDay)];

const series = (source: string, days: Record<string, number>): SeriesDays => ({
  dimensions: { source, medium: 'organic', channel: 'organic' },
  days: Object.fromEntries(
    Object.entries(days).map(([day, n]) => [day, { unique_visitors: n, sessions: n + 1 }]),
  ),
});
const web = (...of: SeriesDays[]) => [{ source: 'web', series: of, refused: {} }];
const june = { '2026-06-01': 10, '2026-06-02': 20, '2026-06-04': 40 };

describe('traffic', () => {
  const history = at(
    { traffic: web(series('google', june), series('bing', { '2026-06-02': 3 })) },
    '2026-06-10',
  )!;

  it('is missing on a date without any row, and 0 of a source absent on a covered one', () => {
    expect(history.traffic!.visitors.slice(0, 4)).toEqual([10, 23, null, 40]);
    const bing = history.traffic!.sources.find((s) => s.name === 'bing / organic')!;
    expect(bing.visitors.slice(0, 4)).toEqual([0, 3, null, 0]);
  });

  it('is missing after its last date, and the history goes on to the judging date', () => {
    expect(history.length).toBe(10);
    expect(on(history, history.traffic!.visitors, '2026-06-05') ?? null).toBeNull();
  });

  it('is missing where one of two sources that deliver around it is', () => {
    const both = at(
      {
        traffic: [
          ...web(series('google', { ...june, '2026-06-03': 30 })),
          { source: 'app', series: [series('app', june)], refused: {} },
        ],
      },
      '2026-06-10',
    )!;
    expect(both.traffic!.visitors.slice(0, 4)).toEqual([20, 40, null, 80]);
  });

  it('is missing in an outage declared before it began, and stays in one that was not', () => {
    const outage = (declared_at: string | null): Row<'calendar'> =>
      ({
        date_from: '2026-06-02',
        date_to: '2026-06-02',
        kind: 'outage',
        channel: null,
        source: null,
        metric: null,
        declared_at,
        declared_by: null,
        unit: null,
        key_version: '1',
      }) as Row<'calendar'>;
    const visitors = (declared: string | null) =>
      at({ traffic: web(series('google', june)), records: { calendar: [outage(declared)] } }, '2026-06-10')!
        .traffic!.visitors[1];
    expect([visitors('2026-06-01'), visitors('2026-06-03'), visitors(null)]).toEqual([null, 20, 20]);
  });

  it('ends at the judging date: nothing later is in it', () => {
    const early = at({ traffic: web(series('google', june)) }, '2026-06-02')!;
    expect([early.length, early.traffic!.visitors]).toEqual([2, [10, 20]]);
    expect(at({ traffic: web(series('google', june)) }, '2026-05-31')).toBeNull();
  });
});

describe('records', () => {
  it('are known from their entry on', () => {
    const late = { ...leadOf('L2', '2026-06-02T09:00:00'), record_entered_at: '2026-06-20T09:00:00' };
    const leads = [leadOf('L1', '2026-06-01T09:00:00'), late];
    expect(at({ records: { leads } }, '2026-06-19')!.leads!.rows.map((l) => l.lead_id)).toEqual(['L1']);
    expect(at({ records: { leads } }, '2026-06-20')!.leads!.daily.slice(0, 3)).toEqual([1, 1, 0]);
  });

  it('are 0 on a day without a row, and missing once a week has gone without any', () => {
    const { leads } = at({ records: { leads: [leadOf('L1', '2026-06-01T09:00:00')] } }, '2026-06-20')!;
    expect(leads!.daily.slice(0, 8)).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    expect(leads!.daily[8] ?? null).toBeNull();
  });

  it('of deals are open until the day they were won or lost', () => {
    const deal = {
      deal_id: 'D1',
      created_at: '2026-06-01T09:00:00',
      stage: 'won',
      won_at: '2026-06-10',
      lost_at: null,
      origin: 'marketing',
      amount: 100,
      sql_id: null,
      contact_email: null,
    } as Row<'deals'>;
    const stage = (asOf: string) => at({ records: { deals: [deal] } }, asOf)!.deals!.rows[0]!;
    expect(stage('2026-06-09')).toMatchObject({ stage: 'open', won_at: null });
    expect(stage('2026-06-10')).toMatchObject({ stage: 'won', won_at: '2026-06-10' });
  });

  it('of claims are known from the day they were reported', () => {
    const claim = { period: '2026-06', kpi: 'leads', value: 1, reported_at: '2026-07-03T10:00:00' };
    const records = { leads: [leadOf('L1', '2026-06-01T09:00:00')], claims: [claim as Row<'claims'>] };
    expect(at({ records }, '2026-07-02')!.claims).toEqual([]);
    expect(at({ records }, '2026-07-03')!.claims).toHaveLength(1);
  });

  it('of SQLs are counted by the day of delivery, never of decision', () => {
    const {
      decidedOn: _d,
      isContested: _c,
      isOverdue: _o,
      ...sql
    } = sqlOf('L1', '2026-06-02', '2026-06-20', true, '2026-12-31');
    const { sqls, firstDay } = at({ records: { sqls: [sql] } }, '2026-06-30')!;
    expect(firstDay).toBe('2026-06-02');
    expect(sqls!.daily.slice(0, 2)).toEqual([1, 0]);
  });

  it('of restatements are known from the day they were first seen', () => {
    const restatement = {
      dataset: 'traffic',
      date: '2026-06-01',
      series: 'x',
      metric: 'unique_visitors',
      old: 1,
      new: 2,
      seenOn: '2026-06-08',
      batch: 'b',
    };
    const given = { traffic: web(series('google', june)), restatements: [restatement] };
    expect(at(given, '2026-06-07')!.restatements).toEqual([]);
    expect(at(given, '2026-06-08')!.restatements).toEqual([restatement]);
  });
});

describe('the reach of the data', () => {
  it('begins with the first date counted, and ends with the newest anything happened on', () => {
    const claim = { reported_at: '2026-07-03T10:00:00' } as Row<'claims'>;
    const all = data({ traffic: web(series('google', june)), records: { claims: [claim] } });
    expect([firstDayOf(all), lastDayOf(all)]).toEqual(['2026-06-01', '2026-07-03']);
    expect([firstDayOf(data({})), lastDayOf(data({}))]).toEqual([null, null]);
  });

  const dealsOn = (...days: string[]) => {
    const deals = days.map(
      (day, i) => ({ deal_id: `D-${i}`, created_at: day, stage: 'open' }) as Row<'deals'>,
    );
    return at({ records: { deals } }, '2026-06-30')!;
  };

  it('holds quiet days of records for 0 as long as four of their mean gaps, at least a week', () => {
    const monthly = dealsOn('2026-03-02', '2026-04-01', '2026-05-05', '2026-06-01');
    expect(on(monthly, monthly.deals!.daily, '2026-06-30')).toBe(0);
    const daily = dealsOn(
      ...Array.from({ length: 20 }, (_, i) => `2026-06-${String(i + 1).padStart(2, '0')}`),
    );
    expect(on(daily, daily.deals!.daily, '2026-06-27')).toBe(0);
    expect(on(daily, daily.deals!.daily, '2026-06-28')).toBeNull();
  });

  it('does not know at a date that a source silent then came back later', () => {
    const busy = Array.from({ length: 20 }, (_, i) =>
      leadOf(`L${i}`, `2026-06-${String(i + 1).padStart(2, '0')}T09:00:00`),
    );
    const back = leadOf('L99', '2026-07-20T09:00:00');
    const during = at({ records: { leads: [...busy, back] } }, '2026-07-10')!;
    expect(on(during, during.leads!.daily, '2026-06-27')).toBe(0);
    expect(on(during, during.leads!.daily, '2026-06-28')).toBeNull();
    expect(during.leads!.daily).toEqual(at({ records: { leads: busy } }, '2026-07-10')!.leads!.daily);
    const after = at({ records: { leads: [...busy, back] } }, '2026-07-20')!;
    expect(on(after, after.leads!.daily, '2026-06-28')).toBe(0);
  });
});
