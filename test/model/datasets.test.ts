import { describe, expect, it } from 'vitest';
import { datasets } from '../../lib/model/config.ts';
import { contractOf, contracts, isPersonal } from '../../lib/model/datasets.ts';
import { datasetsPage } from '../../lib/records/datasets-page.ts';

describe('contracts', () => {
  it('cover every dataset a source can deliver', () => expect(Object.keys(contracts)).toEqual([...datasets]));

  describe.each(datasets)('%s', (dataset) => {
    const { columns, key, date, identity = [], group = [] } = contractOf(dataset);
    const names = Object.keys(columns);

    it('names only its own columns', () => {
      for (const name of [...(key === 'row' ? [] : key), date, ...identity, ...group])
        expect(names).toContain(name);
      for (const column of Object.values(columns)) if (column.of) expect(names).toContain(column.of);
    });

    it('has a required date', () => expect(columns[date]!.required).toBe(true));

    it('reads the metric before the value it tells the kind of', () => {
      for (const [at, column] of Object.values(columns).entries())
        if (column.of) expect(names.indexOf(column.of)).toBeLessThan(at);
    });

    it('lists the values of every enumeration', () => {
      for (const column of Object.values(columns))
        expect(column.kind === 'enum').toBe(column.values !== undefined);
    });

    it('keys by no personal column', () => {
      for (const name of key === 'row' ? [] : key) expect(isPersonal(columns[name]!)).toBe(false);
    });
  });
});

describe('docs/datasets.md', () => {
  // Written anew by `vitest run test/model/datasets.test.ts -u`.
  it('is what the contracts say', () => expect(datasetsPage()).toMatchFileSnapshot('../../docs/datasets.md'));
});
