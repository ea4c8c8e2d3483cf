import { dayNumber, dayOf, weekday } from '../../model/day.ts';
import { logShockDraws } from '../../statistics/log-shocks.ts';
import { betaDraw, type Random } from '../../statistics/random-draws.ts';
import type { DailyLevel, Lag, MovingShare, UnitProfile } from './unit-profile.ts';

/** Seconds of an hour and of a day. */
export const hour = 3600;
export const day = 86_400;

/** The dates of a span, each written once. */
export class Calendar {
  readonly length: number;
  readonly #origin: number;
  readonly #names: string[] = [];

  constructor({ firstDay, days }: Pick<UnitProfile, 'firstDay' | 'days'>) {
    this.length = days;
    this.#origin = dayNumber(firstDay);
  }

  name(index: number): string {
    if (index < 0) return dayOf(this.#origin + index);
    for (let i = this.#names.length; i <= index; i += 1) this.#names.push(dayOf(this.#origin + i));
    return this.#names[index]!;
  }

  /** 0 Monday .. 6 Sunday. */
  weekday(index: number): number {
    return weekday(this.#origin + index) - 1;
  }

  /** Month an index lies in, as a number that counts up. */
  month(index: number): string {
    return this.name(index).slice(0, 7);
  }

  /** Local time so many seconds after the start of the span. */
  time(seconds: number, isDate: boolean): string {
    const name = this.name(Math.floor(seconds / day));
    if (isDate) return name;
    const rest = Math.floor(seconds) % day;
    const two = (n: number) => (n < 10 ? `0${n}` : `${n}`);
    return `${name}T${two(Math.floor(rest / hour))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
  }
}

/** Level of every day: its mean, moved by slow ups and downs. */
export function levels({ means, shocks }: DailyLevel, random: Random): number[] {
  const factors = logShockDraws(shocks, means.length, random);
  return means.map((mean, i) => mean * factors[i]!);
}

/** A time so long after another one, seconds after the start of the span; null where there is none. */
export function later(days: Calendar, seconds: number, lag: Lag): string | null {
  return lag === null ? null : days.time(seconds + lag.seconds, lag.isDate);
}

/** A share of its own for every month, drawn when a month is first asked for. */
export function byMonth(moving: MovingShare, days: Calendar, random: Random): (index: number) => number {
  const drawn = new Map<string, number>();
  return (index) => {
    const month = days.month(index);
    const share = drawn.get(month) ?? shareDraw(moving, random);
    drawn.set(month, share);
    return share;
  };
}

/** A share drawn around its mean. */
export function shareDraw({ share, rho }: MovingShare, random: Random): number {
  if (rho <= 0 || share <= 0 || share >= 1) return Math.min(1, Math.max(0, share));
  const weight = Math.max(1e-3, 1 / rho - 1);
  return betaDraw(share * weight, (1 - share) * weight, random);
}

/** One of a list, each as likely. */
export function pick<T>(list: readonly T[], random: Random): T {
  return list[Math.floor(random() * list.length)]!;
}
