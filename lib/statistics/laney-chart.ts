import { requireCount, requireLength, requirePositive, requireSameLength } from './argument.ts';

/** A control chart of shares that allows for overdispersion. */
export interface LaneyChart {
  /** Share over the baseline subgroups. */
  centre: number;
  /** Distance of each subgroup from the centre in binomial standard deviations. */
  z: number[];
  /** Short-term spread of z over the baseline: 1 when it is binomial. */
  sigmaZ: number;
  /** Limits of each subgroup at three standard deviations, within [0, 1]. */
  lower: number[];
  upper: number[];
}

/** Mean range of two standard normal values, which turns moving ranges into a standard deviation. */
const rangeConstant = 1.128;

/**
 * Laney p' chart: shares over time with limits widened by the spread between subgroups.
 *
 * sigmaZ = mean |z_i - z_(i-1)| / 1.128 over the baseline; limits centre +- 3 max(1, sigmaZ) sqrt(pq / n).
 *
 * @param events events of each subgroup (week), whole numbers >= 0 and not above its size.
 * @param sizes size of each subgroup, > 0.
 * @param baseline indexes of the subgroups that set the limits, in order of time, at least two; the tested
 *   subgroup is not among them.
 * @returns centre, z and limits of all subgroups.
 * @throws {RangeError} lengths differ, fewer than two baseline subgroups, an index or a count out of range, or
 *   a baseline whose share is 0 or 1.
 * @see Laney (2002), Quality Engineering 14:531-537
 * @example
 * laneyChart([5, 7, 1], [100, 100, 100], [0, 1]).centre; // => 0.06
 */
export function laneyChart(
  events: readonly number[],
  sizes: readonly number[],
  baseline: readonly number[],
): LaneyChart {
  requireSameLength('events', events, 'sizes', sizes);
  requireLength('baseline', baseline, 2);
  events.forEach((count, i) => {
    requireCount('events', count);
    requirePositive('sizes', sizes[i]!);
    if (count > sizes[i]!) throw new RangeError(`events must be <= their size ${sizes[i]}, was ${count}`);
  });
  let eventSum = 0;
  let sizeSum = 0;
  for (const index of baseline) {
    requireCount('baseline', index);
    if (index >= events.length) {
      throw new RangeError(`baseline must hold indexes below ${events.length}, had ${index}`);
    }
    eventSum += events[index]!;
    sizeSum += sizes[index]!;
  }
  const centre = eventSum / sizeSum;
  if (centre === 0 || centre === 1)
    throw new RangeError(`the baseline share must lie in (0, 1), was ${centre}`);
  const deviations = sizes.map((size) => Math.sqrt((centre * (1 - centre)) / size));
  const z = events.map((count, i) => (count / sizes[i]! - centre) / deviations[i]!);
  let ranges = 0;
  for (let i = 1; i < baseline.length; i++) ranges += Math.abs(z[baseline[i]!]! - z[baseline[i - 1]!]!);
  const sigmaZ = ranges / (baseline.length - 1) / rangeConstant;
  const reach = 3 * Math.max(1, sigmaZ);
  return {
    centre,
    z,
    sigmaZ,
    lower: deviations.map((deviation) => Math.max(0, centre - reach * deviation)),
    upper: deviations.map((deviation) => Math.min(1, centre + reach * deviation)),
  };
}
