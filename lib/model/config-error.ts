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

/** Keys from the top of a configuration to one of its values. */
export type Path = readonly (string | number)[];

/** Makes an error at the place of a path, or of one key of the map there. */
export type Place = (path: Path, what: string, key?: string) => ConfigError;
