import { anscombeResidual } from '../../lib/statistics/anscombe.ts';
import { trendAt } from '../../lib/statistics/trend-model.ts';
import { irls } from './irls.ts';

/** Until nothing moves: the covariance is that of the step before the last. */
const exact = { epsilon: 1e-20 };

/** METHODS 1 written down as it reads, by dense matrices: what the quick way must give too. */
export interface SlowBaseline {
  phiFirst: number;
  phi: number;
  downweighted: number[];
  days: { mu: number; phi: number; seEta: number }[];
  sum: { mu: number; varMean: number };
}

/** Weekday levels and, if asked, a trend; `counts` may miss days. */
export function slowBaseline(
  counts: readonly (number | null)[],
  predictDays: readonly number[],
  hasTrend: boolean,
): SlowBaseline {
  const rowOf = (day: number) => [
    ...Array.from({ length: 7 }, (_, w) => Number(day % 7 === w)),
    ...(hasTrend ? [trendAt(day, counts.length)] : []),
  ];
  const known = counts.flatMap((count, day) => (count === null ? [] : [{ count, day }]));
  const y = known.map((k) => k.count);
  const rows = known.map((k) => rowOf(k.day));
  const first = irls(y, rows, exact);
  const phiFirst = Math.max(1, first.dispersion);
  const spread = (row: number[], covariance: number[][]) =>
    row.reduce((sum, a, i) => sum + row.reduce((part, b, j) => part + a * covariance[i]![j]! * b, 0), 0);
  const residuals = y.map((count, i) => {
    const own = first.means[i]! * spread(rows[i]!, first.covariance);
    return anscombeResidual(count, first.means[i]!, phiFirst, own);
  });
  const plain = residuals.map((s) => (s > 2.58 ? 1 / (s * s) : 1));
  const gamma = y.length / plain.reduce((sum, w) => sum + w, 0);
  const fit = plain.every((w) => w === 1)
    ? first
    : irls(y, rows, { ...exact, weights: plain.map((w) => w * gamma) });
  const phi = Math.max(1, fit.dispersion);
  const predicted = predictDays.map((day) => {
    const row = rowOf(day);
    const mu = Math.exp(row.reduce((sum, x, j) => sum + x * fit.coefficients[j]!, 0));
    return { row, mu, variance: phi * spread(row, fit.covariance) };
  });
  const gradient = rowOf(0).map((_, j) => predicted.reduce((sum, p) => sum + p.mu * p.row[j]!, 0));
  return {
    phiFirst,
    phi,
    downweighted: known.flatMap((k, i) => (plain[i] === 1 ? [] : [k.day])),
    days: predicted.map(({ mu, variance }) => ({ mu, phi: phi + mu * variance, seEta: Math.sqrt(variance) })),
    sum: {
      mu: predicted.reduce((sum, p) => sum + p.mu, 0),
      varMean: phi * spread(gradient, fit.covariance),
    },
  };
}
