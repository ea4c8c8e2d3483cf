/** Writes cells given as text into bytes and bounds, for the formats that do not hold them as bytes. */
export class RecordEncoder {
  readonly bounds: Int32Array;
  bytes = new Uint8Array(1 << 12);
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
    if (wanted > this.bytes.length) {
      const larger = new Uint8Array(Math.max(wanted, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, this.#used));
      this.bytes = larger;
    }
    const { written } = this.#encoder.encodeInto(text, this.bytes.subarray(this.#used));
    this.bounds[column * 2] = this.#used;
    this.#used += written;
    this.bounds[column * 2 + 1] = this.#used;
  }
}
