import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noNumber, readCount, readDecimal, readMoney } from '../../lib/records/cell.ts';
import { type TextBytes, textBytes } from '../../lib/records/text-bytes.ts';

/** A cell between others, with where it begins and ends. */
function cell(text: string): [TextBytes, number, number] {
  const held = textBytes(text.length + 8);
  held.bytes.set(Buffer.from(`7,${text},9`));
  return [held, 2, 2 + text.length];
}

const digits = (most: number) => fc.stringMatching(new RegExp(`^[0-9]{0,${most}}$`));
const odd = fc.string({ unit: fc.constantFrom('0', '1', '9', '.', '-', '+', ' ', 'e', ','), maxLength: 9 });
const number = fc.oneof(
  fc.tuple(fc.constantFrom('', '-'), digits(16), fc.constantFrom('', '.'), digits(5)).map((p) => p.join('')),
  odd,
);
const largest = BigInt(Number.MAX_SAFE_INTEGER);

describe('numbers of a cell', () => {
  it('reads money as whole minor units, exactly, or not at all', () => {
    fc.assert(
      fc.property(number, fc.integer({ min: 0, max: 4 }), fc.boolean(), (text, exponent, isSigned) => {
        const [, sign, major, minor = ''] = /^(-?)(\d{1,16})(?:\.(\d+))?$/.exec(text) ?? [];
        const units = major === undefined ? null : BigInt(major + minor.padEnd(exponent, '0'));
        const isRead =
          units !== null && minor.length <= exponent && units <= largest && (sign === '' || isSigned);
        const expected = isRead ? Number(units) * (sign === '-' && units > 0n ? -1 : 1) : noNumber;
        expect(readMoney(...cell(text), exponent, isSigned), text).toBe(expected);
      }),
      { seed: 20_261_128, numRuns: 20_000 },
    );
  });

  it('reads counts and decimals as Number() does what is digits only', () => {
    fc.assert(
      fc.property(number, (text) => {
        const isCount = /^\d{1,16}$/.test(text) && BigInt(text) <= largest;
        expect(readCount(...cell(text)), text).toBe(isCount ? Number(text) : noNumber);
        expect(readDecimal(...cell(text)), text).toBe(/^\d+(\.\d+)?$/.test(text) ? Number(text) : noNumber);
      }),
      { seed: 20_261_129, numRuns: 20_000 },
    );
  });
});
