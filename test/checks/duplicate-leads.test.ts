import { describe, expect, it } from 'vitest';
import { duplicateLeads } from '../../lib/checks/duplicate-leads.ts';
import type { Row } from '../../lib/model/datasets.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';
import { leadsOn, recordsOnly } from '../fixtures/records.ts';
import { keepsItsPage } from './page.ts';
import { failures, reasonOf, run } from './run.ts';

type Lead = Row<'leads'>;

/** 100 leads of August, `same` with the address of a June lead and `near` with its phone and nearly its address. */
function augustLeads(same: number, near: number, before: readonly Lead[] = juneLeads) {
  const rows = leadsOn('2026-08-10', 100, (k) => {
    if (k < same) return { email: `hash-2026-06-10#${k}` };
    if (k < same + near)
      return { phone_last9: `last9-2026-06-10#${k}`, email_local_keys: ['x', `${k}-2`, ...letters] };
    return {};
  });
  return checkInput(recordsOnly({ leads: [...before, ...rows] }), '2026-08');
}

const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const juneLeads = leadsOn('2026-06-10', 200, (k) => ({
  email_local_keys: [`${k}-1`, `${k}-2`, ...letters.map((l) => `${k}${l}`)],
}));

describe('duplicate-leads', () => {
  keepsItsPage(duplicateLeads);

  it('proves a repeated address record by record, and takes the later lead', () => {
    const [found, more] = failures(run(duplicateLeads, augustLeads(6, 0)));
    expect(found).toMatchObject({ messageId: 'repeated', proof: true, severity: 'watch', observed: 6 });
    expect(found?.records).toEqual([0, 1, 2, 3, 4, 5].map((k) => `2026-08-10#${k}`));
    expect(more).toBeUndefined();
  });

  it('asks for a decision at five probable duplicates in a hundred leads, and never calls them proof', () => {
    const [found] = failures(run(duplicateLeads, augustLeads(0, 5)));
    expect(found).toMatchObject({ messageId: 'probable', severity: 'review', observed: 5, effect: 0.05 });
    expect(found?.proof).not.toBe(true);
    expect(found?.data.posterior).toBeGreaterThan(0.99);
  });

  it('passes four probable duplicates in a hundred leads, and their small p counts nowhere', () => {
    expect(run(duplicateLeads, augustLeads(0, 4))).toMatchObject({ status: 'pass', p: null });
  });

  it('counts repeated and probable ones together', () => {
    const found = failures(run(duplicateLeads, augustLeads(2, 3)));
    expect(found.map((f) => [f.messageId, f.severity, f.records?.length])).toEqual([
      ['repeated', 'watch', 2],
      ['probable', 'review', 3],
    ]);
  });

  it('gives a few repeats no p, so that they cannot corroborate', () => {
    expect(failures(run(duplicateLeads, augustLeads(4, 0)))[0]?.p).toBeNull();
    expect(failures(run(duplicateLeads, augustLeads(5, 0)))[0]?.p).toBeLessThan(1e-3);
  });

  it('holds a unit with many repeats against its own share', () => {
    const before = [
      ...juneLeads,
      ...leadsOn('2026-07-10', 200, (k) => (k < 20 ? { email: `hash-2026-06-10#${k + 50}` } : {})),
    ];
    const [found] = failures(run(duplicateLeads, augustLeads(6, 0, before)));
    expect(found?.data).toMatchObject({ ownShare: 0.05, leadsBefore: 400, repeatedBefore: 20 });
    expect(found?.p).toBeGreaterThan(0.3);
  });

  it('takes nobody for a duplicate whose address holds other digits', () => {
    const rows = leadsOn('2026-08-10', 100, (k) => ({
      phone_last9: `last9-2026-06-10#${k}`,
      email_local_keys: ['x', `${k}-2`, ...letters],
      email_local_digits: `digits-${k}`,
    }));
    const input = checkInput(recordsOnly({ leads: [...juneLeads, ...rows] }), '2026-08');
    expect(run(duplicateLeads, input).status).toBe('pass');
  });

  it('does not look back further than its months', () => {
    const old = leadsOn('2026-01-10', 10);
    const rows = leadsOn('2026-08-10', 100, (k) => (k < 10 ? { email: `hash-2026-01-10#${k}` } : {}));
    const input = checkInput(recordsOnly({ leads: [...old, ...rows] }), '2026-08');
    expect(failures(run(duplicateLeads, input)).length).toBe(1);
    expect(run(duplicateLeads, input, { lookBackMonths: 7 }).status).toBe('fail');
    expect(run(duplicateLeads, input, { lookBackMonths: 6 }).status).toBe('pass');
  });

  it('does not compare hashes of another key version', () => {
    const rows = leadsOn('2026-08-10', 100, (k) => ({ email: `hash-2026-06-10#${k}`, key_version: '2' }));
    const input = checkInput(recordsOnly({ leads: [...juneLeads, ...rows] }), '2026-08');
    expect(run(duplicateLeads, input).status).toBe('pass');
  });

  it('gives the same records in any order of the rows, and under renamed people', () => {
    const rows = recordsOnly({
      leads: [
        ...juneLeads,
        ...leadsOn('2026-08-10', 100, (k) => (k < 8 ? { email: `hash-2026-06-10#${k}` } : {})),
      ],
    });
    const records = (leads: readonly Lead[]) =>
      failures(
        run(duplicateLeads, checkInput({ ...rows, leads: { ...rows.leads!, rows: leads } }, '2026-08')),
      )[0]?.records?.toSorted();
    const plain = records(rows.leads!.rows);
    expect(plain?.length).toBe(8);
    expect(records(rows.leads!.rows.toReversed())).toEqual(plain);
    const renamed = rows.leads!.rows.map((r) => ({
      ...r,
      email: `other-${r.email}`,
      phone_last9: `other-${r.phone_last9}`,
    }));
    expect(records(renamed)).toEqual(plain);
  });

  it('could not tell without addresses, or without leads', () => {
    const bare = leadsOn('2026-08-10', 10, () => ({ email: null, phone_last9: null }));
    expect(reasonOf(run(duplicateLeads, checkInput(recordsOnly({ leads: bare }), '2026-08')))).toBe(
      'few-addresses',
    );
    expect(reasonOf(run(duplicateLeads, checkInput(recordsOnly({ leads: juneLeads }), '2026-08')))).toBe(
      'no-leads-in-period',
    );
    expect(reasonOf(run(duplicateLeads, checkInput(recordsOnly({}), '2026-08')))).toBe('no-lead-records');
  });

  it('passes quiet companies', () => {
    for (let seed = 1; seed <= 5; seed += 1)
      expect(run(duplicateLeads, checkInput(quietHistory({ seed, days: 239 }), '2026-08')).status).toBe(
        'pass',
      );
  });
});
