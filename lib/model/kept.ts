/** What is kept for one object: by key, and for each further object. */
interface Shelf<T> {
  readonly byKey: Map<string, T>;
  readonly byObject: WeakMap<object, Shelf<T>>;
}

function shelf<T>(): Shelf<T> {
  return { byKey: new Map(), byObject: new WeakMap() };
}

/**
 * A store of what was worked out from some objects, by key: made once, shared by all who ask again, and dropped with
 * the objects. The objects must never change afterwards.
 *
 * @returns a function that gives what is kept for all these objects and a key, or makes it.
 * @example
 * const kept = keptFor<number>();
 * kept([rows], 'sum', () => sumOf(rows)); // worked out once for `rows`
 */
export function keptFor<T>(): (from: readonly object[], key: string, make: () => T) => T {
  const root = shelf<T>();
  return (from, key, make) => {
    let at = root;
    for (const object of from) {
      let next = at.byObject.get(object);
      if (!next) {
        next = shelf();
        at.byObject.set(object, next);
      }
      at = next;
    }
    // What is kept may itself be undefined or null.
    if (at.byKey.has(key)) return at.byKey.get(key) as T;
    const made = make();
    at.byKey.set(key, made);
    return made;
  };
}
