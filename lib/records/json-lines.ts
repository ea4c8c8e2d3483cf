import type { Dataset } from '../model/config.ts';
import { contractOf } from '../model/datasets.ts';
import { textOf } from './cell.ts';
import { type Limits, type Problem, refuse, shown } from './file-report.ts';
import { columnOf, columnPlaces, type Renames } from './header.ts';
import { RecordEncoder } from './record-encoder.ts';
import type { RowConsumer, Tally } from './tally.ts';
import type { TextFormat } from './text-buffer.ts';
import type { TextBytes } from './text-bytes.ts';

/** A field of a JSON object as text, exactly as written; null for null, undefined for an object or array. */
type Field = string | null | undefined;

const lineFeed = 10;
const skipped = Symbol('left out');

/** JSON Lines: one object a line, fields by name. Numbers are read from their text, so 1e3 is no count. */
export class JsonLinesFormat implements TextFormat {
  readonly #dataset: Dataset;
  readonly #renames: Renames;
  readonly #limits: Limits;
  readonly #tally: Tally;
  readonly #consumer: RowConsumer;
  readonly #known: readonly string[];
  readonly #encoder: RecordEncoder;
  /** Column of each field name met so far. */
  readonly #columns = new Map<string, number | typeof skipped>();

  constructor(dataset: Dataset, renames: Renames, limits: Limits, tally: Tally, consumer: RowConsumer) {
    this.#dataset = dataset;
    this.#renames = renames;
    this.#limits = limits;
    this.#tally = tally;
    this.#consumer = consumer;
    this.#known = Object.keys(contractOf(dataset).columns);
    this.#encoder = new RecordEncoder(this.#known.length);
    consumer.begin(Int32Array.from(this.#known, (_, i) => i));
  }

  consume(text: TextBytes, from: number, end: number): number {
    let at = from;
    while (at < end) {
      const feedAt = text.bytes.indexOf(lineFeed, at);
      const lineEnd = feedAt === -1 || feedAt >= end ? end : feedAt;
      const line = textOf(text, at, lineEnd).trim();
      if (line === '') this.#tally.countBlank(1);
      else this.#tally.countRow(this.#take(line), 1);
      at = lineEnd + 1;
    }
    return Math.min(at, end);
  }

  #take(line: string): Problem | null {
    const fields = fieldsOf(line);
    if ('reason' in fields) return fields;
    const encoder = this.#encoder;
    encoder.begin();
    for (const [name, value] of fields.list) {
      const column = this.#columnOf(name);
      if (column === skipped) continue;
      const label = this.#known[column]!;
      if (value === undefined)
        return {
          column: label,
          reason: 'an object or list',
          expected: 'text, a number or null',
          value: null,
        };
      if (value !== null && value.length > this.#limits.cellBytes)
        return {
          column: label,
          reason: `a cell longer than ${this.#limits.cellBytes} bytes`,
          expected: 'shorter cells',
          value: null,
        };
      if (encoder.bounds[column * 2 + 1] !== 0)
        return {
          column: label,
          reason: `"${label}" is there twice`,
          expected: 'each field once',
          value: null,
        };
      encoder.set(column, value);
    }
    return this.#consumer.take(encoder.text, encoder.bounds, 0, this.#tally.line);
  }

  #columnOf(name: string): number | typeof skipped {
    let column = this.#columns.get(name);
    if (column === undefined) {
      const target = columnOf(this.#dataset, name, this.#renames);
      if (target === undefined) {
        // Only the unknown name is new here: with all required ones beside it, the header's refusal names it.
        columnPlaces(this.#dataset, [...this.#known.filter((k) => k !== name), name], {}, this.#tally.line);
        refuse(this.#tally.line, name, `unknown field "${name}"`, this.#known.join(', '));
      }
      column = target === null ? skipped : this.#known.indexOf(target);
      this.#columns.set(name, column);
    }
    return column;
  }
}

/** The fields of a line that holds one object, in order. */
function fieldsOf(line: string): { list: readonly (readonly [name: string, value: Field])[] } | Problem {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return { column: null, reason: 'not JSON', expected: 'one JSON object a line', value: null };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return {
      column: null,
      reason: 'not a JSON object',
      expected: 'one JSON object a line',
      value: shown(typeof parsed),
    };
  const list: [string, Field][] = [];
  const seen = new Set<string>();
  let at = 1;
  for (;;) {
    const open = line.indexOf('"', at);
    if (open === -1) return { list };
    const close = stringEnd(line, open);
    const name = JSON.parse(line.slice(open, close)) as string;
    if (seen.has(name))
      return { column: name, reason: `"${name}" is there twice`, expected: 'each field once', value: null };
    seen.add(name);
    const start = line.indexOf(':', close) + 1;
    const end = valueEnd(line, start);
    const text = line.slice(start, end).trim();
    list.push([name, fieldValue(text)]);
    at = end;
  }
}

function fieldValue(text: string): Field {
  if (text.startsWith('"')) return JSON.parse(text) as string;
  if (text.startsWith('{') || text.startsWith('[')) return undefined;
  return text === 'null' ? null : text;
}

/** Position after the string that opens at `open`, in valid JSON. */
function stringEnd(line: string, open: number): number {
  let i = open + 1;
  while (line[i] !== '"') i += line[i] === '\\' ? 2 : 1;
  return i + 1;
}

/** Position of the comma or brace after the value that begins at `start`, in valid JSON. */
function valueEnd(line: string, start: number): number {
  let depth = 0;
  for (let i = start; i < line.length; ) {
    const c = line[i];
    if (c === '"') {
      i = stringEnd(line, i);
      continue;
    }
    if (depth === 0 && (c === ',' || c === '}')) return i;
    if (c === '{' || c === '[') depth += 1;
    if (c === '}' || c === ']') depth -= 1;
    i += 1;
  }
  return line.length;
}
