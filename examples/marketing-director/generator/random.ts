/** A seeded stream of random numbers and the distributions the example is drawn from. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform integer in [low, high], both included. */
  integer(low: number, high: number): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** True with probability `p`. */
  chance(p: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** A key of `weights`, each as likely as its weight. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
  /** Standard normal (Box and Muller). */
  normal(): number;
  poisson(mean: number): number;
  binomial(n: number, p: number): number;
  /** Negative binomial with mean `mean` and variance `dispersion * mean`; Poisson when `dispersion` is 1. */
  negativeBinomial(mean: number, dispersion: number): number;
}

/**
 * Opens the stream called `name`. Streams of different names do not touch each other, so that
 * a change in one dataset of the example leaves the draws of the others alone.
 *
 * Generator: mulberry32, seeded with the 32-bit FNV-1a hash of the name.
 * @example openRandom('traffic|7').integer(1, 6)
 */
export function openRandom(name: string): Random {
  let state = 0x811c9dc5;
  for (const character of name) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193) >>> 0;

  function uniform(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
  const integer = (low: number, high: number) => low + Math.floor(uniform() * (high - low + 1));
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

  /** Marsaglia and Tsang (2000), with their boost for shapes below 1. */
  function gamma(shape: number): number {
    if (shape < 1) return gamma(shape + 1) * (1 - uniform()) ** (1 / shape);
    const d = shape - 1 / 3;
    for (;;) {
      const x = normal();
      const v = (1 + x / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }
  /** Knuth's product of uniforms; the example needs means of some hundreds at most. */
  function poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = uniform(); product > limit; product *= uniform()) count += 1;
    return count;
  }

  return {
    uniform,
    integer,
    normal,
    poisson,
    between: (low, high) => low + uniform() * (high - low),
    chance: (p) => uniform() < p,
    pick: (items) => items[integer(0, items.length - 1)] ?? items[0],
    weighted(weights) {
      const entries = Object.entries<number>(weights) as [keyof typeof weights, number][];
      let left = uniform() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [key, weight] of entries) {
        left -= weight;
        if (left < 0) return key;
      }
      return entries.at(-1)![0];
    },
    binomial(n, p) {
      let count = 0;
      for (let i = 0; i < n; i++) if (uniform() < p) count += 1;
      return count;
    },
    negativeBinomial(mean, dispersion) {
      if (mean === 0) return 0;
      return poisson(dispersion === 1 ? mean : gamma(mean / (dispersion - 1)) * (dispersion - 1));
    },
  };
}
