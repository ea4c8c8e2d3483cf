import { describe, expect, it } from 'vitest';
import { dayText, periodText } from '../../lib/reports/date-text.ts';
import { renderMessage } from '../../lib/reports/message.ts';
import { moneyText } from '../../lib/reports/money-text.ts';
import {
  chanceText,
  kpiValueText,
  numberText,
  pText,
  rangeText,
  shareText,
} from '../../lib/reports/number-text.ts';
import { listText, plainText } from '../../lib/reports/plain-text.ts';
import { terminalTable } from '../../lib/reports/terminal-table.ts';
import { mulberry32 } from '../../lib/statistics/mulberry32.ts';
import { anAugust, anSqlFlag } from './sample.ts';

describe('money', () => {
  it.each([
    [55555, 'USD', 'USD 555.55'],
    [-5, 'EUR', 'EUR -0.05'],
    [1234567, 'JPY', 'JPY 1,234,567'],
    [1234567, 'KWD', 'KWD 1,234.567'],
    [900719925474099, 'USD', 'USD 9,007,199,254,740.99'],
  ])('writes %d %s as %s', (minor, currency, text) => {
    expect(moneyText(minor, currency)).toBe(text);
  });

  it('refuses parts of a minor unit', () => {
    expect(() => moneyText(0.5, 'USD')).toThrow(RangeError);
  });
});

describe('numbers, shares and dates', () => {
  it('groups whole numbers, keeps three digits of fractions and none from 100 on', () => {
    expect([1234, 0.6, 12.345, 1234.56, 1.2e-7, -3].map(numberText)).toEqual([
      '1,234',
      '0.6',
      '12.3',
      '1,235',
      '1.2e-7',
      '-3',
    ]);
  });

  it('writes numbers as Intl does', () => {
    const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
    const precise = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
    const random = mulberry32(11);
    for (let i = 0; i < 2_000; i += 1) {
      const size = 10 ** (random() * 18 - 3);
      const value = (i % 2 === 0 ? 1 : -1) * (i % 3 === 0 ? Math.round(size) : size);
      expect(numberText(value)).toBe((Math.abs(value) < 100 ? precise : whole).format(value || 0));
    }
  });

  it('writes shares in per cent with a decimal below ten', () => {
    expect([0.6, 0.0312, 0, 1].map(shareText)).toEqual(['60 %', '3.1 %', '0 %', '100 %']);
  });

  it('writes ranges that are open at one end', () => {
    expect(rangeText([68, 87], '-')).toBe('68-87');
    expect(rangeText([3, Number.POSITIVE_INFINITY], '-')).toBe('at least 3');
    expect(rangeText([0, 83], '-')).toBe('up to 83');
    expect(rangeText([0, 0], '-')).toBe('0');
  });

  it('says how rare something is in whole periods', () => {
    expect(chanceText(0.004)).toBe('about 1 of 250 ordinary periods shows as much');
    expect(chanceText(0)).toBe('fewer than 1 of 1,000,000 ordinary periods shows as much');
  });

  it('never says that a p is 0', () => {
    expect(pText(0.00123456, 3)).toBe('= 0.00123');
    expect(pText(1, 4)).toBe('= 1');
    expect(pText(1e-300, 4)).toBe('= 1e-300');
    for (const p of [9.9e-301, Number.MIN_VALUE, 0]) expect(pText(p, 4)).toBe('< 1e-300');
  });

  it('shows revenue as money and a missing value as a dash', () => {
    expect(kpiValueText('revenue', 123456, 'USD')).toBe('USD 1,234.56');
    expect(kpiValueText('leads', null, 'USD')).toBe('–');
  });

  it('writes the year only where it is not the reader’s', () => {
    expect(dayText('2026-09-04', '2026-12-31')).toBe('4 Sep');
    expect(dayText('2025-09-04', '2026-12-31')).toBe('4 Sep 2025');
    expect([periodText('2026-08'), periodText('2026-Q3')]).toEqual(['August 2026', 'Q3 2026']);
  });
});

describe('messages', () => {
  it('fills names with formatted numbers, shares and lists', () => {
    const data = { n: 1234, floor: 0.6, who: ['a', 'b', 'c', 'd'], none: null, yes: true };
    expect(renderMessage('{n} at {floor:percent}: {who}; {none}, {yes}', data)).toBe(
      '1,234 at 60 %: a, b, c and 1 more; not known, yes',
    );
  });

  it('refuses a name the numbers do not hold', () => {
    expect(() => renderMessage('{toString}', {})).toThrow(/"toString"/);
    expect(() => renderMessage('{a:percent}', { a: 'x' })).toThrow(RangeError);
  });

  it('does not fill names that came in with a value', () => {
    expect(renderMessage('{a}', { a: '{b}', b: 1 })).toBe('{b}');
  });
});

describe('foreign text', () => {
  it('becomes one line without controls or direction marks', () => {
    expect(plainText('a\u202Eb\u0000\u001b[31m\nc')).toBe('a b [31m c');
  });

  it('is cut at the limit, between characters', () => {
    expect(plainText('😀😀😀', 3)).toBe('😀😀😀');
    expect(plainText('😀😀😀😀', 3)).toBe('😀😀…');
  });

  it('is listed up to a number', () => {
    expect(listText(['a', 'b'], 2)).toBe('a, b');
    expect(listText([], 2)).toBe('');
  });
});

describe('the terminal table', () => {
  it('aligns what a reader needs', () => {
    const lines = terminalTable(anAugust()).split('\n');
    expect(lines[0]).toMatch(/^KPI +Month +Claimed +Verified +Verdict +Held$/);
    expect(lines).toHaveLength(5);
    expect(lines[4]).toMatch(/^SQLs +2026-08 +100 +50 +does not reconcile +USD 555\.55$/);
    expect(new Set(lines.slice(1).map((l) => l.length)).size).toBe(1);
  });

  it('wraps long names and passes no line over 100 columns', () => {
    const table = terminalTable([
      anSqlFlag({ unit: `north-east ${'x'.repeat(120)}` }),
      anSqlFlag({ plan: 'b', planTitle: '\u001b[2J' }),
    ]);
    expect(Math.max(...table.split('\n').map((l) => l.length))).toBeLessThanOrEqual(100);
    expect(table).not.toContain('\u001b');
  });
});
