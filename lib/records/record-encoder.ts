import { roomOf, textBytes } from './text-bytes.ts';

/** Writes cells given as text into text and bounds, for the formats that do not hold them as bytes. */
export class RecordEncoder {
  readonly bounds: Int32Array;
  text = textBytes(1 << 12);
  readonly #encoder = new TextEncoder();
  #used = 0;

  /** @param columns number of columns of the contract. */
  constructor(columns: number) {
    this.bounds = new Int32Array(columns * 2);
  }

  /** Begins a record: every cell is empty. */
  begin(): void {
    this.#used = 0;
    this.bounds.fill(0);
  }

  /** Sets a cell; null leaves it empty. */
  set(column: number, text: string | null): void {
    if (text === null) return;
    const wanted = this.#used + text.length * 3;
    if (wanted > roomOf(this.text)) {
      const { bytes } = this.text;
      this.text = textBytes(Math.max(wanted, bytes.length * 2));
      this.text.bytes.set(bytes);
    }
    const { written } = this.#encoder.encodeInto(text, this.text.bytes.subarray(this.#used));
    this.bounds[column * 2] = this.#used;
    this.#used += written;
    this.bounds[column * 2 + 1] = this.#used;
  }
}
