import { describe, expect, it } from 'vitest';
import { leadPlaces } from '../../../lib/checks/lead-places.ts';
import type { Agreement } from '../../../lib/model/config.ts';
import type { Row } from '../../../lib/model/datasets.ts';
import { noHolidays } from '../../../lib/model/holidays.ts';
import { sqlCases, type WonElsewhere } from '../../../lib/pipeline/judging/sql-cases.ts';
import { leadOf, sqlOf } from '../../fixtures/generators.ts';

type SqlRow = Row<'sqls'>;
const agreement: Agreement = {
  decideWithin: '2bd',
  reasons: ['not_icp', { code: 'no_intent', needsContact: true }],
};
const nothing: WonElsewhere = { sqlIds: new Set(), leadIds: new Set() };

/** A row of a lead delivered on a Monday, accepted three days later; anything replaced. */
function row(lead: string, over: Partial<SqlRow> = {}): SqlRow {
  const {
    decidedOn: _on,
    isContested: _c,
    isOverdue: _o,
    ...plain
  } = sqlOf(lead, '2026-06-01', '2026-06-04', true, '2026-12-31');
  return { ...plain, ...over };
}
const rejected = (lead: string, over: Partial<SqlRow> = {}) =>
  row(lead, { disposition: 'rejected', reason: 'not_icp', ...over });
const at = (asOf: string, rows: SqlRow[], won = nothing, over: Partial<Agreement> = {}) =>
  sqlCases(rows, { ...agreement, ...over }, noHolidays)(asOf, won);

describe('a delivered SQL', () => {
  it('is known from its entry on, pending until its decision', () => {
    const rows = [row('L1', { record_entered_at: '2026-06-02T10:00:00' })];
    expect(at('2026-06-01', rows)).toEqual([]);
    expect(at('2026-06-03', rows)).toMatchObject([
      { disposition: 'pending', decidedOn: null, decided_at: null },
    ]);
    expect(at('2026-06-04', rows)).toMatchObject([{ disposition: 'accepted', decidedOn: '2026-06-04' }]);
  });

  it('holds the latest decision known at the date, whatever the order of its rows', () => {
    const history = [
      row('L1', { disposition: 'pending', decided_at: null }),
      row('L1', { disposition: 'accepted', decided_at: '2026-06-05T10:00:00' }),
      rejected('L1', { decided_at: '2026-06-20T10:00:00' }),
    ];
    for (const rows of [history, [...history].reverse()])
      expect(
        ['2026-06-04', '2026-06-05', '2026-06-19', '2026-06-20'].map(
          (date) => at(date, rows)[0]!.disposition,
        ),
      ).toEqual(['pending', 'accepted', 'accepted', 'rejected']);
  });

  it('holds one of two decisions dated alike, the same whatever the order of its rows', () => {
    const history = [row('L1'), rejected('L1'), rejected('L1', { reason: 'no_intent' })];
    for (const rows of [history, [...history].reverse()])
      expect(at('2026-06-30', rows)[0]!.disposition).toBe('accepted');
    const [, a, b] = history;
    expect(at('2026-06-30', [a!, b!])).toEqual(at('2026-06-30', [b!, a!]));
  });

  it('finds its lead at every date, also where its decisions come row by row', () => {
    const delivered_at = '2026-07-01T10:00:00';
    const second = row('L2', { delivered_at, record_entered_at: delivered_at, decided_at: '2026-07-03' });
    const rows = [row('L1'), { ...second, disposition: 'pending', decided_at: null } as const, second];
    const casesAt = sqlCases(rows, agreement, noHolidays);
    const leads = [leadOf('L1', '2026-06-01'), leadOf('L2', '2026-06-30')];
    const known = { rows: leads, startOf: null, daily: [], first: 0, last: 30 };
    expect([...leadPlaces(casesAt('2026-06-10', nothing), known)]).toEqual([0]);
    expect([...leadPlaces(casesAt('2026-07-10', nothing), known)]).toEqual([0, 1]);
  });

  it('has had no contact before the day of it', () => {
    const rows = [row('L1', { first_contact_at: '2026-06-10T09:00:00' })];
    const contact = (date: string) => at(date, rows)[0]!.first_contact_at;
    expect(['2026-06-09', '2026-06-10'].map(contact)).toEqual([null, '2026-06-10T09:00:00']);
  });

  it('is overdue on the day after the last business day sales had, and no longer once decided', () => {
    const rows = [row('L1', { decided_at: '2026-06-10T10:00:00' })];
    // Delivered on Monday: due on Wednesday.
    const isOverdue = (date: string) => at(date, rows)[0]!.isOverdue;
    expect(['2026-06-03', '2026-06-04', '2026-06-09', '2026-06-10'].map(isOverdue)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('starts its clock later when more are delivered a day than sales can take', () => {
    const rows = ['L1', 'L2', 'L3'].map((lead) => row(lead, { decided_at: '2026-06-20T10:00:00' }));
    const overdue = (date: string) => at(date, rows, nothing, { capacityPerDay: 2 }).map((c) => c.isOverdue);
    expect(overdue('2026-06-04')).toEqual([true, true, false]);
    expect(overdue('2026-06-05')).toEqual([true, true, true]);
  });
});

describe('a rejection', () => {
  const contested = (over: Partial<SqlRow>, won = nothing) =>
    at('2026-06-30', [rejected('L1', over), rejected('L2')], won)[0]!.isContested;

  it.each<[string, Partial<SqlRow>, boolean]>([
    ['for an agreed reason stands', { reason: 'not_icp', first_contact_at: null, attempts: null }, false],
    ['for another reason is contested', { reason: 'bad_mood' }, true],
    ['without a reason is contested', { reason: null }, true],
    ['that needs contact stands after one', { reason: 'no_intent', attempts: null }, false],
    [
      'that needs contact stands after an attempt',
      { reason: 'no_intent', first_contact_at: null, attempts: 1 },
      false,
    ],
    [
      'that needs contact is contested without one',
      { reason: 'no_intent', first_contact_at: null, attempts: null },
      true,
    ],
    [
      'that needs contact is contested after no attempts',
      { reason: 'no_intent', first_contact_at: null, attempts: 0 },
      true,
    ],
  ])('%s', (_name, over, expected) => {
    expect(contested(over)).toBe(expected);
  });

  it('that needs contact is contested until the day of it', () => {
    const rows = [rejected('L1', { reason: 'no_intent', attempts: null, first_contact_at: '2026-06-20' })];
    expect(['2026-06-19', '2026-06-20'].map((date) => at(date, rows)[0]!.isContested)).toEqual([true, false]);
  });

  it('is contested when the SQL or its lead was won later under another origin', () => {
    expect(contested({}, { sqlIds: new Set(['S-L1']), leadIds: new Set() })).toBe(true);
    expect(contested({}, { sqlIds: new Set(), leadIds: new Set(['L1']) })).toBe(true);
  });

  it('is not contested for want of a reason where no file holds reasons at all', () => {
    const rows = [rejected('L1', { reason: null }), row('L2')];
    expect(at('2026-06-30', rows)[0]!.isContested).toBe(false);
    // The first reason given asks for one of every rejection, but only from its own day on.
    const later = [...rows, rejected('L3', { decided_at: '2026-07-10T10:00:00' })];
    expect(['2026-07-09', '2026-07-10'].map((date) => at(date, later)[0]!.isContested)).toEqual([
      false,
      true,
    ]);
  });
});

describe('a lead delivered again', () => {
  const again = (delivered: string, over: Partial<SqlRow> = {}) =>
    row('L1', { sql_id: 'S-again', delivered_at: `${delivered}T10:00:00`, record_entered_at: null, ...over });
  const ids = (rows: SqlRow[]) => at('2026-12-31', rows).map((c) => [c.sql_id, c.delivered_at.slice(0, 10)]);

  it('within 90 days counts once, in the first period, with what is decided last', () => {
    const rows = [rejected('L1'), again('2026-08-30', { decided_at: '2026-09-02T10:00:00' })];
    const cases = at('2026-12-31', rows);
    expect(cases.map((c) => [c.sql_id, c.delivered_at.slice(0, 10), c.disposition])).toEqual([
      ['S-L1', '2026-06-01', 'accepted'],
    ]);
    // Before it came again it was rejected.
    expect(at('2026-08-01', rows)[0]!.disposition).toBe('rejected');
  });

  it('after more than 90 days counts again', () => {
    expect(ids([row('L1'), again('2026-08-31')])).toEqual([
      ['S-L1', '2026-06-01'],
      ['S-again', '2026-08-31'],
    ]);
  });

  it('counts again once its date to come back has passed', () => {
    const returned = row('L1', { disposition: 'returned', revisit_at: '2026-07-01' });
    expect(ids([returned, again('2026-07-01')])).toHaveLength(2);
    expect(ids([returned, again('2026-06-30')])).toHaveLength(1);
  });

  it('is rejected as agreed without contact only when it was tried as often as agreed', () => {
    const tried = (attempts: number | null) => [
      rejected('L1', {
        reason: 'no_intent',
        first_contact_at: null,
        attempts,
        decided_at: '2026-06-05T10:00:00',
      }),
    ];
    const isContested = (attempts: number | null, over: Partial<Agreement> = {}) =>
      at('2026-06-30', tried(attempts), nothing, over)[0]!.isContested;
    expect([isContested(null), isContested(1)]).toEqual([true, false]);
    expect([2, 3].map((n) => isContested(n, { attempts: 3 }))).toEqual([true, false]);
  });
});
