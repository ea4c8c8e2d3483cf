import { describe, expect, it } from 'vitest';
import { noHolidays } from '../../../lib/model/holidays.ts';
import { parsePeriod } from '../../../lib/model/period.ts';
import { missedBatches } from '../../../lib/pipeline/judging/missed-batches.ts';
import { smallConfig } from '../small-unit.ts';

const august = parsePeriod('2026-08');
const config = {
  ...smallConfig(),
  sources: smallConfig().sources.map((s) =>
    s.id === 'crm' ? { ...s, expect: { every: 'P1D', by: '06:00' } } : s,
  ),
};
const missed = (landedOn: string | null, asOf: string) =>
  missedBatches(config, new Map(landedOn ? [['crm', landedOn]] : []), august, asOf, noHolidays);

describe('a batch that was expected', () => {
  it('is missed once its day is over and nothing landed since the period ended', () => {
    expect(missed('2026-08-31', '2026-09-02')).toEqual([
      { source: 'crm', dataset: 'leads', every: 'P1D', landedOn: '2026-08-31' },
    ]);
    expect(missed('2026-09-01', '2026-09-02')).toEqual([]);
  });

  it('is not missed on the day it is due: its hour may be to come', () => {
    expect(missed('2026-08-31', '2026-09-01')).toEqual([]);
  });

  it('is missed by a source that never delivered, and by none that nothing is expected of', () => {
    expect(missed(null, '2026-09-02').map((m) => [m.source, m.landedOn])).toEqual([['crm', null]]);
  });
});
