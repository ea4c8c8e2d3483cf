import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PlainRow, Row } from '../../lib/model/datasets.ts';
import {
  canonicalCompany,
  canonicalEmail,
  deletionNeighbours,
} from '../../lib/records/canonical-identity.ts';
import { IdentityNumbers } from '../../lib/records/identity-numbers.ts';
import { KeyedHash } from '../../lib/records/keyed-hash.ts';
import { Pseudonymiser } from '../../lib/records/pseudonymise.ts';
import { readText } from './reading.ts';

const key = Buffer.alloc(32, 7);
const pseudonymiser = new Pseudonymiser({
  hash: new KeyedHash(key),
  version: 'v1',
  country: (unit) => (unit === 'all' ? 'DE' : null),
});

async function lead(values: Partial<PlainRow<'leads'>>): Promise<Row<'leads'>> {
  const { rows } = await readText('leads', 'lead_id,created_at\n1,2026-08-01\n');
  return (await pseudonymiser.rows('leads', [{ ...rows[0]!, ...values }]))[0]!;
}

describe('KeyedHash', () => {
  it.each([16, 32, 64, 65, 200])('is HMAC-SHA-256 under a key of %i bytes', (length) => {
    const own = Buffer.alloc(length, 3);
    const wanted = createHmac('sha256', own).update('email\0jo@münchen.de').digest('hex').slice(0, 32);
    expect(new KeyedHash(own).of('email', 'jo@münchen.de')).toBe(wanted);
  });
  it('hashes texts longer than its buffer', () => {
    const text = 'é'.repeat(5000);
    const wanted = createHmac('sha256', key).update(`person\0${text}`).digest('hex').slice(0, 32);
    expect(new KeyedHash(key).of('person', text)).toBe(wanted);
  });
  it('refuses a key shorter than 16 bytes', () =>
    expect(() => new KeyedHash(Buffer.alloc(15))).toThrow(RangeError));
});

describe('IdentityNumbers', () => {
  it('tells kinds and texts apart and knows the ones it has met', () => {
    const numbers = new IdentityNumbers();
    const given = [
      numbers.of('email', 'jo'),
      numbers.of('person', 'jo'),
      numbers.of('email', 'al'),
      numbers.comparison('jo'),
    ];
    expect(new Set(given).size).toBe(4);
    expect(numbers.of('email', 'jo')).toBe(given[0]);
    expect(numbers.comparison('jo')).toBe(given[3]);
  });
});

describe('canonical forms', () => {
  it.each([
    ['Jo.Doe+news@GoogleMail.com ', 'jodoe@gmail.com', 'ok'],
    ['jo.doe+x@example.com', 'jo.doe@example.com', 'ok'],
    ['ＪＯ@example.com', 'jo@example.com', 'ok'],
    ['jo@mailinator.com', 'jo@mailinator.com', 'disposable'],
    ['jo@example', 'jo@example', 'malformed'],
    ['jo example.com', 'jo example.com', 'malformed'],
    ['a b@example.com', 'a b@example.com', 'malformed'],
  ])('%s is compared as %s and is %s', (text, address, sign) => {
    expect(canonicalEmail(text)).toMatchObject({ address, sign });
  });

  it.each([
    ['Acme GmbH', 'acme'],
    ['ACME, Inc.', 'acme'],
    ['Müller & Söhne GmbH & Co. KG', 'muller sohne'],
    ['Acme S.p.A.', 'acme'],
    ['AG', 'ag'],
    ['...', null],
  ])('company %s is compared as %s', (text, wanted) => expect(canonicalCompany(text)).toBe(wanted));

  it.each([
    ['anna', 'anna1'],
    ['anna', 'ana'],
    ['anna', 'anba'],
    ['anna', 'anna'],
  ])('%s and %s share a neighbour', (a, b) => {
    const of = new Set(deletionNeighbours(a));
    expect(deletionNeighbours(b).some((text) => of.has(text))).toBe(true);
  });
  it('two edits apart share none', () => {
    const of = new Set(deletionNeighbours('annabel'));
    expect(deletionNeighbours('anxxbel').some((text) => of.has(text))).toBe(false);
  });
});

describe('Pseudonymiser', () => {
  it('keeps nothing of a person in plain', async () => {
    const row = await lead({ email: 'jo.doe77@example.com', company: 'Acme GmbH', phone: '+49 30 1234567' });
    const text = JSON.stringify(row);
    for (const plain of ['jo', 'example', 'Acme', 'acme', '1234567']) expect(text).not.toContain(plain);
    expect('company' in row).toBe(false);
    expect(row).toMatchObject({ email_sign: 'ok', phone_sign: 'ok', key_version: 'v1' });
  });

  it('gives two spellings of one person the same hashes', async () => {
    const a = await lead({ email: 'Jo.Doe77@gmail.com', company: 'Acme GmbH', phone: '+49 30 1234567' });
    const b = await lead({ email: 'jodoe77+x@googlemail.com', company: 'ACME', phone: '030 / 123 45 67' });
    const { email, email_domain, email_local_digits, company_key, phone, phone_last9 } = a;
    expect(b).toMatchObject({ email, email_domain, email_local_digits, company_key, phone, phone_last9 });
  });

  it('lets local parts one edit apart share a key, and tells their digits apart', async () => {
    const a = await lead({ email: 'person1234@example.com' });
    const b = await lead({ email: 'person5234@example.com' });
    expect(a.email_local_keys!.filter((k) => b.email_local_keys!.includes(k))).not.toEqual([]);
    expect(a.email_local_digits).not.toBe(b.email_local_digits);
    expect(a.email_local_keys!.every((k) => /^[0-9a-f]{12}$/.test(k))).toBe(true);
  });

  it('leaves everything null without a value', async () => {
    expect(await lead({})).toMatchObject({
      email: null,
      email_domain: null,
      email_local_digits: null,
      email_local_keys: null,
      email_sign: null,
      company_key: null,
      phone: null,
      phone_last9: null,
      phone_sign: null,
    });
  });

  it('compares a phone the library cannot read by its last nine digits', async () => {
    const a = await lead({ phone: '+999 4875 1935' });
    const b = await lead({ phone: '00999-48751935', unit: 'other' });
    expect(a).toMatchObject({ phone: null, phone_sign: 'unparsable' });
    expect(a.phone_last9).toBe(b.phone_last9);
    expect((await lead({ phone: '123' })).phone_sign).toBe('impossible');
  });

  it('gives one address one hash in every dataset', async () => {
    const { rows } = await readText(
      'deals',
      'deal_id,created_at,stage,contact_email,owner\n1,2026-08-01,open,JO@example.com,Ann\n',
    );
    const [deal] = await pseudonymiser.rows('deals', rows);
    expect(deal!.contact_email).toBe((await lead({ email: 'jo@example.com' })).email);
    expect(deal!.owner).toMatch(/^[0-9a-f]{32}$/);
    expect('contact_email_sign' in deal!).toBe(false);
  });

  it('leaves notes out', async () => {
    const { rows } = await readText(
      'claims',
      'period,kpi,value,reported_at,note\n2026-08,leads,1,2026-09-01,secret\n',
    );
    expect(JSON.stringify(await pseudonymiser.rows('claims', rows))).not.toContain('secret');
  });
});
