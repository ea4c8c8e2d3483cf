import { requireAtLeast, requirePositive } from './argument.ts';

/** A pay curve on attainment: nothing below a threshold, linear to the target, accelerated above, capped. */
export interface PayoutPlan {
  target: number;
  /** Pay at target, in any unit of money. */
  base: number;
  /** Attainment from which pay starts. */
  threshold: number;
  /** Pay per unit of attainment above 1, in units of `base`. */
  accelerator: number;
  /** Largest multiple of `base`. */
  cap: number;
}

/**
 * Pay for a result under a linear plan with threshold, accelerator and cap. Not rounded to minor units.
 *
 * @param actual result, >= 0, in the unit of the target.
 * @param plan the curve.
 * @returns pay in the unit of `plan.base`; 0 below the threshold.
 * @throws {RangeError} `actual` < 0, `target` <= 0, or another term < 0.
 * @example
 * payout(5000, { target: 4000, base: 3000, threshold: 0.8, accelerator: 1.5, cap: 2 }); // => 4125
 */
export function payout(actual: number, plan: PayoutPlan): number {
  requireAtLeast('actual', actual, 0);
  requirePositive('target', plan.target);
  requireAtLeast('base', plan.base, 0);
  requireAtLeast('threshold', plan.threshold, 0);
  requireAtLeast('accelerator', plan.accelerator, 0);
  requireAtLeast('cap', plan.cap, 0);
  const attainment = actual / plan.target;
  if (attainment < plan.threshold) return 0;
  const multiple = attainment <= 1 ? attainment : 1 + plan.accelerator * (attainment - 1);
  return plan.base * Math.min(plan.cap, multiple);
}
