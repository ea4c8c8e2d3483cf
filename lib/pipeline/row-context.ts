import type { Config, Source } from '../model/config.ts';
import type { Day } from '../model/day.ts';
import type { RowContext } from '../records/row-parser.ts';

/** Nobody counted visits before; what is dated earlier is a zero or a slip of the pen. */
const earliest: Day = '1990-01-01';

/** What the rows of a source are read with: its unit, the units' zones, the currency, and the days nothing lies after or before. */
export function rowContext(config: Config, source: Source, today: Day): RowContext {
  const zones = new Map(config.units.map((u) => [u.id, u.timezone ?? config.timezone]));
  return {
    unit: source.unit ?? (config.units.length === 1 ? config.units[0]!.id : 'all'),
    zone: (unit) => zones.get(unit) ?? null,
    currency: config.currency,
    today,
    earliest,
  };
}

/** Country of a unit, which phone numbers without a country code are read in; null where none is configured. */
export function countryOf(config: Config): (unit: string) => string | null {
  const countries = new Map(
    config.units.map((u) => [u.id, (u.country ?? config.country)?.slice(0, 2) ?? null]),
  );
  return (unit) => countries.get(unit) ?? null;
}

/** A message that names file, line, column and what was expected. */
export function refusalMessage(
  name: string,
  refusal: {
    readonly line: number;
    readonly column: string | null;
    readonly reason: string;
    readonly expected: string;
  },
): string {
  const column = refusal.column === null ? '' : `, column ${refusal.column}`;
  // A file without a header offers its first row as one: the message goes where addresses of people must not.
  return `${name}: line ${refusal.line}${column}: ${refusal.reason}; expected ${refusal.expected}`.replace(
    /[^\s"',;:@]+@[^\s"',;:@]+/g,
    '...@...',
  );
}
