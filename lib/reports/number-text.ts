import type { Kpi } from '../model/kpi.ts';
import { grouped } from './grouped.ts';
import { moneyText } from './money-text.ts';

/**
 * A number for a reader: grouped, three digits of fractions, from 100 on none, tiny ones as a power of ten.
 * @example numberText(12.345) // => '12.3'
 */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'unlimited' : 'unknown';
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 100) return grouped(value.toFixed(0));
  return size < 1e-4 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

/** A share in per cent. @example shareText(0.613) // => '61 %' */
export function shareText(share: number): string {
  const percent = share * 100;
  return `${Math.abs(percent) < 10 ? Number(percent.toFixed(1)) : grouped(percent.toFixed(0))} %`;
}

/** A share in per cent with one decimal, where a reader may want to calculate on with it. @example fineShareText(0.1355) // => '13.6 %' */
export function fineShareText(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/**
 * A p-value in words: how many ordinary periods would show as much.
 * @example chanceText(0.004) // => 'about 1 of 250 ordinary periods shows as much'
 */
export function chanceText(p: number): string {
  if (p > 0.1) return `${shareText(p)} of ordinary periods show as much`;
  // No model of a business holds beyond this.
  if (p < 1e-6) return 'fewer than 1 of 1,000,000 ordinary periods shows as much';
  return `about 1 of ${numberText(Number((1 / p).toPrecision(2)))} ordinary periods shows as much`;
}

/** Below it a p has lost its digits, and further down it is stored as 0, which no chance is. */
const leastP = 1e-300;

/**
 * A p-value as a number with its sign of equality, for texts that let one calculate on.
 * @param digits significant digits, 1 to 21.
 * @example pText(0.00123456, 3) // => '= 0.00123'
 */
export function pText(p: number, digits: number): string {
  return p < leastP ? `< ${leastP}` : `= ${Number(p.toPrecision(digits))}`;
}

/** A value of a KPI; revenue is money in minor units. Missing values are an en dash, never 0. */
export function kpiValueText(kpi: Kpi, value: number | null, currency: string): string {
  if (value === null) return '–';
  return kpi === 'revenue' ? moneyText(Math.round(value), currency) : numberText(Math.round(value * 10) / 10);
}

/**
 * Both ends of a range; only the upper one where it begins at 0, since nothing lies below.
 * @example rangeText([68, 87], '-') // => '68-87'
 */
export function rangeText(range: readonly [number, number], dash: '–' | '-'): string {
  const [low, high] = range;
  if (!Number.isFinite(high)) return `at least ${numberText(low)}`;
  if (!Number.isFinite(low)) return `at most ${numberText(high)}`;
  if (low === 0 && high > 0) return `up to ${numberText(high)}`;
  return low === high ? numberText(low) : `${numberText(low)}${dash}${numberText(high)}`;
}
