import { requireWhole } from './argument.ts';

/**
 * mulberry32: a small seeded generator of uniform numbers in [0, 1).
 *
 * The same seed gives the same sequence on every machine. 2^32 steps long: for simulations, not for secrets.
 *
 * @param seed a whole number; only its lowest 32 bits count.
 * @returns a function that returns the next number on each call.
 * @throws {RangeError} `seed` is not whole.
 * @see Ettinger (2017), mulberry32, public domain
 * @example
 * mulberry32(42)(); // => 0.6011037519201636
 */
export function mulberry32(seed: number): () => number {
  requireWhole('seed', seed);
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
