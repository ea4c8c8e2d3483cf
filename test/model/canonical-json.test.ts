import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  digestOfJson,
  digestOfRows,
  isDigest,
  seedOf,
} from '../../lib/model/canonical-json.ts';

describe('canonicalJson', () => {
  it('writes the example of RFC 8785, section 3.2.2', () => {
    const value = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    );
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts members by UTF-16 code units, as RFC 8785, section 3.2.3 asks', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6'];
    const value = Object.fromEntries(names.map((name) => [name, 0]));
    expect(Object.keys(JSON.parse(canonicalJson(value)) as object)).toHaveLength(7);
    expect(
      [...canonicalJson(value).matchAll(/"([^"]*)":/g)].map((match) => JSON.parse(`"${match[1]}"`)),
    ).toEqual(['\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33']);
  });

  it('does not depend on the order of members, and is read back as the same value', () => {
    const shuffled = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(shuffled)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([name, member]) => [name, shuffled(member)]),
            )
          : value;
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(shuffled(value))).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.stringify(JSON.parse(text))).toHaveLength(JSON.stringify(value).length);
      }),
      { seed: 8785 },
    );
  });

  it('leaves out undefined members and writes -0 as 0', () => {
    expect(canonicalJson({ b: undefined, a: -0 })).toBe('{"a":0}');
  });

  it.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '\ud800',
    'a\udc00b',
    [undefined],
    undefined,
    1n,
    new Date(0),
    new Map(),
    () => 1,
  ])('refuses %s, which has no single way to be written', (value) => {
    expect(() => canonicalJson(value)).toThrow(RangeError);
  });
});

describe('digests', () => {
  it('are SHA-256 of the canonical text', () => {
    const expected = createHash('sha256').update('{"a":1}').digest('hex');
    expect(digestOfJson({ a: 1 })).toBe(`sha256:${expected}`);
    expect(isDigest(digestOfJson({ a: 1 }))).toBe(true);
    expect(isDigest(expected)).toBe(false);
  });

  it('of rows do not depend on their order, but on how often each is there', () => {
    const rows = [{ id: 1 }, { id: 2 }, { id: 10 }];
    expect(digestOfRows([...rows].reverse())).toBe(digestOfRows(rows));
    expect(digestOfRows([...rows, { id: 1 }])).not.toBe(digestOfRows(rows));
    expect(digestOfRows([['a'], ['b']])).not.toBe(digestOfRows([['a", "b']]));
  });

  it('seed random numbers by their first four bytes', () => {
    const hex = createHash('sha256').update('all|2026-08').digest('hex');
    expect(seedOf('all|2026-08')).toBe(Number(`0x${hex.slice(0, 8)}`));
  });
});
