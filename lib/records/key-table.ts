import { roomOf, type TextBytes, textBytes } from './text-bytes.ts';

/**
 * Numbers the distinct combinations of some cells, compared as bytes: 0, 1, 2... in order of appearance.
 * No strings are made for a combination seen before.
 */
export class KeyTable {
  /** Number of combinations. */
  size = 0;
  /** Numbers + 1 by hash; 0 is free. */
  #slots = new Int32Array(1 << 10);
  #hashes = new Int32Array(1 << 9);
  /** Per combination the start of its bytes, then the length of each cell. */
  #shapes: Int32Array;
  #held = textBytes(1 << 14);
  #used = 0;
  /** Per combination the number + 1 of the one that followed it last; files repeat their order day by day. */
  #following = new Int32Array(1 << 9);
  #last = 0;
  #places: Int32Array;
  readonly #width: number;

  /** @param cells number of cells that make a combination. */
  constructor(cells: number) {
    this.#places = new Int32Array(cells).fill(-1);
    this.#width = cells + 1;
    this.#shapes = new Int32Array((1 << 9) * this.#width);
  }

  /** Says where the cells stand in the records to come; -1 for one that is always empty. */
  readFrom(places: Int32Array): void {
    this.#places = places;
  }

  /** The number of the combination of the record whose bounds begin at `at`; equal to `size` before the call when it is new. */
  numberOf(text: TextBytes, bounds: Int32Array, at: number): number {
    const guess = this.#following[this.#last]!;
    if (guess !== 0 && this.#isSame(guess - 1, text, bounds, at)) {
      this.#last = guess - 1;
      return guess - 1;
    }
    const number = this.#find(text, bounds, at);
    this.#following[this.#last] = number + 1;
    this.#last = number;
    return number;
  }

  #find(text: TextBytes, bounds: Int32Array, at: number): number {
    const { view } = text;
    const places = this.#places;
    const cells = places.length;
    let hash = 0;
    for (let k = 0; k < cells; k += 1) {
      const place = places[k]!;
      let i = place < 0 ? 0 : bounds[at + place * 2]!;
      const end = place < 0 ? 0 : bounds[at + place * 2 + 1]!;
      hash = Math.imul(hash ^ (end - i), 0x5bd1e995);
      for (; i < end; i += 4) {
        const word = view.getInt32(i, true);
        hash = Math.imul(hash ^ (i + 4 > end ? word << ((4 + i - end) * 8) : word), 0x01000193);
        hash ^= hash >>> 15;
      }
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
    hash ^= hash >>> 13;
    const mask = this.#slots.length - 1;
    const slots = this.#slots;
    const hashes = this.#hashes;
    let slot = hash & mask;
    for (;;) {
      const held = slots[slot]!;
      if (held === 0) break;
      if (hashes[held - 1] === hash && this.#isSame(held - 1, text, bounds, at)) return held - 1;
      slot = (slot + 1) & mask;
    }
    return this.#insert(hash, slot, text, bounds, at);
  }

  #isSame(number: number, text: TextBytes, bounds: Int32Array, at: number): boolean {
    const places = this.#places;
    const shapes = this.#shapes;
    const { view } = text;
    const own = this.#held.view;
    const shape = number * this.#width;
    let held = shapes[shape]!;
    for (let k = 0; k < places.length; k += 1) {
      const place = places[k]!;
      const start = place < 0 ? 0 : bounds[at + place * 2]!;
      const length = place < 0 ? 0 : bounds[at + place * 2 + 1]! - start;
      if (shapes[shape + 1 + k] !== length) return false;
      for (let i = 0; i < length; i += 4) {
        const change = own.getInt32(held + i, true) ^ view.getInt32(start + i, true);
        // Of the last four bytes those behind the cell are shifted out.
        if ((i + 4 > length ? change << ((4 + i - length) * 8) : change) !== 0) return false;
      }
      held += length;
    }
    return true;
  }

  #insert(hash: number, slot: number, text: TextBytes, bounds: Int32Array, at: number): number {
    const number = this.size;
    if (number === this.#hashes.length) this.#grow();
    const shape = number * this.#width;
    this.#shapes[shape] = this.#used;
    for (let k = 0; k < this.#places.length; k += 1) {
      const place = this.#places[k]!;
      const start = place < 0 ? 0 : bounds[at + place * 2]!;
      const end = place < 0 ? 0 : bounds[at + place * 2 + 1]!;
      this.#shapes[shape + 1 + k] = end - start;
      if (this.#used + end - start > roomOf(this.#held)) {
        const { bytes } = this.#held;
        this.#held = textBytes(Math.max(bytes.length * 2, this.#used + end - start));
        this.#held.bytes.set(bytes);
      }
      this.#held.bytes.set(text.bytes.subarray(start, end), this.#used);
      this.#used += end - start;
    }
    this.#hashes[number] = hash;
    this.#slots[slot] = number + 1;
    this.size = number + 1;
    if (this.size * 2 > this.#slots.length) this.#rehash();
    return number;
  }

  #grow(): void {
    this.#hashes = grown(this.#hashes, this.#hashes.length * 2);
    this.#following = grown(this.#following, this.#hashes.length);
    this.#shapes = grown(this.#shapes, this.#shapes.length * 2);
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < this.size; number += 1) {
      let slot = this.#hashes[number]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}

/** A copy of a typed array with room for `length` elements. */
export function grown<A extends Int32Array | Uint8Array | Uint32Array | Float64Array>(
  array: A,
  length: number,
): A {
  const larger = new (array.constructor as new (length: number) => A)(length);
  larger.set(array);
  return larger;
}
