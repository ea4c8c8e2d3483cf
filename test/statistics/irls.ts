/** Independent oracle: quasi-Poisson regression by textbook iteratively reweighted least squares. */
export interface IrlsFit {
  coefficients: number[];
  means: number[];
  /** (X'WX)^-1, row by row. */
  covariance: number[][];
  /** Dispersion from the final means. */
  dispersion: number;
  /** Dispersion as R's summary.glm reports it: the squared working residuals under the weights of the step before. */
  workingDispersion: number;
  iterations: number;
}

/** Inverts a square matrix by Gauss-Jordan elimination with pivoting. */
function invert(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const work = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let i = column; i < size; i++) {
      if (Math.abs(work[i]![column]!) > Math.abs(work[pivot]![column]!)) pivot = i;
    }
    [work[column], work[pivot]] = [work[pivot]!, work[column]!];
    const scale = work[column]![column]!;
    work[column] = work[column]!.map((value) => value / scale);
    for (let i = 0; i < size; i++) {
      if (i === column) continue;
      const factor = work[i]![column]!;
      work[i] = work[i]!.map((value, j) => value - factor * work[column]![j]!);
    }
  }
  return work.map((row) => row.slice(size));
}

/** Starts from y + 0.1 and stops when the deviance moves by less than `epsilon`, as R's glm does. */
export function irls(
  counts: readonly number[],
  rows: readonly (readonly number[])[],
  {
    offset,
    weights,
    epsilon = 1e-14,
  }: { offset?: number[]; weights?: ArrayLike<number>; epsilon?: number } = {},
): IrlsFit {
  const n = counts.length;
  const p = rows[0]!.length;
  let means = counts.map((count) => count + 0.1);
  let eta = means.map(Math.log);
  let deviance = Number.POSITIVE_INFINITY;
  for (let iteration = 1; ; iteration++) {
    const working = means.map((mean, i) => mean * (weights?.[i] ?? 1));
    const information = Array.from({ length: p }, () => new Array<number>(p).fill(0));
    const right = new Array<number>(p).fill(0);
    for (let i = 0; i < n; i++) {
      const response = eta[i]! - (offset?.[i] ?? 0) + (counts[i]! - means[i]!) / means[i]!;
      for (let j = 0; j < p; j++) {
        right[j]! += working[i]! * rows[i]![j]! * response;
        for (let k = 0; k < p; k++) information[j]![k]! += working[i]! * rows[i]![j]! * rows[i]![k]!;
      }
    }
    const covariance = invert(information);
    const coefficients = covariance.map((row) => row.reduce((sum, value, j) => sum + value * right[j]!, 0));
    eta = rows.map((row, i) => row.reduce((sum, x, j) => sum + x * coefficients[j]!, offset?.[i] ?? 0));
    means = eta.map(Math.exp);
    const before = deviance;
    deviance = 0;
    let dispersion = 0;
    let workingDispersion = 0;
    for (let i = 0; i < n; i++) {
      const y = counts[i]!;
      const miss = y - means[i]!;
      const weight = weights?.[i] ?? 1;
      deviance += 2 * weight * ((y === 0 ? 0 : y * Math.log(y / means[i]!)) - miss);
      dispersion += (weight * miss * miss) / means[i]!;
      workingDispersion += working[i]! * (miss / means[i]!) ** 2;
    }
    if (Math.abs(deviance - before) / (Math.abs(deviance) + 0.1) < epsilon || iteration === 50) {
      return {
        coefficients,
        means,
        covariance,
        dispersion: dispersion / (n - p),
        workingDispersion: workingDispersion / (n - p),
        iterations: iteration,
      };
    }
  }
}
