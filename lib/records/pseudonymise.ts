import type { Dataset } from '../model/config.ts';
import {
  type Column,
  contractOf,
  isPersonal,
  type PhoneSign,
  type PlainRow,
  type Row,
} from '../model/datasets.ts';
import {
  canonicalCompany,
  canonicalEmail,
  canonicalPerson,
  deletionNeighbours,
} from './canonical-identity.ts';
import type { IdentityHash } from './keyed-hash.ts';

/** What personal values are replaced with. */
export interface Identity {
  readonly hash: IdentityHash;
  /** Names the key of the hash in every row: hashes of different versions do not compare. */
  readonly version: string;
  /** Country that numbers without a country code of a unit are read in, ISO 3166; null for none. */
  readonly country: (unit: string) => string | null;
}

type Loose = Record<string, unknown>;
type ParsePhone = typeof import('libphonenumber-js/min')['parsePhoneNumberFromString'];

/** Replaces personal columns by keyed hashes and leaves notes out (SPEC 5). */
export class Pseudonymiser {
  readonly #identity: Identity;
  #parsePhone: Promise<ParsePhone> | null = null;
  /** Whether a country has numbers that begin with these digits, by `+` and the first three. */
  readonly #hasCountry = new Map<string, boolean>();

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  /** Begins to load the phone tables (100 ms), so that they are there when rows with phones have been read. */
  expectPhones(): Promise<ParsePhone> {
    this.#parsePhone ??= import('libphonenumber-js/min').then((phones) => phones.parsePhoneNumberFromString);
    return this.#parsePhone;
  }

  /** The rows as they may be kept, in the same order. */
  async rows<D extends Dataset>(dataset: D, plain: readonly PlainRow<D>[]): Promise<Row<D>[]> {
    const { columns } = contractOf(dataset);
    const entries = Object.entries(columns);
    const phones = entries.filter(([, column]) => column.kind === 'phone').map(([name]) => name);
    const hasPhones =
      phones.length > 0 && plain.some((row) => phones.some((name) => (row as Loose)[name] !== null));
    const parsePhone = hasPhones ? await this.expectPhones() : null;
    const isKeyed = entries.some(([, column]) => isPersonal(column));
    // The phone library throws for every number it cannot read; without stacks that is five times faster.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      const stores = entries.map(([name, column]) => this.#storeOf(name, column, parsePhone));
      return plain.map((row) => {
        const stored: Loose = {};
        for (const store of stores) store(stored, row as Loose);
        if (isKeyed) stored.key_version = this.#identity.version;
        return stored as Row<D>;
      });
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }

  /** What stores a column of a row; the names are made here, once for all rows. */
  #storeOf(
    name: string,
    column: Column,
    parsePhone: ParsePhone | null,
  ): (stored: Loose, row: Readonly<Loose>) => void {
    const { hash } = this.#identity;
    const textIn = (row: Readonly<Loose>) => row[name] as string | null;
    switch (column.kind) {
      case 'note':
        return () => {};
      case 'person':
        return (stored, row) => {
          const value = textIn(row);
          stored[name] = value === null ? null : hash.of('person', canonicalPerson(value));
        };
      case 'company': {
        const key = `${name}_key`;
        return (stored, row) => {
          const value = textIn(row);
          const company = value === null ? null : canonicalCompany(value);
          stored[key] = company === null ? null : hash.of('company', company);
        };
      }
      case 'email': {
        const domain = `${name}_domain`;
        const [digits, keys, sign] = [`${name}_local_digits`, `${name}_local_keys`, `${name}_sign`];
        return (stored, row) => {
          const value = textIn(row);
          const email = value === null ? null : canonicalEmail(value);
          stored[name] = email && hash.of('email', email.address);
          stored[domain] = email?.domain ? hash.of('domain', email.domain) : null;
          if (!column.comparable) return;
          stored[digits] = email && hash.of('digits', email.local.replace(/\D/gu, ''));
          stored[keys] = email && comparisonKeys(email.local, hash);
          stored[sign] = email?.sign ?? null;
        };
      }
      case 'phone': {
        const [last9, sign] = [`${name}_last9`, `${name}_sign`];
        return (stored, row) => {
          const value = textIn(row);
          const phone = value === null ? null : this.#phone(value, row.unit as string, parsePhone!);
          stored[name] = phone?.e164 ? hash.of('phone', phone.e164) : null;
          stored[last9] = phone?.last9 ? hash.of('last9', phone.last9) : null;
          stored[sign] = phone?.sign ?? null;
        };
      }
      default:
        return (stored, row) => {
          stored[name] = row[name];
        };
    }
  }

  #phone(
    text: string,
    unit: string,
    parsePhone: ParsePhone,
  ): { e164: string | null; last9: string | null; sign: PhoneSign } {
    const country = this.#identity.country(unit) as Parameters<ParsePhone>[1];
    const parsed = this.#isOfNoCountry(text, parsePhone) ? undefined : parsePhone(text, country ?? undefined);
    const digits = parsed ? parsed.number.slice(1) : text.normalize('NFKC').replace(/\D/gu, '');
    return {
      e164: parsed?.number ?? null,
      // Fewer than seven digits name an extension, not a line.
      last9: digits.length < 7 ? null : digits.slice(-9),
      sign: !parsed ? 'unparsable' : parsed.isPossible() ? 'ok' : 'impossible',
    };
  }

  /** Whether an international number is of no country, as test numbers are: the phone library throws for each of them. */
  #isOfNoCountry(text: string, parsePhone: ParsePhone): boolean {
    if (!/^\+\d{4,}$/.test(text)) return false;
    // A country's code has three digits at most, and any seven after it make a number.
    const start = text.slice(0, 4);
    const known = this.#hasCountry.get(start) ?? parsePhone(`${start}0000000`) !== undefined;
    this.#hasCountry.set(start, known);
    return !known;
  }
}

function comparisonKeys(local: string, hash: IdentityHash): string[] {
  return deletionNeighbours(local)
    .map((text) => hash.comparison(text))
    .sort();
}
