import { normalQuantile } from './normal.ts';
import type { QuasiPoissonFit } from './quasi-poisson.ts';
import { studentUpperTail } from './student-t.ts';

/** Wald test of a trend: its estimate in standard errors, and the degrees of freedom of Student's t. */
export interface TrendTest {
  t: number;
  degrees: number;
}

/**
 * Tests the last slope of a fit against none.
 *
 * @param fit with at least one slope.
 * @returns t, with the dispersion of the fit in its standard error.
 * @see McCullagh & Nelder (1989), Generalized Linear Models, 4.4
 * @example
 * testTrend(fit); // => { t: -2, degrees: 174 }
 */
export function testTrend({ slopes, phi, slopeCovariance, degrees }: QuasiPoissonFit): TrendTest {
  const last = slopes.length - 1;
  return { t: slopes[last]! / Math.sqrt(phi * slopeCovariance[last * (last + 2)]!), degrees };
}

/**
 * Two-sided p of a trend.
 *
 * @param test of a fitted baseline.
 * @returns a probability.
 * @example
 * trendPValue({ t: -2, degrees: 174 }); // => 0.0471
 */
export function trendPValue({ t, degrees }: TrendTest): number {
  return 2 * studentUpperTail(Math.abs(t), degrees);
}

/**
 * Whether the two-sided p of a trend lies below `alpha`, which is worked out only where bounds of it do not tell.
 *
 * The normal deviate as far out as t lies between sqrt(1 - 1 / 2n) u and u, with u = sqrt(n log(1 + t^2 / n)).
 *
 * @param test of a fitted baseline.
 * @param alpha inside (0, 1).
 * @see Wallace (1959), Annals of Mathematical Statistics 30:1121-1130
 * @example
 * isSignificant({ t: -2, degrees: 174 }, 0.05); // => true
 */
export function isSignificant(test: TrendTest, alpha: number): boolean {
  const { t, degrees } = test;
  const most = Math.sqrt(degrees * Math.log1p((t * t) / degrees));
  const critical = -normalQuantile(alpha / 2);
  if (most < critical) return false;
  return most * Math.sqrt(1 - 1 / (2 * degrees)) > critical || trendPValue(test) < alpha;
}
