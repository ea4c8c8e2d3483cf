import type { Row } from '../model/datasets.ts';
import { addMonths } from '../model/day.ts';
import { keptFor } from '../model/kept.ts';
import { cutColumn, cutOf, placesWithin } from '../model/row-cut.ts';

type Lead = Row<'leads'>;

/** How a lead repeats an earlier one: the same address, or nearly the same person. */
export type MatchRule = 'email' | 'phone' | 'company';

/** A lead and the latest earlier one it repeats. */
export interface LeadMatch {
  readonly later: Lead;
  readonly earlier: Lead;
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

/** The matches of a list of leads. */
interface Found {
  readonly matches: readonly (LeadMatch | null)[];
  /** Place of the earlier lead of each match. */
  readonly earlier: Int32Array;
  /** Whether more leads shared a phone number or a company and domain than a block holds. */
  readonly isForgetful: boolean;
}

const kept = keptFor<Found>();

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
  return matchesOf(rows, limits).matches;
}

function matchesOf(rows: readonly Lead[], limits: MatchLimits): Found {
  const { lookBackMonths, phoneKeys, companyKeys, blockSize } = limits;
  const key = [lookBackMonths, phoneKeys, companyKeys, blockSize].join();
  return kept([rows], key, () => sharedMatches(rows, limits) ?? findMatches(rows, limits));
}

function findMatches(
  rows: readonly Lead[],
  { lookBackMonths, phoneKeys, companyKeys, blockSize }: MatchLimits,
): Found {
  const matches = new Array<LeadMatch | null>(rows.length).fill(null);
  const earlier = new Int32Array(rows.length).fill(-1);
  let isForgetful = false;
  const note = (later: number, place: number, rule: MatchRule) => {
    matches[later] = { later: rows[later]!, earlier: rows[place]!, rule };
    earlier[later] = place;
  };
  const keep = (blocks: Map<string, number[]>, key: string, index: number) => {
    const block = blocks.get(key);
    if (!block) blocks.set(key, [index]);
    else {
      if (block.length >= blockSize) {
        block.shift();
        isForgetful = true;
      }
      block.push(index);
    }
  };
  // Hashes of different keys never compare.
  const byVersion = new Map<string, Seen>();
  let day = '';
  let earliest = '';
  for (const later of timeOrder(rows)) {
    const lead = rows[later]!;
    const { addresses, phones, companies } = seenUnder(byVersion, lead.key_version);
    if (!lead.created_at.startsWith(day) || day === '') {
      day = lead.created_at.slice(0, 10);
      earliest = addMonths(day, -lookBackMonths);
    }
    const isRecent = (index: number) => rows[index]!.created_at >= earliest;
    const near = (block: number[] | undefined) =>
      block?.findLast((index) => isRecent(index) && isNear(rows[index]!, lead));

    const { email: address, phone_last9: phone } = lead;
    const company =
      lead.company_key === null || lead.email_domain === null
        ? null
        : `${lead.company_key}|${lead.email_domain}`;
    const same = address === null ? undefined : addresses.get(address);
    const length = lead.email_local_keys?.length ?? 0;
    if (same !== undefined && isRecent(same)) note(later, same, 'email');
    else {
      const byPhone = phone !== null && length >= phoneKeys ? near(phones.get(phone)) : undefined;
      const byCompany =
        byPhone === undefined && company !== null && length >= companyKeys
          ? near(companies.get(company))
          : undefined;
      if (byPhone !== undefined) note(later, byPhone, 'phone');
      else if (byCompany !== undefined) note(later, byCompany, 'company');
    }
    if (address !== null) addresses.set(address, later);
    if (phone !== null) keep(phones, phone, later);
    if (company !== null) keep(companies, company, later);
  }
  return { matches, earlier, isForgetful };
}

/** Places of leads seen so far: the latest of each address, and the latest few of each phone number and company. */
interface Seen {
  readonly addresses: Map<string, number>;
  readonly phones: Map<string, number[]>;
  readonly companies: Map<string, number[]>;
}

function seenUnder(byVersion: Map<string, Seen>, version: string): Seen {
  const known = byVersion.get(version);
  if (known) return known;
  const made = { addresses: new Map(), phones: new Map(), companies: new Map() };
  byVersion.set(version, made);
  return made;
}

/**
 * The matches of the whole list, where they hold for the part of it given: none is with a lead the part leaves out.
 * Null where they do not, or the rows are the whole list.
 */
function sharedMatches(rows: readonly Lead[], limits: MatchLimits): Found | null {
  const { all, places } = cutOf(rows);
  if (all === rows) return null;
  const whole = matchesOf(all, limits);
  if (!places) return isOrdered(all) ? { ...whole, matches: whole.matches.slice(0, rows.length) } : null;
  // A full block forgets its oldest leads, and which these are hangs on the leads left out.
  if (whole.isForgetful) return null;
  const within = placesWithin(places, all.length);
  const matches: (LeadMatch | null)[] = [];
  const earlier = new Int32Array(places.length).fill(-1);
  for (let i = 0; i < places.length; i += 1) {
    const match = whole.matches[places[i]!]!;
    if (match) {
      earlier[i] = within[whole.earlier[places[i]!]!]!;
      if (earlier[i]! < 0) return null;
    }
    matches.push(match);
  }
  return { matches, earlier, isForgetful: false };
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

const chances = keptFor<ChanceAgreement>();

/**
 * Chance that two leads drawn at random agree on the last nine digits of their phone number, and on their
 * company: the sum of squared shares of the values, so that a company many leads come from says little.
 *
 * @returns probabilities inside (0, 1): never below 1e-6 and never above 0.5.
 */
export function chanceAgreement(rows: readonly Lead[]): ChanceAgreement {
  return chances([rows], '', () => ({
    phone: repeatChance(valueCodes(rows, 'phone_last9')),
    company: repeatChance(valueCodes(rows, 'company_key')),
  }));
}

const codes = keptFor<Int32Array>();

/** A number for each different value, in the order of their first row; -1 where there is none. */
function valueCodes(rows: readonly Lead[], column: 'phone_last9' | 'company_key'): Int32Array {
  return cutColumn(rows, (all) =>
    codes([all], column, () => {
      const numbers = new Map<string, number>();
      return Int32Array.from(all, (row) => {
        const value = row[column];
        if (value === null) return -1;
        const known = numbers.get(value);
        if (known === undefined) numbers.set(value, numbers.size);
        return known ?? numbers.size - 1;
      });
    }),
  );
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
