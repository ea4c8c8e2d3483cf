import { hash } from 'node:crypto';

/** What is hashed: equal texts of different kinds have different hashes. */
export type HashedKind = 'email' | 'domain' | 'digits' | 'phone' | 'last9' | 'company' | 'person';

/** What stands for a personal text: the same for equal texts, and nothing else can be told from it. */
export interface IdentityHash {
  of(kind: HashedKind, text: string): string;
  /** Of one of the many texts kept for fuzzy comparison. */
  comparison(text: string): string;
}

const block = 64;

/**
 * HMAC-SHA-256 of many short texts under one key, truncated (RFC 2104, section 5).
 *
 * One-shot hashes over a reused buffer: twice as fast as an HMAC object for every text.
 *
 * @example new KeyedHash(key).of('email', 'jo@example.com') // => 32 hex digits
 */
export class KeyedHash implements IdentityHash {
  #inner: Buffer;
  readonly #outer = Buffer.alloc(block + 32);
  readonly #prefix: string;

  /** @throws {RangeError} `key` is shorter than 16 bytes. */
  constructor(key: Uint8Array) {
    if (key.length < 16) throw new RangeError(`expected a key of at least 16 bytes, got ${key.length}`);
    const padded = Buffer.alloc(block);
    padded.set(key.length > block ? hash('sha256', key, 'buffer') : key);
    this.#inner = Buffer.alloc(1024);
    for (let i = 0; i < block; i += 1) {
      this.#inner[i] = padded[i]! ^ 0x36;
      this.#outer[i] = padded[i]! ^ 0x5c;
    }
    this.#prefix = this.#hmac('comparison key').slice(0, 64);
  }

  /** The first 32 hex digits (128 bits) of HMAC(key, kind NUL text). */
  of(kind: HashedKind, text: string): string {
    return this.#hmac(`${kind}\0${text}`).slice(0, 32);
  }

  /**
   * A 12 digit (48 bit) key of one of the many texts kept for fuzzy comparison: SHA-256 of a secret
   * derived from the key, then the text. Four fifths of the digest are cut off, so nothing can be
   * appended unseen, and it costs half of an HMAC.
   */
  comparison(text: string): string {
    return hash('sha256', this.#prefix + text, 'hex').slice(0, 12);
  }

  #hmac(message: string): string {
    const most = block + message.length * 3;
    if (most > this.#inner.length)
      this.#inner = Buffer.concat([this.#inner.subarray(0, block), Buffer.alloc(most)]);
    const length = block + this.#inner.write(message, block, 'utf8');
    this.#outer.set(hash('sha256', this.#inner.subarray(0, length), 'buffer'), block);
    return hash('sha256', this.#outer, 'hex');
  }
}
