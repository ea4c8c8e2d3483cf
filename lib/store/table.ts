/** What the stores share: whole queries, batched writes, conditional writes and opaque documents in one table. */
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  paginateQuery,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { ItemKey } from './keys.ts';

/** One item as it lies in a table. */
export type Item = Record<string, unknown>;

/** A write was refused because what is stored is not what the writer had read. */
export class VersionConflictError extends Error {
  override readonly name = 'VersionConflictError';
}

/** One table. Reads are strongly consistent, except of an index, which cannot be read so. */
export interface Table {
  get(key: ItemKey): Promise<Item | null>;
  put(item: Item, condition?: Condition): Promise<boolean>;
  /** Every item of a query, page after page. */
  query(input: Omit<QueryCommandInput, 'TableName'>): Promise<Item[]>;
  /** Puts and deletes any number of items, 25 at a time; what DynamoDB hands back is sent again. */
  writeAll(puts: readonly Item[], deletes: readonly ItemKey[]): Promise<void>;
}

/** A condition on the item that is there; a put that does not meet it changes nothing and returns false. */
export type Condition = Pick<
  PutCommandInput,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** Nothing lies under the key yet. */
export const ifAbsent: Condition = { ConditionExpression: 'attribute_not_exists(pk)' };

const maxBatchItems = 25;
const maxTries = 8;

/** A table by its name. */
export function table(client: DynamoDBDocumentClient, name: string): Table {
  return {
    async get(Key) {
      const { Item } = await client.send(new GetCommand({ TableName: name, Key, ConsistentRead: true }));
      return Item ?? null;
    },

    async put(item, condition = {}) {
      try {
        await client.send(new PutCommand({ TableName: name, Item: item, ...condition }));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    async query(input) {
      const items: Item[] = [];
      const consistent = input.IndexName === undefined;
      const pages = paginateQuery({ client }, { TableName: name, ConsistentRead: consistent, ...input });
      for await (const page of pages) items.push(...(page.Items ?? []));
      return items;
    },

    async writeAll(puts, deletes) {
      const requests = [
        ...puts.map((Item) => ({ PutRequest: { Item } })),
        ...deletes.map((Key) => ({ DeleteRequest: { Key } })),
      ];
      for (let i = 0; i < requests.length; i += maxBatchItems) {
        let left: typeof requests | undefined = requests.slice(i, i + maxBatchItems);
        for (let tries = 1; left && left.length > 0; tries++) {
          if (tries > maxTries)
            throw new Error(`${name} still refuses ${left.length} writes after ${maxTries} tries`);
          if (tries > 1) await pause(25 * 2 ** tries);
          const answer = await client.send(new BatchWriteCommand({ RequestItems: { [name]: left } }));
          left = answer.UnprocessedItems?.[name] as typeof requests | undefined;
        }
      }
    },
  };
}

/** Items of one partition. */
export function inPartition(pk: string): Omit<QueryCommandInput, 'TableName'> {
  return { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } };
}

// An item may have 400 KB; the rest is for its keys and other attributes.
const maxDocumentBytes = 390_000;

/**
 * A document as gzipped JSON. Not as a map: DynamoDB refuses numbers below 1e-130, which p-values reach, and a list
 * of thousands of records would pass 400 KB.
 * @throws {RangeError} it has more than 390,000 bytes even so.
 */
export function packDocument(document: unknown): Uint8Array {
  const packed = gzipSync(JSON.stringify(document));
  if (packed.length > maxDocumentBytes)
    throw new RangeError(`a document of ${packed.length} bytes, packed, does not fit into one item`);
  return packed;
}

/** Inverse of {@link packDocument}. */
export function unpackDocument(packed: unknown): unknown {
  return JSON.parse(gunzipSync(packed as Uint8Array).toString());
}
