import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DailyDelivery, readDailyCounts } from '../../lib/records/daily-delivery.ts';
import { context, file, pieces, readText } from './reading.ts';

const header = 'date,source,medium,channel,unique_visitors,sessions,avg_engagement_sec,spend,country,unit';
const row = (date: string, source: string, visitors: number, extra = ',,,') =>
  `${date},${source},cpc,paid,${visitors},${visitors + 1},${extra}`;
const traffic = (...rows: string[]) => `${header}\n${rows.join('\n')}\n`;
const read = (...contents: (string | Uint8Array)[]) =>
  readDailyCounts(
    'traffic',
    contents.map((c, i) => file(`f${i}.csv`, c)),
    { context, limits: { badShare: 0.5 } },
  );

/** What the same rows must come to, counted the slow way. */
function summary({ units, days, refusedDays, repeated, quarantine }: DailyDelivery) {
  return { units, days, refusedDays, repeated, bad: quarantine.total };
}

describe('readDailyCounts', () => {
  it('counts by day and series, sums over countries and keeps them as their own series', async () => {
    const { units, days } = await read(
      traffic(
        row('2026-08-01', 'google', 10, '2.0,1.50,DE,'),
        row('2026-08-01', 'google', 30, '4.0,0.50,FR,'),
        row('2026-08-02', 'bing', 5),
      ),
    );
    expect(days).toEqual(['2026-08-01', '2026-08-02']);
    expect(units.all!.series).toEqual([
      {
        dimensions: { source: 'bing', medium: 'cpc', channel: 'paid' },
        days: { '2026-08-02': { unique_visitors: 5, sessions: 6 } },
      },
      {
        dimensions: { source: 'google', medium: 'cpc', channel: 'paid' },
        days: {
          '2026-08-01': {
            unique_visitors: 40,
            sessions: 42,
            avg_engagement_sec: Math.round(((2 * 11 + 4 * 31) / 42) * 1e6) / 1e6,
            spend: 200,
          },
        },
      },
    ]);
    expect(units.all!.countries.map((c) => c.dimensions)).toEqual([{ country: 'DE' }, { country: 'FR' }]);
  });

  it('counts equal rows once and sets all rows of a key with other values aside', async () => {
    const { units, repeated, quarantine, refusedDays, files } = await read(
      traffic(row('2026-08-01', 'a', 1), row('2026-08-01', 'b', 2), row('2026-08-01', 'c', 3)),
      traffic(row('2026-08-01', 'a', 1), row('2026-08-01', 'b', 7), row('2026-08-01', 'b', 2)),
    );
    expect(units.all!.series.map((s) => s.dimensions.source)).toEqual(['a', 'c']);
    expect(repeated).toBe(1);
    expect(quarantine.rows.map((r) => [r.file, r.line])).toEqual([
      ['f0.csv', 3],
      ['f1.csv', 3],
      ['f1.csv', 4],
    ]);
    expect(refusedDays).toEqual({ '2026-08-01': 3 });
    expect(files.map((f) => [f.lines.good, f.lines.bad])).toEqual([
      [2, 1],
      [1, 2],
    ]);
  });

  it('takes a row that names the default unit and one that names none for the same key', async () => {
    const { repeated } = await read(
      traffic(row('2026-08-01', 'a', 1, ',,,all'), row('2026-08-01', 'a', 1, ',,,')),
    );
    expect(repeated).toBe(1);
  });

  it('takes no dimension of one file for a column that another file lacks', async () => {
    const { units } = await read(
      traffic(row('2026-08-01', 'a', 1, ',,DE,')),
      'date,source,medium,channel,unique_visitors,sessions\n2026-08-02,a,cpc,paid,5,6\n',
    );
    expect(units.all!.countries.map((c) => Object.keys(c.days))).toEqual([['2026-08-01']]);
  });

  it('unites rows of one date from files of other columns, and sees that they differ', async () => {
    const plain = (day: string, source: string, extra = '') => `2026-08-0${day},${source},m,c,7,8${extra}`;
    const shared = 'date,source,medium,channel,unique_visitors,sessions';
    const narrow = [shared, plain('1', 'a'), plain('1', 'b'), plain('2', 'a')].join('\n');
    const many = Array.from({ length: 40 }, (_, i) => plain('1', `s${i}`, `,${i}.00`));
    const wide = [`${shared},spend`, ...many, plain('1', 'b', ',1.50'), plain('3', 'a', ',2.00')].join('\n');
    const counted = { unique_visitors: 7, sessions: 8 };
    for (const files of [
      [narrow, wide],
      [wide, narrow],
    ]) {
      const { units, quarantine } = await read(...files);
      const days = Object.fromEntries(units.all!.series.map((s) => [s.dimensions.source, s.days]));
      expect(days.a).toEqual({
        '2026-08-01': counted,
        '2026-08-02': counted,
        '2026-08-03': { ...counted, spend: 200 },
      });
      expect(days.b).toBeUndefined();
      expect(days.s39).toEqual({ '2026-08-01': { ...counted, spend: 3900 } });
      expect(quarantine.total).toBe(2);
    }
  });

  it('sets a unit that is not configured, a blank source and a bad number aside, with their date', async () => {
    const { quarantine, refusedDays } = await read(
      traffic(
        ...Array.from({ length: 9 }, (_, i) => row('2026-08-01', `s${i}`, 1)),
        row('2026-08-02', 'a', 1, ',,,mars'),
        row('2026-08-02', ' ', 1),
        '2026-08-03,a,cpc,paid,1.5,2,,,,',
        '2026-08-32,a,cpc,paid,1,2,,,,',
        '2026-12-01,a,cpc,paid,1,2,,,,',
      ),
    );
    expect(quarantine.rows.map((r) => [r.line, r.column, r.value])).toEqual([
      [11, 'unit', 'mars'],
      [12, 'source', null],
      [13, 'unique_visitors', '1.5'],
      [14, 'date', '2026-08-32'],
      [15, 'date', '2026-12-01'],
    ]);
    expect(refusedDays).toEqual({ '2026-08-02': 2, '2026-08-03': 1 });
  });

  it('counts nothing of a refused file, and still the others', async () => {
    const good = traffic(row('2026-08-01', 'a', 1), row('2026-08-02', 'b', 1));
    const refused = traffic(row('2026-08-01', 'a', 99), row('2026-08-03', 'c', 1), 'x', 'y', 'z');
    for (const files of [
      [good, refused],
      [refused, good],
    ]) {
      const delivery = await read(...files);
      expect(delivery.days).toEqual(['2026-08-01', '2026-08-02']);
      expect(delivery.quarantine.total).toBe(3);
      expect(delivery.refusedDays).toEqual({ '2026-08-01': 1, '2026-08-03': 1 });
      expect(delivery.files.filter((f) => f.refused)).toHaveLength(1);
    }
  });

  it('refuses a delivery whole whose conflicting rows pass the limit', async () => {
    const files = [
      file('a', traffic(row('2026-08-01', 'a', 1))),
      file('b', traffic(row('2026-08-01', 'a', 2))),
    ];
    const { refused, days } = await readDailyCounts('traffic', files, { context });
    expect(refused?.reason).toBe('2 of 2 lines of the delivery are bad or conflicting');
    expect(days).toEqual([]);
  });

  it('is the same in any order of rows and files', async () => {
    const date = fc.integer({ min: 1, max: 4 }).map((d) => `2026-08-0${d}`);
    const one = fc
      .tuple(date, fc.constantFrom('a', 'b', 'c'), fc.nat(2), fc.constantFrom('DE', 'FR', 'US'))
      .map(([d, s, v, c]) => row(d, s, v, `${v * 37}.${c.length}7,,${c},`));
    await fc.assert(
      fc.asyncProperty(
        fc.array(one, { minLength: 1, maxLength: 20 }),
        fc.nat(20),
        fc.infiniteStream(fc.nat(1000)),
        async (rows, cut, order) => {
          const shuffled = rows
            .map((r) => ({ r, at: order.next().value }))
            .sort((x, y) => x.at - y.at)
            .map(({ r }) => r);
          const options = { context, limits: { badShare: 1 } };
          const first = await readDailyCounts('traffic', [file('f', traffic(...rows))], options);
          const split = [shuffled.slice(0, cut), shuffled.slice(cut)].filter((part) => part.length > 0);
          const second = await readDailyCounts(
            'traffic',
            split.map((part) => file('f', traffic(...part))),
            options,
          );
          expect(summary(second)).toEqual(summary(first));
        },
      ),
      { seed: 3, numRuns: 300 },
    );
  });

  it('counts what the rows say when they are read one by one', async () => {
    const one = fc
      .tuple(
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom('a', '"b, ""c"""', ''),
        fc.constantFrom('1', '20', '1.5', '', '007'),
        fc.constantFrom('', '1.25', '1.255', '3'),
        fc.constantFrom('', 'DE'),
        fc.constantFrom('', 'all', 'berlin', 'mars'),
      )
      .map(([d, s, v, m, c, u]) => `2026-08-0${d},${s},cpc,paid,${v},${v},,${m},${c},${u}`);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(one, { minLength: 1, maxLength: 30 }), async (rows) => {
        const limits = { badShare: 1 };
        const plain = await readText('traffic', traffic(...rows), { limits });
        const counted = await readDailyCounts('traffic', [file('f', traffic(...rows))], { context, limits });
        const lines = (rows: readonly { line: number }[]) => rows.map((row) => row.line);
        const conflicts = lines(counted.quarantine.rows.filter((row) => row.column === null));
        expect(lines(counted.quarantine.rows.filter((row) => row.column !== null))).toEqual(lines(plain.bad));
        const sums: Record<string, number> = {};
        const seen = new Set<string>();
        for (const [i, row] of plain.rows.entries()) {
          const text = JSON.stringify(row);
          if (conflicts.includes(plain.lines[i]!) || seen.has(text)) continue;
          seen.add(text);
          const key = `${row.unit} ${row.source} ${row.date}`;
          sums[key] = (sums[key] ?? 0) + row.unique_visitors;
        }
        const got: Record<string, number> = {};
        for (const [unit, { series }] of Object.entries(counted.units))
          for (const { dimensions, days } of series)
            for (const [day, numbers] of Object.entries(days))
              got[`${unit} ${dimensions.source} ${day}`] = numbers.unique_visitors!;
        expect(got).toEqual(sums);
      }),
      { seed: 4, numRuns: 400 },
    );
  });

  it('comes to the same when dates come back after they were let go', async () => {
    const days = Array.from({ length: 28 }, (_, i) => `2026-08-${String(i + 1).padStart(2, '0')}`);
    const sources = Array.from({ length: 6_000 }, (_, i) => `s${i}`);
    const sorted = days.flatMap((day, d) => sources.map((source, s) => row(day, source, (d * 7 + s) % 100)));
    // By source: every date comes back thousands of times.
    const mixed = sources.flatMap((source, s) => days.map((day, d) => row(day, source, (d * 7 + s) % 100)));
    mixed.push(row('2026-08-05', 's9', 999), row('2026-08-06', 's9', (5 * 7 + 9) % 100));
    sorted.push(row('2026-08-05', 's9', 999), row('2026-08-06', 's9', (5 * 7 + 9) % 100));
    const opened: number[] = [];
    const reading = async (rows: string[]) => {
      const content = Buffer.from(`${header}\n${rows.join('\n')}\n`);
      let count = 0;
      const open = () => {
        count += 1;
        return pieces(content, 1 << 18);
      };
      const delivery = await readDailyCounts('traffic', [{ name: 'f', open }], { context });
      opened.push(count);
      return summary(delivery);
    };
    const wanted = await reading(sorted);
    expect(await reading(mixed)).toEqual(wanted);
    expect(wanted).toMatchObject({ bad: 2, repeated: 1 });
    expect(opened).toEqual([2, 2]);
  }, 60_000);

  it('throws when a file changes between two readings', async () => {
    let count = 0;
    const changing = {
      name: 'changing',
      open: () => {
        count += 1;
        return pieces(traffic(row('2026-08-01', 'a', count)));
      },
    };
    const refused = file('refused', traffic(row('2026-08-01', 'b', 1), 'x', 'y', 'z'));
    await expect(readDailyCounts('traffic', [changing, refused], { context })).rejects.toThrow(
      'changing changed',
    );
  });

  it('reads counts by metric, revenue as money', async () => {
    const content = 'date,metric,value,channel\n2026-08-01,leads,12,paid\n2026-08-01,revenue,10.50,\n';
    const { units } = await readDailyCounts('counts', [file('c', content)], { context });
    expect(units.all!.series).toEqual([
      { dimensions: { metric: 'leads', channel: 'paid' }, days: { '2026-08-01': { value: 12 } } },
      { dimensions: { metric: 'revenue' }, days: { '2026-08-01': { value: 1050 } } },
    ]);
  });

  it('says of each file which metrics look mistyped, and keeps them', async () => {
    const header = 'date,metric,value,channel\n';
    const files = [
      file('a', `${header}2026-08-01,visitrs,5,paid\n2026-08-01,Leads,7,paid\n2026-08-02,visitrs,6,paid\n`),
      file('b', `${header}2026-08-03,visitors,5,paid\n2026-08-03,tickets,2,\n`),
      file('c', `${header}2026-08-04,visitrs,8,paid\n`),
    ];
    const { files: reports, units } = await readDailyCounts('counts', files, { context });
    const note = (line: number, metric: string, meant: string, count: number) => ({
      line,
      column: 'metric',
      text: `no check reads the metric "${metric}"; did you mean "${meant}"?`,
      count,
    });
    expect(reports.map(({ notes }) => notes)).toEqual([
      [note(2, 'visitrs', 'visitors', 2), note(3, 'Leads', 'leads', 1)],
      [],
      [note(2, 'visitrs', 'visitors', 1)],
    ]);
    expect(units.all!.series.map(({ dimensions }) => dimensions.metric).sort()).toEqual([
      'Leads',
      'tickets',
      'visitors',
      'visitrs',
    ]);
  });

  it('reads JSON Lines alike', async () => {
    const { units } = await read(
      '{"date":"2026-08-01","source":"a","medium":"m","channel":"c","unique_visitors":5,"sessions":6}\n',
    );
    expect(units.all!.series[0]!.days).toEqual({ '2026-08-01': { unique_visitors: 5, sessions: 6 } });
  });
});
