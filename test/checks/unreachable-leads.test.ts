import { describe, expect, it } from 'vitest';
import { unreachableLeads } from '../../lib/checks/unreachable-leads.ts';
import type { Row } from '../../lib/model/datasets.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';
import { leadsOn, recordsOnly } from '../fixtures/records.ts';
import { keepsItsPage } from './page.ts';
import { failures, reasonOf, run } from './run.ts';

type Lead = Row<'leads'>;
const two: Partial<Lead> = { email_sign: 'disposable', phone_sign: 'impossible' };

function august(count: number, change: Partial<Lead> = two, total = 150, before: Partial<Lead> = {}) {
  const leads = [
    ...leadsOn('2026-06-10', 300, () => before),
    ...leadsOn('2026-08-10', total, (k) => (k < count ? change : {})),
  ];
  return checkInput(recordsOnly({ leads }), '2026-08');
}

describe('unreachable-leads', () => {
  keepsItsPage(unreachableLeads);

  it('asks for a decision on a tenth with two signs, and passes less than a twentieth', () => {
    expect(failures(run(unreachableLeads, august(15)))[0]).toMatchObject({
      severity: 'review',
      observed: 15,
      effect: 0.1,
      data: { badAddress: 15, impossiblePhone: 15, noVisit: 0 },
    });
    expect(run(unreachableLeads, august(8, two, 150), { floor: 0.001 }).status).toBe('fail');
    expect(run(unreachableLeads, august(7, two, 150), { floor: 0.001 })).toMatchObject({
      status: 'pass',
      p: null,
    });
    expect(run(unreachableLeads, august(4, two, 40)).status).toBe('pass');
  });

  it('takes one sign alone for nothing', () => {
    for (const one of [
      { email_sign: 'malformed' },
      { phone_sign: 'impossible' },
      { total_visits: 0 },
    ] as Partial<Lead>[])
      expect(run(unreachableLeads, august(150, one)).status).toBe('pass');
    expect(run(unreachableLeads, august(150, { email_sign: 'malformed', total_visits: 0 })).status).toBe(
      'fail',
    );
  });

  it('expects no visit of a lead of an event', () => {
    expect(
      run(unreachableLeads, august(150, { email_sign: 'malformed', total_visits: 0, channel: 'Event' }))
        .status,
    ).toBe('pass');
    expect(
      run(unreachableLeads, august(150, { email_sign: 'malformed', total_visits: 0, form: null })).status,
    ).toBe('pass');
  });

  it('calls no phone number impossible where most of the unit cannot be read', () => {
    expect(run(unreachableLeads, august(15, two, 150, { phone_sign: 'unparsable' })).status).toBe('pass');
    expect(run(unreachableLeads, august(15, { ...two, phone_sign: 'unparsable' })).status).toBe('pass');
  });

  it('could not tell without leads, and has nothing to judge without addresses', () => {
    expect(reasonOf(run(unreachableLeads, august(0, two, 0)))).toBe('no-leads-in-period');
    const bare = leadsOn('2026-08-10', 5, () => ({ email_sign: null, phone_sign: null }));
    expect(reasonOf(run(unreachableLeads, checkInput(recordsOnly({ leads: bare }), '2026-08')))).toBe(
      'no-addresses',
    );
    expect(reasonOf(run(unreachableLeads, checkInput(recordsOnly({}), '2026-08')))).toBe('no-lead-records');
  });

  it('passes quiet companies', () => {
    for (let seed = 1; seed <= 5; seed += 1)
      expect(run(unreachableLeads, checkInput(quietHistory({ seed, days: 239 }), '2026-08')).status).toBe(
        'pass',
      );
  });
});
