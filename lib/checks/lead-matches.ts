import type { Row } from '../model/datasets.ts';
import { addMonths } from '../model/day.ts';
import { cutColumn, cutOf } from '../model/row-cut.ts';

type Lead = Row<'leads'>;

/** How a lead repeats an earlier one: the same address, or nearly the same person. */
export type MatchRule = 'email' | 'phone' | 'company';

/** A lead and the latest earlier one it repeats, as indices into the rows. */
export interface LeadMatch {
  readonly later: number;
  readonly earlier: number;
  readonly rule: MatchRule;
}

/** Limits of the comparison. */
export interface MatchLimits {
  /** Calendar months looked back. */
  readonly lookBackMonths: number;
  /** Least comparison keys of a local part that is matched with a phone number, and with a company and domain. */
  readonly phoneKeys: number;
  readonly companyKeys: number;
  /** Latest earlier leads of one phone number or company that are compared. */
  readonly blockSize: number;
}

const found = new WeakMap<readonly Lead[], Map<string, readonly (LeadMatch | null)[]>>();

/**
 * For every lead the latest earlier lead it repeats, from keyed hashes alone.
 *
 * `email`: the same canonical address. `phone`: the same last nine digits of the phone number and a near
 * local part. `company`: the same company and e-mail domain and a near local part. Two local parts are near
 * when they share a comparison key (at most one character dropped from each) and hold the same digits.
 * Pairs are looked for inside blocks only, so the work grows with the number of leads, not of pairs.
 *
 * @param rows leads in any order; never changed afterwards, since the result is kept with them.
 * @returns one entry a row in the order of `rows`; null for a lead that repeats none.
 * @example leadMatches(rows, limits).filter((m) => m?.rule === 'email').length
 */
export function leadMatches(rows: readonly Lead[], limits: MatchLimits): readonly (LeadMatch | null)[] {
  const { lookBackMonths, phoneKeys, companyKeys, blockSize } = limits;
  const key = [lookBackMonths, phoneKeys, companyKeys, blockSize].join();
  let byLimits = found.get(rows);
  if (!byLimits) {
    byLimits = new Map();
    found.set(rows, byLimits);
  }
  const held = byLimits.get(key);
  if (held) return held;
  const shared = sharedMatches(rows, limits);
  if (shared) {
    byLimits.set(key, shared);
    return shared;
  }

  const matches = new Array<LeadMatch | null>(rows.length).fill(null);
  const addresses = new Map<string, number>();
  const phones = new Map<string, number[]>();
  const companies = new Map<string, number[]>();
  let day = '';
  let earliest = '';
  for (const later of timeOrder(rows)) {
    const lead = rows[later]!;
    const version = lead.key_version;
    if (!lead.created_at.startsWith(day) || day === '') {
      day = lead.created_at.slice(0, 10);
      earliest = addMonths(day, -lookBackMonths);
    }
    const isRecent = (index: number) => rows[index]!.created_at >= earliest;
    const near = (block: number[] | undefined) =>
      block?.findLast((index) => isRecent(index) && isNear(rows[index]!, lead));

    const address = lead.email === null ? null : `${version}|${lead.email}`;
    const phone = lead.phone_last9 === null ? null : `${version}|${lead.phone_last9}`;
    const company =
      lead.company_key === null || lead.email_domain === null
        ? null
        : `${version}|${lead.company_key}|${lead.email_domain}`;
    const same = address === null ? undefined : addresses.get(address);
    const length = lead.email_local_keys?.length ?? 0;
    if (same !== undefined && isRecent(same)) matches[later] = { later, earlier: same, rule: 'email' };
    else {
      const byPhone = phone !== null && length >= phoneKeys ? near(phones.get(phone)) : undefined;
      const byCompany =
        byPhone === undefined && company !== null && length >= companyKeys
          ? near(companies.get(company))
          : undefined;
      if (byPhone !== undefined) matches[later] = { later, earlier: byPhone, rule: 'phone' };
      else if (byCompany !== undefined) matches[later] = { later, earlier: byCompany, rule: 'company' };
    }
    if (address !== null) addresses.set(address, later);
    if (phone !== null) keep(phones, phone, later, blockSize);
    if (company !== null) keep(companies, company, later, blockSize);
  }
  byLimits.set(key, matches);
  return matches;
}

/**
 * The matches of the whole list, where they hold for the part of it given: none is with a lead the part leaves out.
 * Null where they do not, or the rows are the whole list.
 */
function sharedMatches(rows: readonly Lead[], limits: MatchLimits): readonly (LeadMatch | null)[] | null {
  const { all, places } = cutOf(rows);
  if (all === rows) return null;
  const whole = leadMatches(all, limits);
  if (!places) return isOrdered(all) ? whole.slice(0, rows.length) : null;
  // A full block forgets its oldest leads, and which these are hangs on the leads left out.
  if (isForgetful(all, limits.blockSize)) return null;
  const within = new Int32Array(all.length).fill(-1);
  for (let i = 0; i < places.length; i += 1) within[places[i]!] = i;
  const part: (LeadMatch | null)[] = [];
  for (let i = 0; i < places.length; i += 1) {
    const match = whole[places[i]!]!;
    const earlier = match ? within[match.earlier]! : 0;
    if (earlier < 0) return null;
    part.push(match && { later: i, earlier, rule: match.rule });
  }
  return part;
}

const forgetful = new WeakMap<readonly Lead[], Map<number, boolean>>();

/** Whether more leads share a phone number or a company and domain than a block holds. */
function isForgetful(rows: readonly Lead[], blockSize: number): boolean {
  const bySize = forgetful.get(rows) ?? new Map<number, boolean>();
  forgetful.set(rows, bySize);
  const held = bySize.get(blockSize);
  if (held !== undefined) return held;
  const counts = new Map<string, number>();
  let most = 0;
  for (const { phone_last9: phone, company_key: company } of rows)
    for (const value of [phone && `p${phone}`, company && `c${company}`]) {
      if (value === null) continue;
      const count = (counts.get(value) ?? 0) + 1;
      counts.set(value, count);
      if (count > most) most = count;
    }
  bySize.set(blockSize, most > blockSize);
  return most > blockSize;
}

function keep(blocks: Map<string, number[]>, key: string, index: number, size: number): void {
  const block = blocks.get(key);
  if (!block) blocks.set(key, [index]);
  else {
    if (block.length >= size) block.shift();
    block.push(index);
  }
}

function isNear(a: Lead, b: Lead): boolean {
  if (a.email_local_digits !== b.email_local_digits) return false;
  const keys = a.email_local_keys ?? [];
  return (b.email_local_keys ?? []).some((k) => keys.includes(k));
}

/** Indices by time, then id: which of two leads is the earlier one must not hang on the order given. */
function timeOrder(rows: readonly Lead[]): Iterable<number> {
  const order = rows.map((_, i) => i);
  if (!isOrdered(rows)) order.sort((i, j) => (isAfter(rows[i]!, rows[j]!) ? 1 : -1));
  return order;
}

function isOrdered(rows: readonly Lead[]): boolean {
  return !rows.some((row, i) => i > 0 && isAfter(rows[i - 1]!, row));
}

function isAfter(a: Lead, b: Lead): boolean {
  return a.created_at === b.created_at ? a.lead_id > b.lead_id : a.created_at > b.created_at;
}

/** How often two leads of different people agree on a field. */
export interface ChanceAgreement {
  readonly phone: number;
  readonly company: number;
}

const byChance = new WeakMap<readonly Lead[], ChanceAgreement>();

/**
 * Chance that two leads drawn at random agree on the last nine digits of their phone number, and on their
 * company: the sum of squared shares of the values, so that a company many leads come from says little.
 *
 * @returns probabilities inside (0, 1): never below 1e-6 and never above 0.5.
 */
export function chanceAgreement(rows: readonly Lead[]): ChanceAgreement {
  const held = byChance.get(rows);
  if (held) return held;
  const made = {
    phone: repeatChance(valueCodes(rows, 'phone_last9')),
    company: repeatChance(valueCodes(rows, 'company_key')),
  };
  byChance.set(rows, made);
  return made;
}

const codes = new WeakMap<readonly Lead[], Map<string, Int32Array>>();

/** A number for each different value, in the order of their first row; -1 where there is none. */
function valueCodes(rows: readonly Lead[], column: 'phone_last9' | 'company_key'): Int32Array {
  return cutColumn(rows, (all) => {
    const byColumn = codes.get(all) ?? new Map<string, Int32Array>();
    codes.set(all, byColumn);
    const held = byColumn.get(column);
    if (held) return held;
    const numbers = new Map<string, number>();
    const made = Int32Array.from(all, (row) => {
      const value = row[column];
      if (value === null) return -1;
      const known = numbers.get(value);
      if (known === undefined) numbers.set(value, numbers.size);
      return known ?? numbers.size - 1;
    });
    byColumn.set(column, made);
    return made;
  });
}

function repeatChance(values: Int32Array): number {
  const counts = new Int32Array(values.reduce((most, value) => Math.max(most, value), -1) + 1);
  let known = 0;
  let pairs = 0;
  for (const value of values) {
    if (value < 0) continue;
    known += 1;
    pairs += 2 * counts[value]!;
    counts[value]! += 1;
  }
  return known < 2 ? 0.5 : Math.min(0.5, Math.max(1e-6, pairs / (known * (known - 1))));
}
