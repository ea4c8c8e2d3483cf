import { grown } from './key-table.ts';

/** Where a row stands: file in the delivery and line. */
export interface Place {
  readonly file: number;
  readonly line: number;
}

const none = new Float64Array(0);

/**
 * The rows of one date in compact form: one row a key, with its numbers. Rows that repeat a key are
 * kept as places only; a key whose rows differ in any number is conflicting.
 */
export class DateRows {
  /** Distinct keys held. */
  size = 0;
  keys: Int32Array;
  /** Keys whose rows differ. */
  conflictingKeys = 0;
  /** 1 where rows with the same key differ. */
  conflicting: Uint8Array;
  #files: Int32Array;
  #lines: Uint32Array;
  #slots: Int32Array;
  readonly #values: Float64Array[];
  /** Further rows of a key: slot, file, line. */
  readonly #more: number[] = [];
  #given: Uint8Array | null = null;

  /**
   * @param width numbers a row.
   * @param expected rows to make room for at first.
   */
  constructor(width: number, expected: number) {
    const room = Math.max(16, expected);
    this.keys = new Int32Array(room);
    this.#values = new Array<Float64Array>(width).fill(none);
    this.conflicting = new Uint8Array(room);
    this.#files = new Int32Array(room);
    this.#lines = new Uint32Array(room);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(room * 2 + 2)));
  }

  /** Rows held, the repeated ones included. */
  get rows(): number {
    return this.size + this.#more.length / 3;
  }

  /** Forgets all rows but keeps the room. */
  clear(): void {
    this.#slots.fill(0);
    this.conflicting.fill(0, 0, this.size);
    this.size = 0;
    this.conflictingKeys = 0;
    this.#more.length = 0;
  }

  /**
   * Adds a row.
   * @param numbers `width` numbers, NaN for an empty cell; copied.
   * @param given which of them can be other than NaN, in this row or one before.
   */
  add(key: number, numbers: Float64Array, given: Uint8Array, file: number, line: number): void {
    const values = this.columns(given);
    const slots = this.#slots;
    const keys = this.keys;
    const mask = slots.length - 1;
    // Keys are numbered by appearance and files repeat their order, so neighbours lie side by side unhashed;
    // steps that grow keep two overlapping runs from being walked through slot by slot.
    let slot = key & mask;
    for (let step = 1; ; step += 1) {
      const held = slots[slot]! - 1;
      if (held === -1) break;
      if (keys[held] === key) {
        this.#repeat(held, numbers, file, line);
        return;
      }
      slot = (slot + step) & mask;
    }
    const row = this.size;
    slots[slot] = row + 1;
    if (row === keys.length) this.#grow();
    this.keys[row] = key;
    this.#files[row] = file;
    this.#lines[row] = line;
    for (let i = 0; i < given.length; i += 1) {
      const k = given[i]!;
      values[k]![row] = numbers[k]!;
    }
    this.size = row + 1;
    if (this.size * 2 > slots.length) this.#rehash();
  }

  /**
   * One array a measure: NaN for an empty cell; empty for a measure that no row can have.
   * @param given the measures that rows can have.
   */
  columns(given: Uint8Array): readonly Float64Array[] {
    if (given !== this.#given) {
      for (const k of given)
        if (this.#values[k] === none) this.#values[k] = new Float64Array(this.keys.length).fill(Number.NaN);
      this.#given = given;
    }
    return this.#values;
  }

  /** Places of all rows whose key is conflicting. */
  *conflicts(): Generator<Place & { key: number }> {
    if (this.conflictingKeys === 0) return;
    for (let row = 0; row < this.size; row += 1)
      if (this.conflicting[row] === 1)
        yield { key: this.keys[row]!, file: this.#files[row]!, line: this.#lines[row]! };
    const more = this.#more;
    for (let i = 0; i < more.length; i += 3)
      if (this.conflicting[more[i]!] === 1)
        yield { key: this.keys[more[i]!]!, file: more[i + 1]!, line: more[i + 2]! };
  }

  #repeat(row: number, numbers: Float64Array, file: number, line: number): void {
    if (
      this.conflicting[row] === 0 &&
      this.#given!.some((k) => !Object.is(this.#values[k]![row], numbers[k]))
    ) {
      this.conflicting[row] = 1;
      this.conflictingKeys += 1;
    }
    this.#more.push(row, file, line);
  }

  #grow(): void {
    const length = this.keys.length * 2;
    this.keys = grown(this.keys, length);
    for (const [k, column] of this.#values.entries())
      if (column !== none) this.#values[k] = grown(column, length).fill(Number.NaN, column.length);
    this.conflicting = grown(this.conflicting, length);
    this.#files = grown(this.#files, length);
    this.#lines = grown(this.#lines, length);
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let row = 0; row < this.size; row += 1) {
      let slot = this.keys[row]! & mask;
      for (let step = 1; slots[slot] !== 0; step += 1) slot = (slot + step) & mask;
      slots[slot] = row + 1;
    }
    this.#slots = slots;
  }
}
