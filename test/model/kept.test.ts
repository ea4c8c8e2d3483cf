import { expect, test } from 'vitest';
import { keptFor } from '../../lib/model/kept.ts';

test('works a thing out once for the same objects and key', () => {
  const kept = keptFor<number>();
  const [a, b] = [{}, {}];
  let made = 0;
  const make = () => {
    made += 1;
    return made;
  };
  const asked = [
    kept([a], 'x', make),
    kept([a], 'x', make),
    kept([a], 'y', make),
    kept([b], 'x', make),
    kept([a, b], 'x', make),
    kept([b, a], 'x', make),
    kept([a, b], 'x', make),
  ];
  expect(asked).toEqual([1, 1, 2, 3, 4, 5, 4]);
});

test('keeps null and undefined too', () => {
  const kept = keptFor<null | undefined>();
  const owner = {};
  let made = 0;
  for (const value of [null, undefined])
    for (let i = 0; i < 2; i += 1)
      kept([owner], String(value), () => {
        made += 1;
        return value;
      });
  expect(made).toBe(2);
});

test('two stores know nothing of each other', () => {
  const owner = {};
  keptFor<number>()([owner], 'a', () => 1);
  expect(keptFor<number>()([owner], 'a', () => 2)).toBe(2);
});
