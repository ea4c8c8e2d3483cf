import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDailyCounts } from '../../lib/records/daily-delivery.ts';
import { KeyedHash } from '../../lib/records/keyed-hash.ts';
import { Pseudonymiser } from '../../lib/records/pseudonymise.ts';
import { readRecords } from '../../lib/records/record-delivery.ts';
import { context, file } from '../records/reading.ts';
import { assess, quietKind, runs, shuffled, unitOf } from './law-companies.ts';

const unit = unitOf({ seed: 7, kind: quietKind });
const pseudonymise = new Pseudonymiser({
  hash: new KeyedHash(Buffer.alloc(32, 1)),
  version: 'v1',
  country: () => null,
});

const trafficHeader = 'date,source,medium,channel,unique_visitors,sessions,engaged_sessions';
const traffic = unit.series.flatMap(({ dimensions: d, days }) =>
  Object.entries(days).map(
    ([day, m]) =>
      `${day},${d.source},${d.medium},${d.channel},${m.unique_visitors},${m.sessions},${m.engaged_sessions}`,
  ),
);
const leadHeader = 'lead_id,created_at,source,medium,email';
const leads = unit.leads.map(
  (l) => `${l.lead_id},${l.created_at},${l.source},${l.medium},${l.email}@example.com`,
);
const sqlHeader = 'sql_id,lead_id,delivered_at,disposition,decided_at,decided_by';
const sqls = unit.sqls.flatMap((s) => {
  const delivery = `${s.sql_id},${s.lead_id},${s.delivered_at}`;
  return [`${delivery},pending,,`, `${delivery},${s.disposition},${s.decided_at},${s.decided_by}`];
});

/** One line in twenty again, and a few with the numbers or times of the line after them in place of their own. */
function withRepeats(lines: readonly string[], shared: number): string[] {
  const again = lines.filter((_, i) => i % 20 === 0);
  const other = lines.slice(5, 9).map((line, i) => {
    const own = line.split(',').slice(0, shared);
    return [...own, ...lines[i + 6]!.split(',').slice(shared)].join(',');
  });
  return [...lines, ...again, ...other];
}

/** What is read of lines in one file and of the same lines in several, in any order, does not differ. */
async function holds<R extends object>(
  header: string,
  lines: readonly string[],
  read: (files: ReturnType<typeof file>[]) => Promise<R>,
): Promise<void> {
  const delivery = (parts: readonly (readonly string[])[]) =>
    read(parts.map((part, i) => file(`part-${i}`, `${header}\n${part.join('\n')}\n`)));
  const whole = await delivery([lines]);
  const place = fc.integer({ min: 1, max: lines.length - 1 });
  await fc.assert(
    fc.asyncProperty(place, place, fc.integer(), async (a, b, order) => {
      const [first, second] = [Math.min(a, b), Math.max(a, b)];
      const mixed = shuffled(lines, order);
      for (const all of [lines, mixed]) {
        const parts = [all.slice(0, first), all.slice(first, second), all.slice(second)];
        expect(await delivery(parts.filter((part) => part.length > 0).reverse())).toEqual(whole);
      }
    }),
    runs(4),
  );
}

describe('what is read', () => {
  it('is the same for a file of traffic and for its parts', async () => {
    await holds(trafficHeader, withRepeats(traffic, 4), async (files) => {
      const { units, days, refusedDays, refused, repeated } = await readDailyCounts('traffic', files, {
        context,
      });
      expect(repeated).toBeGreaterThan(0);
      expect(Object.keys(refusedDays)).not.toEqual([]);
      return { units, days, refusedDays, refused, repeated };
    });
  });

  it.each([
    ['leads', leadHeader, withRepeats(leads, 1)],
    ['sqls', sqlHeader, withRepeats(sqls, 3)],
  ] as const)('is the same for a file of %s and for its parts', async (dataset, header, lines) => {
    await holds(header, lines, async (files) => {
      const { rows, range, refusedDays, refused, repeated } = await readRecords(dataset, files, {
        context,
        pseudonymise,
      });
      expect(repeated).toBeGreaterThan(0);
      return { rows: rows as readonly object[], range, refusedDays, refused, repeated };
    });
  });

  it('is judged as what was written', async () => {
    const content = `${trafficHeader}\n${traffic.join('\n')}\n`;
    const delivery = await readDailyCounts('traffic', [file('traffic', content)], { context });
    expect(assess({ ...unit, series: delivery.units.all!.series })).toEqual(assess(unit));
  });
});
