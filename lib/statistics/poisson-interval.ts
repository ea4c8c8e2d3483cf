import { requireCount, requireInside } from './argument.ts';
import { gammaQuantile } from './gamma.ts';
import { normalQuantile } from './normal.ts';

/** Above it the gamma quantile is not to be had, and its cube-root form is right to five digits. */
const mostExact = 499;

/**
 * Exact interval of a Poisson mean (Garwood): where costs or time are fixed and the count is what chance moves.
 * From 500 events on by the cube roots of Wilson and Hilferty.
 *
 * @param events whole number >= 0.
 * @param confidence two-sided, inside (0, 1).
 * @returns lower and upper limit of the mean; the lower is exactly 0 without events.
 * @throws {RangeError} `events` not whole or negative, or `confidence` outside (0, 1).
 * @see Garwood (1936), Biometrika 28; Wilson & Hilferty (1931), PNAS 17
 * @example
 * poissonInterval(10, 0.95); // => [4.795, 18.390]
 */
export function poissonInterval(events: number, confidence: number): [number, number] {
  requireCount('events', events);
  requireInside('confidence', confidence);
  const outside = (1 - confidence) / 2;
  if (events > mostExact) {
    const reach = normalQuantile(1 - outside);
    return [cubeRoot(events, -reach), cubeRoot(events + 1, reach)];
  }
  return [events === 0 ? 0 : gammaQuantile(outside, events), gammaQuantile(1 - outside, events + 1)];
}

function cubeRoot(shape: number, deviate: number): number {
  return shape * (1 - 1 / (9 * shape) + deviate / (3 * Math.sqrt(shape))) ** 3;
}
