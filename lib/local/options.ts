import { isDay } from '../model/day.ts';
import { UserError } from './stage.ts';

/**
 * Reads a date given on the command line; null when none was.
 * @throws {UserError} it is not an existing date.
 */
export function dateOption(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!isDay(text)) throw new UserError(`--as-of: expected an existing date YYYY-MM-DD, got "${text}"`);
  return text;
}
