import { quantile } from 'simple-statistics';
import { requireCount, requireInside, requireLength, requireSameLength } from './argument.ts';

/** A bootstrap interval and the replicates it comes from. */
export interface BootstrapInterval {
  /** Percentile interval; null when no replicate has a value. */
  interval: [number, number] | null;
  /** Replicates in order; null where the statistic is undefined. */
  replicates: (number | null)[];
}

/**
 * Moving-block bootstrap interval of a statistic of two series in step.
 *
 * Blocks of consecutive pairs are drawn with replacement, joined, and cut to the length of the series, so that
 * dependence within a block survives.
 *
 * @param x at least two numbers in order of time.
 * @param y as many numbers.
 * @param statistic of a replicate; null where undefined.
 * @param blockLength pairs in a block, 1..length.
 * @param replications number of replicates >= 1.
 * @param confidence two-sided, inside (0, 1).
 * @param random uniform numbers in [0, 1), seeded by the caller; one is drawn per block.
 * @returns the percentile interval (quantiles of type 7) and all replicates.
 * @throws {RangeError} lengths differ, fewer than two pairs, a block longer than the series, or a number out of
 *   its range.
 * @see Kuensch (1989), Annals of Statistics 17
 * @example
 * blockBootstrap(dx, dy, spearman, 3, 2000, 0.95, mulberry32(42)).interval; // => [-0.52, 0.63]
 */
export function blockBootstrap(
  x: readonly number[],
  y: readonly number[],
  statistic: (x: readonly number[], y: readonly number[]) => number | null,
  blockLength: number,
  replications: number,
  confidence: number,
  random: () => number,
): BootstrapInterval {
  requireSameLength('x', x, 'y', y);
  requireLength('x', x, 2);
  const length = x.length;
  requireCount('blockLength', blockLength, 1);
  if (blockLength > length) throw new RangeError(`blockLength must be <= ${length}, was ${blockLength}`);
  requireCount('replications', replications, 1);
  requireInside('confidence', confidence);
  const starts = length - blockLength + 1;
  const replicates = Array.from({ length: replications }, () => {
    const sampledX: number[] = [];
    const sampledY: number[] = [];
    while (sampledX.length < length) {
      const start = Math.floor(random() * starts);
      for (let i = start; i < start + blockLength && sampledX.length < length; i++) {
        sampledX.push(x[i]!);
        sampledY.push(y[i]!);
      }
    }
    return statistic(sampledX, sampledY);
  });
  const values = replicates.filter((value) => value !== null);
  if (values.length === 0) return { interval: null, replicates };
  const outside = (1 - confidence) / 2;
  return { interval: [quantile(values, outside), quantile(values, 1 - outside)], replicates };
}

/**
 * Block length for a moving-block bootstrap: the cube root of the length, rounded up.
 *
 * @param length of the series, >= 1.
 * @returns pairs in a block.
 * @throws {RangeError} `length` is not a whole number >= 1.
 * @see Kuensch (1989), Annals of Statistics 17
 * @example
 * blockLengthFor(19); // => 3
 */
export function blockLengthFor(length: number): number {
  requireCount('length', length, 1);
  // The cube root of a perfect cube can come out a rounding error above it.
  return Math.ceil(Math.cbrt(length) - 1e-9);
}
