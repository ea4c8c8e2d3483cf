/** A row that was not taken, for quarantine. */
export interface BadRow {
  readonly file: string;
  /** Physical line the row begins on, counted from 1; of Parquet the row. */
  readonly line: number;
  /** Physical lines it covers. */
  readonly lines: number;
  /** Column of the dataset; null when the row as a whole is bad. */
  readonly column: string | null;
  readonly reason: string;
  readonly expected: string;
  /** The cell, at most 200 characters; null for personal columns and where no cell is to blame. */
  readonly value: string | null;
}

/** Why a cell or row is bad, before it is known where it stands. */
export type Problem = Pick<BadRow, 'column' | 'reason' | 'expected' | 'value'>;

/** Why a whole file was refused. */
export interface Refusal {
  readonly line: number;
  readonly column: string | null;
  readonly reason: string;
  readonly expected: string;
}

/** Something a reader of the file should know that made no row bad. */
export interface Note {
  /** First line it was met on. */
  readonly line: number;
  readonly column: string | null;
  readonly text: string;
  /** How many rows it holds for. */
  readonly count: number;
}

/** What reading a file came to. */
export interface FileReport {
  readonly name: string;
  /** SHA-256 of the bytes as delivered, lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** Physical lines; good + bad + header + blank = total unless the file was refused. */
  readonly lines: {
    readonly total: number;
    readonly header: number;
    readonly blank: number;
    readonly good: number;
    readonly bad: number;
  };
  readonly notes: readonly Note[];
  readonly refused: Refusal | null;
}

/** Limits a file is read under. */
export interface Limits {
  /** Most bytes of one cell. */
  readonly cellBytes: number;
  /** Most bytes of one record. */
  readonly lineBytes: number;
  /** Share of bad lines above which a file is refused whole. */
  readonly badShare: number;
  /** Most bytes of a Parquet file, which is read whole. */
  readonly parquetBytes: number;
}

/** 1 MB a cell, 4 MB a line, 5 % bad lines, 256 MB of Parquet. */
export const defaultLimits: Limits = {
  cellBytes: 1 << 20,
  lineBytes: 4 << 20,
  badShare: 0.05,
  parquetBytes: 256 << 20,
};

/** Thrown inside the reader to refuse a file; never leaves it. */
export class RefusedError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}

/** Refuses the file being read. */
export function refuse(line: number, column: string | null, reason: string, expected: string): never {
  throw new RefusedError({ line, column, reason, expected });
}

/** A value as it may be shown, at most 200 characters. */
export function shown(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
