/** JSON with one way to write each value, and the digests of it. */
import { createHash } from 'node:crypto';

/** `sha256:` and 64 hexadecimal digits. */
export type Digest = string;

const digestPattern = /^sha256:[0-9a-f]{64}$/;

/**
 * Canonical JSON (RFC 8785): no blanks, members sorted by UTF-16 code units, numbers and strings as ECMAScript writes
 * them. A member whose value is undefined is left out, as JSON.stringify does.
 *
 * @throws {RangeError} a number that is not finite, a string that is not well formed, undefined in an array, a bigint,
 *   a function, or an object that is neither plain nor an array (a Date, a Map): each has no single way to be written.
 * @see https://www.rfc-editor.org/rfc/rfc8785
 * @example canonicalJson({ b: [1e21, -0], a: 'é' }) // => '{"a":"é","b":[1e+21,0]}'
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError(`JSON has no number ${value}`);
    return String(value);
  }
  if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || !isPlain(value))
    throw new RangeError(`JSON has no ${typeof value === 'object' ? value.constructor?.name : typeof value}`);
  const members: string[] = [];
  // Joined, not added up: the pieces of a sum are kept until it is read, which costs more than writing it.
  for (const name of Object.keys(value).sort()) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (member !== undefined) members.push(`${quotedName(name)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

function quoted(text: string): string {
  if (!isWellFormed(text)) throw new RangeError(`not well formed: ${JSON.stringify(text)}`);
  return JSON.stringify(text);
}

/** Names come back with every row; the first ones met are kept. */
const quotedNames = new Map<string, string>();

function quotedName(name: string): string {
  const known = quotedNames.get(name);
  if (known !== undefined) return known;
  const written = quoted(name);
  if (quotedNames.size < 1000) quotedNames.set(name, written);
  return written;
}

/** Digest of bytes, or of a text as UTF-8. */
export function digestOf(content: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** Digest of a value's canonical JSON. @throws {RangeError} as {@link canonicalJson}. */
export function digestOfJson(value: unknown): Digest {
  return digestOf(canonicalJson(value));
}

/**
 * Digest of rows in any order: of their canonical JSON, sorted, a line each. Repeated rows count.
 * @throws {RangeError} as {@link canonicalJson}.
 */
export function digestOfRows(rows: Iterable<unknown>): Digest {
  const hash = createHash('sha256');
  for (const line of Array.from(rows, canonicalJson).sort()) hash.update(line).update('\n');
  return `sha256:${hash.digest('hex')}`;
}

/**
 * Seed of random numbers that belong to a name: the first four bytes of its digest.
 * @example seedOf('lead-burst|all|leads|2026-08') // => 3386216670
 */
export function seedOf(name: string): number {
  return Number.parseInt(digestOf(name).slice(7, 15), 16);
}

/** Whether a value is written as a digest. */
export function isDigest(value: unknown): value is Digest {
  return typeof value === 'string' && digestPattern.test(value);
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}

function isWellFormed(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}
