import type { Dataset } from '../model/config.ts';
import { contractOf } from '../model/datasets.ts';
import { nearest } from '../model/edit-distance.ts';
import { refuse } from './file-report.ts';

/** Names in a file -> columns of the dataset; null leaves a column out. */
export type Renames = Readonly<Record<string, string | null>>;

/**
 * Finds the contract's columns among the names of a file.
 *
 * @param names names as the file gives them, in its order.
 * @param line line of the header, for the refusal.
 * @returns for every column of the contract, in the contract's order, its place among `names`; -1 when absent.
 * @throws RefusedError an unknown, unnamed, duplicated or missing required column, by name.
 * @throws {RangeError} `renames` leads to a column the dataset does not have.
 */
export function columnPlaces(
  dataset: Dataset,
  names: readonly string[],
  renames: Renames,
  line: number,
): Int32Array {
  const { columns } = contractOf(dataset);
  const known = Object.keys(columns);
  for (const [name, target] of Object.entries(renames))
    if (target !== null && !known.includes(target))
      throw new RangeError(`columns: "${name}" is renamed to "${target}", which is no column of ${dataset}`);
  const places = new Int32Array(known.length).fill(-1);
  const all = known.join(', ');
  for (const [index, name] of names.entries()) {
    if (name === '') refuse(line, null, `column ${index + 1} has no name`, `one of ${all}`);
    const target = columnOf(dataset, name, renames);
    if (target === null) continue;
    const place = known.indexOf(target ?? '');
    if (target === undefined) {
      const hint = nearest(name, known);
      const listed = 'or an entry under "columns" of the source: a new name, or null to leave it out';
      refuse(
        line,
        name,
        `unknown column "${name}"`,
        hint ? `"${hint}"? ${listed}` : `one of ${all}, ${listed}`,
      );
    }
    if (places[place] !== -1)
      refuse(
        line,
        name,
        `column "${target}" is there twice (columns ${places[place]! + 1} and ${index + 1})`,
        'each column once',
      );
    places[place] = index;
  }
  const missing = known.filter((name, i) => columns[name]!.required && places[i] === -1);
  if (missing.length > 0)
    refuse(
      line,
      missing[0]!,
      `required column${missing.length > 1 ? 's' : ''} ${missing.map((m) => `"${m}"`).join(', ')} missing`,
      `a header with ${known.filter((name) => columns[name]!.required).join(', ')}`,
    );
  return places;
}

/** Column a file's name stands for: null is left out, undefined is unknown. */
export function columnOf(dataset: Dataset, name: string, renames: Renames): string | null | undefined {
  if (Object.hasOwn(renames, name)) return renames[name];
  const { columns } = contractOf(dataset);
  if (Object.hasOwn(columns, name)) return name;
  return Object.keys(columns).find((known) => columns[known]!.alias === name);
}
