/**
 * Text as it lies in memory, read byte by byte and four bytes at a time. Four bytes may be read from anywhere
 * before the end of what it holds: there is room behind it.
 */
export interface TextBytes {
  readonly bytes: Uint8Array;
  /** The same bytes. */
  readonly view: DataView;
  /** The same bytes. */
  readonly buffer: Buffer;
}

/** Room for `length` bytes of text, all zero. */
export function textBytes(length: number): TextBytes {
  const bytes = new Uint8Array(length + 4);
  return { bytes, view: new DataView(bytes.buffer), buffer: Buffer.from(bytes.buffer) };
}

/** How many bytes of text there is room for. */
export function roomOf({ bytes }: TextBytes): number {
  return bytes.length - 4;
}
