/** Daily counts by source, dataset, month and dimensions, and the changes of numbers that were final. */
import { isDeepStrictEqual } from 'node:util';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Day } from '../model/day.ts';
import {
  countsSk,
  dimensionsKey,
  knownSeriesPk,
  knownSeriesSk,
  monthBounds,
  restatementSk,
  restatementsPk,
  type SeriesKey,
  seriesPk,
} from './keys.ts';
import { type Item, ifAbsent, inPartition, table } from './table.ts';

/** The counts of one month and one set of dimensions; a day or metric that is missing is absent, never 0. */
export interface MonthCounts {
  /** `YYYY-MM`. */
  readonly month: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Metrics by day of the month. */
  readonly days: Readonly<Record<Day, Readonly<Record<string, number>>>>;
  /** SHA-256 of the batch the numbers came with first. */
  readonly batch: string;
}

/** What {@link CountsStore.replaceMonth} did, in items. */
export interface Replacement {
  readonly written: number;
  readonly deleted: number;
  readonly unchanged: number;
}

/** A number that was final and changed. */
export interface Restatement extends SeriesKey {
  readonly date: Day;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly metric: string;
  /** null: was, or became, missing. */
  readonly old: number | null;
  readonly new: number | null;
  readonly firstSeen: Day;
  readonly batch: string;
}

/** Where counts are kept. */
export interface CountsStore {
  readMonth(series: SeriesKey, month: string): Promise<MonthCounts[]>;
  /** Months `from` to `to`, both included, in order of month and dimensions. */
  readRange(series: SeriesKey, from: string, to: string): Promise<MonthCounts[]>;
  /**
   * Makes a month hold exactly `counts`: what is new or changed is put, what vanished is deleted, what is equal is left
   * alone with the batch it came with. Broken off and repeated it ends in the same state.
   * @throws {RangeError} `counts` holds another month, a day outside it, or the same dimensions twice.
   */
  replaceMonth(series: SeriesKey, month: string, counts: readonly MonthCounts[]): Promise<Replacement>;
  /** Every series that ever held counts. */
  listSeries(): Promise<SeriesKey[]>;
  /** Keeps a restatement; the same change of the same number again changes nothing, the first one seen stays. */
  putRestatement(restatement: Restatement): Promise<void>;
  /** Restatements of a unit, by date. */
  readRestatements(unit: string): Promise<Restatement[]>;
}

// DynamoDB takes 400 KB an item; keys and attribute names count too.
const maxChunkBytes = 350_000;

/** Counts in a DynamoDB table made from the definition `counts`. */
export function dynamoCounts(client: DynamoDBDocumentClient, tableName: string): CountsStore {
  const items = table(client, tableName);

  async function readItems(series: SeriesKey, from: string, to: string): Promise<Item[]> {
    const { low, high } = monthBounds(from, to);
    return items.query({
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :low AND :high',
      ExpressionAttributeValues: { ':pk': seriesPk(series), ':low': low, ':high': high },
    });
  }

  return {
    readMonth: async (series, month) => joinChunks(await readItems(series, month, month)),
    readRange: async (series, from, to) => joinChunks(await readItems(series, from, to)),

    async replaceMonth(series, month, counts) {
      const wanted = new Map<string, Item>();
      for (const one of counts) {
        refuseForeign(month, one);
        for (const item of chunksOf(series, one)) {
          if (wanted.has(item.sk)) throw new RangeError(`${month} holds ${item.sk} twice`);
          wanted.set(item.sk, item);
        }
      }
      const present = await readItems(series, month, month);
      const bySk = new Map(present.map((item) => [String(item.sk), item]));
      const puts = [...wanted.values()].filter((item) => !isSame(bySk.get(String(item.sk)), item));
      const gone = present.filter((item) => !wanted.has(String(item.sk)));
      if (puts.length > 0) await items.put({ pk: knownSeriesPk, sk: knownSeriesSk(series), ...series });
      await items.writeAll(
        puts,
        gone.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) })),
      );
      return { written: puts.length, deleted: gone.length, unchanged: wanted.size - puts.length };
    },

    async listSeries() {
      const found = await items.query(inPartition(knownSeriesPk));
      return found.map(({ unit, source, dataset }) => ({ unit, source, dataset }) as SeriesKey);
    },

    async putRestatement(restatement) {
      const { unit, date, dimensions, metric } = restatement;
      const sk = restatementSk(restatement, date, dimensions, metric, restatement);
      await items.put({ pk: restatementsPk(unit), sk, ...restatement }, ifAbsent);
    },

    async readRestatements(unit) {
      const found = await items.query(inPartition(restatementsPk(unit)));
      return found.map(({ pk: _pk, sk: _sk, ...restatement }) => restatement as unknown as Restatement);
    },
  };
}

function refuseForeign(month: string, counts: MonthCounts): void {
  const day = Object.keys(counts.days).find((one) => !one.startsWith(`${month}-`));
  if (counts.month !== month || day !== undefined)
    throw new RangeError(`${day ?? counts.month} does not lie in ${month}`);
}

/** Whether a stored item says the same; which batch said it is no difference. */
function isSame(stored: Item | undefined, wanted: Item): boolean {
  return stored !== undefined && isDeepStrictEqual({ ...stored, batch: null }, { ...wanted, batch: null });
}

function chunksOf(series: SeriesKey, counts: MonthCounts): (Item & { sk: string })[] {
  const { month, dimensions, batch } = counts;
  const chunks: Record<string, Record<string, number>>[] = [{}];
  let bytes = 0;
  for (const day of Object.keys(counts.days).sort()) {
    const metrics = { ...counts.days[day] };
    // A number takes at most 21 bytes, a map's entry 1 and its name.
    const size = Object.keys(metrics).reduce((sum, name) => sum + Buffer.byteLength(name) + 22, 14);
    if (size > maxChunkBytes) throw new RangeError(`${day} holds more metrics than fit into one item`);
    if (bytes + size > maxChunkBytes) {
      chunks.push({});
      bytes = 0;
    }
    chunks.at(-1)![day] = metrics;
    bytes += size;
  }
  return chunks.map((days, i) => ({
    pk: seriesPk(series),
    sk: countsSk(month, dimensions, i + 1),
    month,
    dimensions: { ...dimensions },
    days,
    batch,
  }));
}

function joinChunks(found: readonly Item[]): MonthCounts[] {
  const joined = new Map<string, MonthCounts>();
  for (const { month, dimensions, days, batch } of found as unknown as MonthCounts[]) {
    const key = `${month}#${dimensionsKey(dimensions)}`;
    const earlier = joined.get(key);
    joined.set(key, { month, dimensions, days: { ...earlier?.days, ...days }, batch });
  }
  return [...joined.values()];
}
