import { requireCount } from './argument.ts';
import { normalDraw, type Random } from './random-draws.ts';

/** Slow ups and downs of a level: its logarithm follows an autoregression of order one. */
export interface LogShocks {
  /** Correlation of one day with the day before, in [0, 1). */
  readonly persistence: number;
  /** Standard deviation of the log level. */
  readonly deviation: number;
}

/** What METHODS 1 studied; for histories too short to tell. */
export const defaultLogShocks: LogShocks = { persistence: 0.7, deviation: 0.15 };

/** Persistences tried: half-lives from half a day to five weeks. */
const persistences = [0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98];
/** A level that moves by more than a half up and down is no slow drift any more. */
const mostDeviation = 0.5;

/**
 * Fits log shocks to relative residuals by least squares of their autocovariances: c_k = s^2 rho^k for k >= 1.
 *
 * Lag 0 stays out: it holds the noise of the counts themselves. Residuals y / mu - 1 stand in for logs.
 *
 * @param residuals one per consecutive day; null where there is none.
 * @param lags largest lag, in days, >= 1.
 * @param leastPairs pairs of days below which the default is given.
 * @returns shocks of deviation 0 when neighbouring days are not alike; at most 0.5.
 * @throws {RangeError} `lags` is not a whole number >= 1.
 * @see Zeger (1988), Biometrika 75, for the latent process and its moment estimates
 * @example
 * fitLogShocks([null, null], 2, 1); // => { persistence: 0.7, deviation: 0.15 }
 */
export function fitLogShocks(
  residuals: readonly (number | null)[],
  lags: number,
  leastPairs: number,
): LogShocks {
  requireCount('lags', lags, 1);
  const covariances: { pairs: number; value: number }[] = [];
  for (let lag = 1; lag <= lags; lag += 1) {
    let sum = 0;
    let pairs = 0;
    for (let t = lag; t < residuals.length; t += 1) {
      const now = residuals[t] ?? null;
      const before = residuals[t - lag] ?? null;
      if (now === null || before === null) continue;
      sum += now * before;
      pairs += 1;
    }
    covariances.push({ pairs, value: pairs > 0 ? sum / pairs : 0 });
  }
  if (covariances[0]!.pairs < leastPairs) return defaultLogShocks;
  let best = { persistence: 0, variance: 0, error: Number.POSITIVE_INFINITY };
  for (const persistence of persistences) {
    let product = 0;
    let square = 0;
    covariances.forEach(({ pairs, value }, i) => {
      product += pairs * value * persistence ** (i + 1);
      square += pairs * persistence ** (2 * (i + 1));
    });
    const variance = Math.max(0, product / square);
    const error = covariances.reduce(
      (sum, { pairs, value }, i) => sum + pairs * (value - variance * persistence ** (i + 1)) ** 2,
      0,
    );
    if (error < best.error) best = { persistence, variance, error };
  }
  if (best.variance === 0) return { persistence: 0, deviation: 0 };
  return { persistence: best.persistence, deviation: Math.min(mostDeviation, Math.sqrt(best.variance)) };
}

/**
 * Factors of a level on consecutive days, drawn from log shocks; their mean is 1.
 * @returns `days` factors > 0; all 1 without shocks.
 * @throws {RangeError} `days` is not a whole number >= 0.
 * @see Zeger (1988), Biometrika 75
 * @example
 * logShockDraws({ persistence: 0, deviation: 0 }, 2, mulberry32(1)); // => [1, 1]
 */
export function logShockDraws({ persistence, deviation }: LogShocks, days: number, random: Random): number[] {
  requireCount('days', days);
  if (deviation === 0) return new Array<number>(days).fill(1);
  const innovation = deviation * Math.sqrt(1 - persistence ** 2);
  let shock = deviation * normalDraw(random);
  return Array.from({ length: days }, () => {
    const factor = Math.exp(shock - deviation ** 2 / 2);
    shock = persistence * shock + innovation * normalDraw(random);
    return factor;
  });
}
