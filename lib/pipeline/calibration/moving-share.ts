import { learnShare } from '../../statistics/share-history.ts';
import type { MovingShare } from './unit-profile.ts';

/** A share and how much it moves between groups; without two groups to tell from it does not move. */
export function movingShare(
  groups: readonly { readonly hits: number; readonly trials: number }[],
  leastRho: number,
): MovingShare {
  const held = groups.filter((g) => g.trials > 0);
  const trials = held.map((g) => Math.round(g.trials));
  const hits = held.map((g, i) => Math.min(trials[i]!, Math.round(g.hits)));
  if (held.length < 2 || trials.every((n) => n <= 1)) {
    const [all, hit] = [trials, hits].map((list) => list.reduce((sum, n) => sum + n, 0));
    return { share: all! > 0 ? hit! / all! : 0, rho: leastRho };
  }
  const { share, rho } = learnShare(hits, trials, leastRho);
  return { share, rho };
}
