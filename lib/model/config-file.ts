import * as YAML from 'yaml';
import type * as z from 'zod';
import { type Config, configSchema, type Plan } from './config.ts';
import { addDays } from './day.ts';
import { nearest } from './edit-distance.ts';
import { noHolidays } from './holidays.ts';
import { datasetOf, type Kpi } from './kpi.ts';
import { completePeriods } from './period.ts';
import { type PeriodDates, periodDates } from './period-dates.ts';

/** One thing wrong with a configuration, with the place it stands at. */
export interface ConfigError {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** Path of keys, `plans.0.kpis.1.target`. */
  readonly path: string;
  /** The whole sentence, beginning with `file:line:column`. */
  readonly message: string;
}

type Path = readonly (string | number)[];

/** A configuration, or everything that is wrong with it. */
export type ConfigReading = { readonly config: Config } | { readonly errors: readonly ConfigError[] };

/**
 * Reads and validates a `bonafide.yaml`: YAML syntax, the schema, then what only holds between keys
 * (names that refer to each other, plans without data, pay dates before the period is ripe).
 *
 * @param text the file's content.
 * @param file its name, for the messages only.
 * @returns the configuration with defaults filled in, or every error with its place. Never throws on bad input.
 * @example readConfig('organisation: Acme\n', 'bonafide.yaml') // => { errors: [ ... ] }
 */
export function readConfig(text: string, file: string): ConfigReading {
  const lines = new YAML.LineCounter();
  const document = YAML.parseDocument(text, { lineCounter: lines, uniqueKeys: true, version: '1.2' });
  const at = errorsIn(file, lines);
  if (document.errors.length > 0)
    return { errors: document.errors.map((e) => at(e.pos[0], [], e.message.split('\n')[0]!)) };
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  const place = (path: Path, what: string, key?: string) => at(offsetOf(document, path, key), path, what);
  const parsed = configSchema.safeParse(value);
  if (!parsed.success)
    return { errors: parsed.error.issues.flatMap((issue) => describe(issue, value, place)) };
  const errors = contradictions(parsed.data, place);
  return errors.length > 0 ? { errors } : { config: parsed.data };
}

type Place = (path: Path, what: string, key?: string) => ConfigError;

/** Makes errors with places for what is found wrong after {@link readConfig}, such as limits of checks. */
export function placesIn(text: string, file: string): (path: Path, what: string) => ConfigError {
  const lines = new YAML.LineCounter();
  const document = YAML.parseDocument(text, { lineCounter: lines });
  return (path, what) => errorsIn(file, lines)(offsetOf(document, path), path, what);
}

function errorsIn(file: string, lines: YAML.LineCounter) {
  return (offset: number, path: Path, what: string): ConfigError => {
    const { line, col } = lines.linePos(offset);
    const where = path.length > 0 ? `${path.join('.')}: ` : '';
    return {
      file,
      line,
      column: col,
      path: path.join('.'),
      message: `${file}:${line}:${col}: ${where}${what}`,
    };
  };
}

/** Offset of the node at a path, of its key where one is named, else of the nearest ancestor that exists. */
function offsetOf(document: YAML.Document, path: Path, key?: string): number {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (!YAML.isNode(node) || !node.range) continue;
    if (key !== undefined && depth === path.length && YAML.isMap(node)) {
      const pair = node.items.find((item) => YAML.isScalar(item.key) && item.key.value === key);
      if (pair && YAML.isScalar(pair.key) && pair.key.range) return pair.key.range[0];
    }
    return node.range[0];
  }
  return 0;
}

/** Turns one issue of the schema into errors with places; a union reports the branch that came nearest. */
function describe(issue: z.core.$ZodIssue, root: unknown, place: Place, base: Path = []): ConfigError[] {
  const path = [...base, ...(issue.path as (string | number)[])];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const near = nearest(key, keysAt(path));
      const hint = near ? `; did you mean "${near}"?` : '';
      return place(path, `unknown key "${key}"${hint}`, key);
    });
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const given = valueAt(root, path);
    // The branch of the value's own shape says what is wrong inside it; without one the alternatives are named.
    const inside = issue.errors.filter((branch) =>
      branch.every((i) => i.code !== 'invalid_type' || i.path.length > 0),
    );
    const branch = typeof given === 'object' ? inside[0] : undefined;
    if (branch) return branch.flatMap((i) => describe(i, root, place, path));
    return [place(path, `${shown(given)} is not allowed here; ${alternatives(issue.errors)}`)];
  }
  if (issue.code === 'invalid_value') {
    const given = valueAt(root, path);
    const allowed = issue.values.map(String);
    const near = typeof given === 'string' ? nearest(given, allowed) : null;
    return [
      place(
        path,
        `expected one of ${allowed.join(', ')}, got ${shown(given)}${near ? `; did you mean "${near}"?` : ''}`,
      ),
    ];
  }
  if (issue.code === 'invalid_type' && valueAt(root, path) === undefined)
    return [place(path, `missing; expected ${issue.expected}`)];
  return [place(path, issue.message.replace(/^Invalid input: /, ''))];
}

function alternatives(branches: readonly (readonly z.core.$ZodIssue[])[]): string {
  const all = branches.map((branch) => {
    const first = branch[0];
    if (first?.code === 'invalid_value') return first.values.join(' or ');
    if (first?.code === 'invalid_type') return first.expected === 'object' ? 'a map' : `a ${first.expected}`;
    return first?.message ?? 'another value';
  });
  return `expected ${[...new Set(all)].join(', or ')}`;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
}

function valueAt(root: unknown, path: Path): unknown {
  let value: unknown = root;
  for (const key of path) value = (value as Record<string | number, unknown> | null | undefined)?.[key];
  return value;
}

/** Keys the schema knows at a path, for hints. */
function keysAt(path: Path): string[] {
  let nodes: unknown[] = [configSchema];
  for (const key of path) nodes = nodes.flatMap((node) => children(node, key));
  return nodes.flatMap((node) => objectsIn(node).flatMap((o) => Object.keys(o.shape)));
}

type Shaped = { shape: Record<string, unknown> };

function unwrap(node: unknown): unknown {
  const def = (node as { def?: { innerType?: unknown } } | undefined)?.def;
  return def?.innerType ? unwrap(def.innerType) : node;
}

function objectsIn(node: unknown): Shaped[] {
  const inner = unwrap(node) as
    | { shape?: Record<string, unknown>; def?: { options?: unknown[] } }
    | undefined;
  if (inner?.shape) return [inner as Shaped];
  return (inner?.def?.options ?? []).flatMap(objectsIn);
}

function children(node: unknown, key: string | number): unknown[] {
  const inner = unwrap(node) as { def?: { element?: unknown; valueType?: unknown } } | undefined;
  if (typeof key === 'number') return inner?.def?.element ? [inner.def.element] : [];
  const found = objectsIn(node).flatMap((o) => (key in o.shape ? [o.shape[key]] : []));
  return found.length > 0 ? found : inner?.def?.valueType ? [inner.def.valueType] : [];
}

/** What the schema cannot say: references, data for every plan, and time enough before the pay date. */
function contradictions(config: Config, place: Place): ConfigError[] {
  const errors: ConfigError[] = [];
  const unique = (list: readonly { id: string }[], key: string) => {
    const seen = new Set<string>();
    list.forEach(({ id }, i) => {
      if (seen.has(id)) errors.push(place([key, i, 'id'], `"${id}" is used twice; ids are unique`));
      seen.add(id);
    });
  };
  unique(config.sources, 'sources');
  unique(config.plans, 'plans');
  unique(config.units, 'units');
  const units = config.units.map((u) => u.id);
  const refersToUnit = (id: string | undefined, path: Path) => {
    if (id === undefined || units.includes(id)) return;
    const near = nearest(id, units);
    errors.push(place(path, `there is no unit "${id}"${near ? `; did you mean "${near}"?` : ''}`));
  };
  config.sources.forEach((s, i) => {
    refersToUnit(s.unit, ['sources', i, 'unit']);
  });
  config.plans.forEach((plan, i) => {
    plan.units?.forEach((id, j) => {
      refersToUnit(id, ['plans', i, 'units', j]);
    });
    plan.kpis.forEach(({ kpi }, j) => {
      if (plan.kpis.findIndex((other) => other.kpi === kpi) < j)
        errors.push(place(['plans', i, 'kpis', j, 'kpi'], `"${kpi}" stands twice in this plan`));
      if (!isFed(config, kpi))
        errors.push(
          place(
            ['plans', i, 'kpis', j, 'kpi'],
            `no source delivers "${datasetOf(kpi)}" or "counts", so "${kpi}" could never be counted`,
          ),
        );
    });
    const late = firstLatePeriod(config, plan);
    if (late)
      errors.push(
        place(
          ['plans', i, 'payAfter'],
          `period ${late.period} is paid on ${late.payOn}, but its data are ripe only on ${late.ripeOn}; ` +
            `they must be ripe by ${late.due}, two business days before pay; pay later, or settle or decide sooner`,
        ),
      );
    const paid = typeof plan.bonus === 'object' ? plan.bonus.paid : plan.period;
    if (paid !== plan.period)
      errors.push(
        place(['plans', i, 'bonus', 'paid'], `is paid by ${paid}, but the plan's period is a ${plan.period}`),
      );
  });
  return errors;
}

function isFed(config: Config, kpi: Kpi): boolean {
  return config.sources.some((s) => s.dataset === datasetOf(kpi) || s.dataset === 'counts');
}

/** The first period of two ordinary years whose data would not be ripe by the date a decision is due; null if none. */
function firstLatePeriod(config: Config, plan: Plan): (PeriodDates & { period: string }) | null {
  // Two fixed years suffice: only weekends and month lengths move the dates when no holidays are counted.
  for (const period of completePeriods('2026-01-01', addDays('2028-01-01', -1), plan.period))
    for (const { kpi } of plan.kpis) {
      const dates = periodDates(config, plan, kpi, period, noHolidays);
      if (dates.ripeOn > dates.due) return { ...dates, period: period.id };
    }
  return null;
}
