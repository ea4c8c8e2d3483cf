/** Counts with a mean per level, times exp(slopes . covariates), times an exposure. */
export interface QuasiPoissonInput {
  /** Counts >= 0, one per observation. */
  counts: ArrayLike<number>;
  /** Level of each observation, 0..levelCount-1; every level holds a count above 0. */
  levels: ArrayLike<number>;
  levelCount: number;
  /** Columns of the same length as `counts`; none makes the fit a closed form. Best scaled to a range near 1. */
  covariates: readonly ArrayLike<number>[];
  /** Exposure > 0 of each observation (its logarithm is the offset); left out: 1. */
  exposure?: ArrayLike<number>;
  /** Weight > 0 of each observation; left out or null: 1. */
  weights?: ArrayLike<number> | null;
  /** Column to write the means to, where there are no covariates; left out: a new one. */
  means?: Float64Array;
  /** Slopes to start from; left out or null: 0. */
  start?: ArrayLike<number> | null;
}

/** Means relative to their level at the given slopes; sums of them, and of them times covariates, by level. */
export function weighAll(
  { levels, covariates, exposure, weights }: QuasiPoissonInput,
  slopes: Float64Array,
  relative: Float64Array,
  sums: Float64Array,
  moments: Float64Array,
): void {
  const q = slopes.length;
  for (let i = 0; i < relative.length; i++) {
    let eta = 0;
    for (let j = 0; j < q; j++) eta += slopes[j]! * covariates[j]![i]!;
    const scale = exposure ? exposure[i]! * Math.exp(eta) : Math.exp(eta);
    relative[i] = scale;
    const weighted = weights ? weights[i]! * scale : scale;
    const level = levels[i]!;
    sums[level]! += weighted;
    for (let j = 0; j < q; j++) moments[level * q + j]! += weighted * covariates[j]![i]!;
  }
}

/** `weighAll` for a single covariate, the usual case: half the time without the inner loops. */
export function weighOne(
  { levels, covariates, exposure, weights }: QuasiPoissonInput,
  slope: number,
  relative: Float64Array,
  sums: Float64Array,
  moments: Float64Array,
): void {
  const column = covariates[0]!;
  for (let i = 0; i < relative.length; i++) {
    const x = column[i]!;
    const scale = exposure ? exposure[i]! * Math.exp(slope * x) : Math.exp(slope * x);
    relative[i] = scale;
    const weighted = weights ? weights[i]! * scale : scale;
    const level = levels[i]!;
    sums[level]! += weighted;
    moments[level]! += weighted * x;
  }
}

/** Fisher information of the slopes, level means profiled out: the lower triangle of `into`. */
export function informationOfAll(
  { levels, covariates, weights }: QuasiPoissonInput,
  relative: Float64Array,
  levelMeans: Float64Array,
  centres: Float64Array,
  into: Float64Array,
): void {
  const q = covariates.length;
  into.fill(0);
  for (let i = 0; i < relative.length; i++) {
    const level = levels[i]!;
    const mean = (weights ? weights[i]! : 1) * relative[i]! * levelMeans[level]!;
    for (let j = 0; j < q; j++) {
      const centred = (covariates[j]![i]! - centres[level * q + j]!) * mean;
      for (let k = 0; k <= j; k++) {
        into[j * q + k]! += centred * (covariates[k]![i]! - centres[level * q + k]!);
      }
    }
  }
}

/** `informationOfAll` for a single covariate. */
export function informationOfOne(
  { levels, covariates, weights }: QuasiPoissonInput,
  relative: Float64Array,
  levelMeans: Float64Array,
  centres: Float64Array,
): number {
  const column = covariates[0]!;
  let sum = 0;
  for (let i = 0; i < relative.length; i++) {
    const level = levels[i]!;
    const centred = column[i]! - centres[level]!;
    const mean = relative[i]! * levelMeans[level]!;
    sum += (weights ? weights[i]! * mean : mean) * centred * centred;
  }
  return sum;
}
