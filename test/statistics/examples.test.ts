import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../lib/statistics/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
const scope: Record<string, unknown> = {};
for (const file of files) Object.assign(scope, await import(new URL(file, folder).href));

const evaluate = (code: string): unknown =>
  new Function(...Object.keys(scope), `return ${code}`)(...Object.values(scope));

const examples = files.flatMap((file) =>
  [...readFileSync(new URL(file, folder), 'utf8').matchAll(/@example\n \* (.*); \/\/ => (.*)\n/g)].map(
    ([, code, shown]) => ({ file, code: code!, shown: shown! }),
  ),
);

/** Compares with as many digits as the comment shows; ten where it shows a formula. */
function expectShown(actual: unknown, shown: unknown, where: string): void {
  if (typeof shown !== 'number') {
    if (Array.isArray(shown)) {
      const list = Array.from(actual as ArrayLike<unknown>);
      expect(list.length, where).toBe(shown.length);
      shown.forEach((value, i) => {
        expectShown(list[i], value, where);
      });
    } else if (typeof shown === 'object' && shown !== null) {
      for (const [key, value] of Object.entries(shown)) {
        expectShown((actual as Record<string, unknown>)[key], value, where);
      }
    } else expect(actual, where).toEqual(shown);
    return;
  }
  const digits = String(shown)
    .replace(/e.*$/, '')
    .replace(/^-?0*\.?0*/, '')
    .replace('.', '').length;
  const unit =
    shown === 0 ? 1e-12 : 10 ** (Math.floor(Math.log10(Math.abs(shown))) + 1 - Math.min(digits, 12));
  const exact = Number.isInteger(shown) ? 1e-9 : 0.51 * unit;
  expect(Math.abs((actual as number) - shown), `${where} shows ${shown}, is ${actual}`).toBeLessThanOrEqual(
    exact,
  );
}

/** Names an example uses: neither properties, keys, words in quotes nor parameters of its own functions. */
function namesIn(code: string): string[] {
  const bare = code.replace(/'[^']*'/g, '');
  const own = [...bare.matchAll(/\(?([\w, ]+)\)?\s*=>/g)].flatMap(([, list]) => list!.split(/, */));
  const names = bare.match(/(?<![.\w$])[A-Za-z_$][\w$]*(?!\w*\s*:)/g) ?? [];
  return names.filter((name) => !own.includes(name) && !/^(new|null|true|false|undefined)$/.test(name));
}

function areKnown(names: readonly string[]): boolean {
  return names.every((name) => name in scope || name in globalThis);
}

describe('examples in the comments', () => {
  it('are there for most statistics and can be run', () => {
    expect(examples.length).toBeGreaterThan(100);
  });

  // Those that speak of a fit or a series left to the reader are not run. Told by their names: what is run while tests
  // are gathered belongs to none of them.
  const selfContained = examples.filter(
    ({ code, shown }) => !shown.includes('...') && areKnown(namesIn(code)),
  );

  it('hold in all but those', () => {
    expect(selfContained.length).toBeGreaterThan(90);
  });

  it.each(selfContained)('$file: $code', ({ code, shown }) => {
    expectShown(evaluate(code), evaluate(`(${shown})`), code);
  });
});
