/** Independent oracles: tails as plain sums of exact or directly multiplied terms, without special functions. */

/** A ratio of big integers as a double, correct to about 17 digits also where it is tiny. */
function quotient(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return 0;
  const shift = Math.max(0, denominator.toString(2).length - numerator.toString(2).length + 64);
  return Number((numerator << BigInt(shift)) / denominator) / 2 ** shift;
}

/** Binomial tails for p = numerator / denominator, exact in rationals: [P(X <= x), P(X >= x)]. */
export function exactBinomialTails(
  x: number,
  n: number,
  numerator: number,
  denominator: number,
): [number, number] {
  const a = BigInt(numerator);
  const b = BigInt(denominator - numerator);
  let term = b ** BigInt(n);
  let lower = 0n;
  let upper = 0n;
  for (let k = 0; k <= n; k++) {
    if (k <= x) lower += term;
    if (k >= x) upper += term;
    // The quotient is whole: term holds C(n, k) and, up to k = n - 1, at least one factor b.
    term = (term * BigInt(n - k) * a) / (BigInt(k + 1) * b);
  }
  const total = BigInt(denominator) ** BigInt(n);
  return [quotient(lower, total), quotient(upper, total)];
}

/** Hypergeometric tails exact in rationals: [P(X <= x), P(X >= x)]. */
export function exactHypergeometricTails(
  x: number,
  population: number,
  marked: number,
  sample: number,
): [number, number] {
  const choose = (n: number, k: number): bigint => {
    if (k < 0 || k > n) return 0n;
    let value = 1n;
    for (let i = 0; i < k; i++) value = (value * BigInt(n - i)) / BigInt(i + 1);
    return value;
  };
  let lower = 0n;
  let upper = 0n;
  for (let k = 0; k <= sample; k++) {
    const term = choose(marked, k) * choose(population - marked, sample - k);
    if (k <= x) lower += term;
    if (k >= x) upper += term;
  }
  const total = choose(population, sample);
  return [quotient(lower, total), quotient(upper, total)];
}

/** Beta-binomial tails for whole a and b, exact in rationals: [P(X <= x), P(X >= x)]. */
export function exactBetaBinomialTails(x: number, n: number, a: number, b: number): [number, number] {
  const rising = (from: number, times: number): bigint => {
    let value = 1n;
    for (let i = 0; i < times; i++) value *= BigInt(from + i);
    return value;
  };
  let choose = 1n;
  let lower = 0n;
  let upper = 0n;
  for (let k = 0; k <= n; k++) {
    const term = choose * rising(a, k) * rising(b, n - k);
    if (k <= x) lower += term;
    if (k >= x) upper += term;
    choose = (choose * BigInt(n - k)) / BigInt(k + 1);
  }
  const total = rising(a + b, n);
  return [quotient(lower, total), quotient(upper, total)];
}

/**
 * Beta-binomial tails for any a and b that are whole multiples of 2^-60, multiplied out from the mean in whole numbers of
 * 320 bits: a function that gives [P(X <= x), P(X >= x)] for x in 0..n.
 */
export function multipliedBetaBinomialTails(
  n: number,
  a: number,
  b: number,
): (x: number) => [number, number] {
  const one = 1n << 60n;
  const success = BigInt(a * 2 ** 60);
  const failure = BigInt(b * 2 ** 60);
  const up = (k: number) => BigInt(n - k) * (success + BigInt(k) * one);
  const down = (k: number) => BigInt(k + 1) * (failure + BigInt(n - k - 1) * one);
  const mean = Math.floor((n * a) / (a + b));
  const sums = new Array<bigint>(n + 1);
  sums[mean] = 1n << 320n;
  for (let k = mean; k < n; k++) sums[k + 1] = (sums[k]! * up(k)) / down(k);
  for (let k = mean; k > 0; k--) sums[k - 1] = (sums[k]! * down(k - 1)) / up(k - 1);
  for (let k = 1; k <= n; k++) sums[k]! += sums[k - 1]!;
  const total = sums[n]!;
  return (x) => [quotient(sums[x]!, total), quotient(total - (x > 0 ? sums[x - 1]! : 0n), total)];
}

/**
 * Negative binomial tails NB(mu, phi) by multiplying out P(Y = k) from P(Y = 0); phi = 1 is Poisson.
 * Only positive terms are added; P(Y = 0) must not underflow.
 */
export function summedNegativeBinomialTails(y: number, mu: number, phi: number): [number, number] {
  const excess = phi - 1;
  let term = excess === 0 ? Math.exp(-mu) : Math.exp((-mu * Math.log1p(excess)) / excess);
  const terms: number[] = [];
  for (let k = 0; k <= y || k <= mu || term > 1e-40; k++) {
    terms.push(term);
    term *= (mu + k * excess) / ((k + 1) * phi);
  }
  let lower = 0;
  let upper = 0;
  for (let k = 0; k <= y; k++) lower += terms[k]!;
  for (let k = terms.length - 1; k >= Math.max(0, y); k--) upper += terms[k]!;
  return [lower, upper];
}
