import type { MessageData } from '../model/finding.ts';
import { numberText, shareText } from './number-text.ts';
import { listText, plainText } from './plain-text.ts';

const most = 3;

/**
 * Renders a sentence from its template: `{name}` is taken from `data` with numbers formatted,
 * `{name:percent}` reads a share from 0 to 1. Missing values (null) read "not known"; of lists three are named.
 *
 * @throws {RangeError} the template names what `data` does not hold, or asks per cent of no number.
 * @example renderMessage('{best} of {all}', { best: 1200, all: 3 }) // => '1,200 of 3'
 */
export function renderMessage(template: string, data: MessageData): string {
  return template.replace(/\{([A-Za-z][A-Za-z0-9]*)(:percent)?\}/g, (_, name: string, percent?: string) => {
    if (!Object.hasOwn(data, name))
      throw new RangeError(`the message needs "${name}", which its numbers do not hold`);
    const value = data[name]!;
    if (value === null) return 'not known';
    if (percent) {
      if (typeof value !== 'number')
        throw new RangeError(`expected "${name}" to be a share, got ${typeof value}`);
      return shareText(value);
    }
    if (typeof value === 'number') return numberText(value);
    if (typeof value === 'boolean') return value ? 'yes' : 'no';
    if (typeof value === 'string') return plainText(value, 120);
    return listText(
      value.map((item) => (typeof item === 'number' ? numberText(item) : item)),
      most,
    );
  });
}
