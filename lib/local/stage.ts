/** What enters a command from outside: the clock, the current folder, the streams and the environment. */
export interface Stage {
  readonly cwd: string;
  now(): Date;
  /** A line to stdout. */
  out(text: string): void;
  /** A line to stderr. */
  err(text: string): void;
  /** Whether stderr is a terminal, so that progress may be drawn over. */
  readonly isTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where a run keeps its state, in the current folder. */
export const stateFolder = '.bonafide';

/** Exit codes of SPEC 12. */
export const exitCodes = { clear: 0, flagged: 1, uncertified: 2, error: 3 } as const;

/** A mistake of the user's: told in one message, without a stack, and exit 3. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
