import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** A value computed outside this project, with the tolerance its author stated. */
export interface Reference {
  tolerance: number;
  // The files differ in shape; each test knows its own.
  // biome-ignore lint/suspicious/noExplicitAny: read as written in the fixture
  input: any;
  // biome-ignore lint/suspicious/noExplicitAny: read as written in the fixture
  expected: any;
}

export function reference(name: string): Reference {
  return JSON.parse(readFileSync(new URL(`../fixtures/reference/${name}.json`, import.meta.url), 'utf8'));
}

/** Compares numbers, or nested arrays of them, as the README of the reference values says. */
export function expectClose(actual: unknown, expected: unknown, tolerance: number, where = 'value'): void {
  if (Array.isArray(expected)) {
    const list = actual as ArrayLike<unknown>;
    expect(list.length, `${where}.length`).toBe(expected.length);
    expected.forEach((wanted, at) => {
      expectClose(list[at], wanted, tolerance, `${where}[${at}]`);
    });
    return;
  }
  if (typeof expected !== 'number') {
    expect(actual, where).toEqual(expected);
    return;
  }
  expect(typeof actual, where).toBe('number');
  const number = actual as number;
  if (expected > 0 && expected < 1e-12) {
    expect(Math.abs(Math.log10(number) - Math.log10(expected)), where).toBeLessThanOrEqual(1e-6);
    return;
  }
  const miss = Math.abs(number - expected);
  expect(miss, `${where}: ${number} against ${expected}`).toBeLessThanOrEqual(
    tolerance * Math.max(1, Math.abs(expected)),
  );
}

/** Relative comparison for tails, where an absolute one would let small probabilities pass unseen. */
export function expectRelative(actual: number, expected: number, tolerance: number, where = 'value'): void {
  const miss = Math.abs(actual - expected);
  expect(miss, `${where}: ${actual} against ${expected}`).toBeLessThanOrEqual(tolerance * Math.abs(expected));
}
