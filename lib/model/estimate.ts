import type { Day } from './day.ts';

/** A value with its 95 % interval, both ends included; `high` is null where nothing bounds it. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number | null;
}

/** Days of a span: `from` included, `to` not. */
export interface Span {
  readonly from: Day;
  readonly to: Day;
}
