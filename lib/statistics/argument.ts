/**
 * Refusals of arguments outside a statistic's domain, worded the same everywhere.
 *
 * Each function returns nothing and throws a `RangeError` that names the argument and what it was.
 */

/** @throws {RangeError} `value` is NaN or infinite. */
export function requireFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) throw new RangeError(`${name} must be a finite number, was ${value}`);
}

/** @throws {RangeError} `value` is not a whole number of at least `least`. */
export function requireCount(name: string, value: number, least = 0): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name} must be a whole number >= ${least}, was ${value}`);
  }
}

/** @throws {RangeError} `value` is not a whole number; negative ones are allowed. */
export function requireWhole(name: string, value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${name} must be a whole number, was ${value}`);
}

/** @throws {RangeError} `value` is not a finite number of at least `least`. */
export function requireAtLeast(name: string, value: number, least: number): void {
  if (!Number.isFinite(value) || value < least) {
    throw new RangeError(`${name} must be a finite number >= ${least}, was ${value}`);
  }
}

/** @throws {RangeError} `value` is not a finite number above zero. */
export function requirePositive(name: string, value: number): void {
  if (!Number.isFinite(value) || value <= 0) {
    throw new RangeError(`${name} must be a finite number > 0, was ${value}`);
  }
}

/** @throws {RangeError} `value` is outside [0, 1]. */
export function requireShare(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`${name} must lie in [0, 1], was ${value}`);
}

/** @throws {RangeError} `value` is outside the open interval (0, 1). */
export function requireInside(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw new RangeError(`${name} must lie in (0, 1), was ${value}`);
}

/** @throws {RangeError} the two arrays differ in length. */
export function requireSameLength(
  firstName: string,
  first: ArrayLike<unknown>,
  secondName: string,
  second: ArrayLike<unknown>,
): void {
  if (first.length !== second.length) {
    throw new RangeError(
      `${firstName} and ${secondName} must have the same length, were ${first.length} and ${second.length}`,
    );
  }
}

/** @throws {RangeError} `values` holds fewer than `least` elements. */
export function requireLength(name: string, values: ArrayLike<unknown>, least: number): void {
  if (values.length < least) {
    throw new RangeError(`${name} must hold at least ${least} elements, had ${values.length}`);
  }
}
