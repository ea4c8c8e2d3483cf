import * as YAML from 'yaml';
import type * as z from 'zod';
import { type Config, configSchema } from './config.ts';
import { contradictions } from './config-contradictions.ts';
import type { ConfigError, Path, Place } from './config-error.ts';
import { nearest } from './edit-distance.ts';

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
    return { errors: document.errors.map((e) => at(e.pos[0], [], e.message.split(' at line ')[0]!)) };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return { errors: [at(0, [], (error as Error).message)] };
  }
  const place = (path: Path, what: string, key?: string) => at(offsetOf(document, path, key), path, what);
  const parsed = configSchema.safeParse(value);
  if (!parsed.success)
    return { errors: parsed.error.issues.flatMap((issue) => describe(issue, value, place)) };
  const errors = contradictions(parsed.data, place);
  return errors.length > 0 ? { errors } : { config: parsed.data };
}

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
      branch.every((i) => (i.code !== 'invalid_type' && i.code !== 'invalid_value') || i.path.length > 0),
    );
    const branch = typeof given === 'object' ? inside.sort((a, b) => a.length - b.length)[0] : undefined;
    if (branch) return branch.flatMap((i) => describe(i, root, place, path));
    return [place(path, `${shown(given)} is not allowed here; ${alternatives(issue.errors)}`)];
  }
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid')) {
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
  if (issue.code === 'invalid_type') {
    const given = valueAt(root, path);
    const expected = `expected ${typeNames[issue.expected] ?? issue.expected}`;
    return [place(path, given === undefined ? `missing; ${expected}` : `${expected}, got ${shown(given)}`)];
  }
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    const given = valueAt(root, path);
    if (typeof given === 'number') return [place(path, `${limitText(issue)}, got ${shown(given)}`)];
  }
  return [place(path, issue.message)];
}

/** What a reader of YAML calls the types of the schema. */
const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
};

function limitText(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  if (issue.code === 'too_big') return `expected at most ${issue.maximum}`;
  return `expected ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
}

function alternatives(branches: readonly (readonly z.core.$ZodIssue[])[]): string {
  const all = branches.map((branch) => {
    const first = branch[0];
    if (first?.code === 'invalid_value') return first.values.join(' or ');
    if (first?.code === 'invalid_type') return typeNames[first.expected] ?? first.expected;
    return first?.message ?? 'another value';
  });
  return `expected ${[...new Set(all)].join(', or ')}`;
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  return typeof value === 'number' ? String(value) : JSON.stringify(value).slice(0, 60);
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
