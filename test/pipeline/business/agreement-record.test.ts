import { describe, expect, it } from 'vitest';
import { noHolidays } from '../../../lib/model/holidays.ts';
import { agreementDocument, agreementRecords } from '../../../lib/pipeline/business/agreement-record.ts';
import { aConfig, asOf, historyOf, sql } from '../business-unit.ts';

const recordsOf = (
  sqls: Parameters<typeof historyOf>[0]['sqls'],
  agreement: Record<string, unknown> = {},
) => {
  const config = aConfig({ agreement: { decideWithin: '2bd', ...agreement } });
  return agreementRecords(historyOf({ sqls }, config), config.agreement, noHolidays);
};

describe('a record of the agreement', () => {
  // 2026-08-10 is a Monday.
  it('counts both halves, and every SQL once', () => {
    const [record] = recordsOf([
      sql('a', '2026-08-10', '2026-08-11'),
      sql('b', '2026-08-10', '2026-08-14', { disposition: 'rejected', reason: 'not_icp' }),
      sql('c', '2026-08-10', '2026-08-12', { disposition: 'returned' }),
      sql('d', '2026-08-10', null),
      sql('e', '2026-08-31', null),
    ]);
    expect(record).toMatchObject({
      delivered: 5,
      accepted: 1,
      rejected: 1,
      returned: 1,
      pending: 2,
      overdue: 1,
    });
    expect(record!.acceptedShare!.value).toBeCloseTo(1 / 3);
    // a and c in time, b and d late; e is not due yet.
    expect(record!.decidedInTime).toBe(0.5);
    expect(record!.undecided.map((u) => [u.sqlId, u.due, u.isOverdue])).toEqual([
      ['S-d', '2026-08-12', true],
      ['S-e', '2026-09-02', false],
    ]);
  });

  it('starts the clock of what is above capacity on the next business day', () => {
    const sqls = ['a', 'b', 'c'].map((id) => sql(id, '2026-08-14', '2026-08-18'));
    const [record] = recordsOf(sqls, { capacityPerDay: 2 });
    expect(record).toMatchObject({ aboveCapacity: 1, decidedInTime: 1 });
    expect(recordsOf(sqls)[0]!.aboveCapacity).toBeNull();
  });

  it('says of contacts only what is agreed and kept', () => {
    const sqls = [
      sql('a', '2026-08-10', '2026-08-14', { first_contact_at: '2026-08-11T09:00:00' }),
      sql('b', '2026-08-10', '2026-08-14', { first_contact_at: '2026-08-14T09:00:00' }),
    ];
    expect(recordsOf(sqls)[0]).toMatchObject({ contactedInTime: null, hoursToContact: 59 });
    expect(recordsOf(sqls, { contactWithin: '1bd' })[0]!.contactedInTime).toBe(0.5);
    const unkept = sqls.map((s) => ({ ...s, first_contact_at: null }));
    expect(recordsOf(unkept, { contactWithin: '1bd' })[0]).toMatchObject({
      contactedInTime: null,
      hoursToContact: null,
    });
  });

  it('tells rejections by reason, the agreed from the others', () => {
    const by = (id: string, reason: string | null) =>
      sql(id, '2026-08-10', '2026-08-11', { disposition: 'rejected', reason });
    const [record] = recordsOf([by('a', 'not_icp'), by('b', 'mood'), by('c', 'not_icp'), by('d', null)], {
      reasons: ['not_icp'],
    });
    expect(record!.reasons).toEqual([
      { reason: 'not_icp', count: 2, isAgreed: true },
      { reason: '', count: 1, isAgreed: false },
      { reason: 'mood', count: 1, isAgreed: false },
    ]);
    expect(record!.contested).toBe(2);
  });

  it('is on the page with what was agreed and who answers for it', () => {
    const config = aConfig({ goals: { owners: { sales: 'head of sales' } } });
    const page = agreementDocument(
      [historyOf({ sqls: [sql('a', '2026-08-10', null)] })],
      config,
      asOf,
      noHolidays,
    );
    expect(page.owners).toEqual({ marketing: null, sales: 'head of sales' });
    expect(page.terms).toMatchObject({ decideWithin: '2bd', floor: 0.6, capacityPerDay: null });
    expect(page.records).toHaveLength(1);
  });
});
