/** Assessments and the flags on them, their history, incidents, and the alerts still to be sent. */
import { isDeepStrictEqual } from 'node:util';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Day } from '../model/day.ts';
import type { Told } from '../model/flag.ts';
import {
  assessmentSk,
  assessmentsPk,
  type FlagKey,
  historyPk,
  incidentsPk,
  openByDue,
  openFlagsPk,
  outboxPk,
  sentKey,
  sentPk,
  sequenceSk,
} from './keys.ts';
import {
  type Condition,
  type Item,
  ifAbsent,
  inPartition,
  packDocument,
  table,
  unpackDocument,
  VersionConflictError,
} from './table.ts';

/** What the store must know of an assessment; all of it is in `document`. */
export interface AssessmentRecord extends FlagKey {
  readonly verdict: string;
  /** Date a decision is due. */
  readonly due: Day;
  /** Whether a flag on it waits for a decision. */
  readonly isOpen: boolean;
  /** Ledger entry it was projected from; 0 before the first. */
  readonly ledgerSeq: number;
  /** 1 when first written, one more with each change. */
  readonly version: number;
  /** What a change is held against before it alerts again: what readers were told last, or what stood when it was first written. */
  readonly told: Told;
  /** The whole assessment, any JSON. */
  readonly document: unknown;
}

/** A line of the list of open flags. */
export type OpenFlag = FlagKey & Pick<AssessmentRecord, 'verdict' | 'due' | 'version'>;

/** One step in the life of a flag, projected from the ledger. */
export interface HistoryRecord {
  /** Its number in the ledger's chain. */
  readonly seq: number;
  /** ISO instant. */
  readonly at: string;
  readonly kind: string;
  readonly document: unknown;
}

/** Contiguous days on which a metric is off. */
export interface IncidentRecord {
  readonly unit: string;
  /** The same for the same incident in every run, e.g. metric, scope and first day. */
  readonly id: string;
  readonly document: unknown;
}

/** A message to be sent at least once. */
export interface AlertRecord {
  /** The same for the same alert in every run: flag and version. */
  readonly id: string;
  readonly document: unknown;
}

/** A message that was sent, or that went out within a digest. */
export interface SentAlert {
  readonly id: string;
  /** ISO instant it was marked as sent. */
  readonly at: string;
  /** Judging date of the run that sent it. */
  readonly asOf: Day;
  readonly subject: string;
  readonly topics: readonly string[];
  /** The message it was told in, a digest or a newer one about the same; null when it went out by itself. */
  readonly within: string | null;
}

/** Where flags are kept: a projection of the ledger, which can be rebuilt from it. */
export interface FlagsStore {
  /**
   * Writes an assessment over its last version: `version` 1 only when there is none, n only over n - 1. Writing the
   * same again is no conflict.
   * @throws {VersionConflictError} another writer was faster.
   */
  putAssessment(record: AssessmentRecord): Promise<void>;
  getAssessment(key: FlagKey): Promise<AssessmentRecord | null>;
  /** All assessments, by plan, KPI, unit and period. */
  listAssessments(): Promise<AssessmentRecord[]>;
  /** Open flags due on or before `dueUpTo`, earliest first. Lags on AWS: to be shown, never to decide by. */
  listOpenFlags(dueUpTo: Day): Promise<OpenFlag[]>;
  /**
   * Adds a step; adding the same again changes nothing.
   * @throws {VersionConflictError} another step has this number.
   */
  appendHistory(key: FlagKey, record: HistoryRecord): Promise<void>;
  /** Steps of one flag, oldest first. */
  readHistory(key: FlagKey): Promise<HistoryRecord[]>;
  /** Writes an incident over what was known of it. */
  putIncident(record: IncidentRecord): Promise<void>;
  /** Incidents of a unit, by id. */
  listIncidents(unit: string): Promise<IncidentRecord[]>;
  /** Puts an alert into the outbox, unless it is there or was sent. */
  putAlert(record: AlertRecord): Promise<void>;
  /** Alerts not yet sent, by id. */
  pendingAlerts(): Promise<AlertRecord[]>;
  /** Takes an alert out of the outbox for good; call it after it was published. */
  markSent(sent: SentAlert): Promise<void>;
  /** Whether a message was marked as sent. */
  isSent(id: string): Promise<boolean>;
  /** What was sent, oldest first. */
  sentAlerts(): Promise<SentAlert[]>;
}

/** Flags in a DynamoDB table made from the definition `flags`. */
export function dynamoFlags(client: DynamoDBDocumentClient, tableName: string): FlagsStore {
  const items = table(client, tableName);

  /** Puts under a condition; a refusal because the same was already written is none. */
  async function putOnce(item: Item & { pk: string; sk: string }, condition: Condition, what: string) {
    if (await items.put(item, condition)) return;
    // After a lost answer the SDK tries again, and meets its own write.
    const stored = await items.get({ pk: item.pk, sk: item.sk });
    if (stored === null || !isSameItem(stored, item))
      throw new VersionConflictError(`${what} was written by another run in the meantime`);
  }

  return {
    async putAssessment({ document, ...record }) {
      const { version } = record;
      if (!Number.isInteger(version) || version < 1) throw new RangeError(`there is no version ${version}`);
      await putOnce(
        {
          pk: assessmentsPk,
          sk: assessmentSk(record),
          ...record,
          ...(record.isOpen && { [openByDue.partitionKey]: openFlagsPk }),
          document: packDocument(document),
        },
        version === 1
          ? ifAbsent
          : {
              ConditionExpression: '#version = :last',
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':last': version - 1 },
            },
        `version ${version} of ${assessmentSk(record)}`,
      );
    },

    async getAssessment(key) {
      const item = await items.get({ pk: assessmentsPk, sk: assessmentSk(key) });
      return item && assessmentOf(item);
    },

    listAssessments: async () => (await items.query(inPartition(assessmentsPk))).map(assessmentOf),

    async listOpenFlags(dueUpTo) {
      const found = await items.query({
        IndexName: openByDue.name,
        KeyConditionExpression: '#pk = :open AND #due <= :due',
        ExpressionAttributeNames: { '#pk': openByDue.partitionKey, '#due': openByDue.sortKey },
        ExpressionAttributeValues: { ':open': openFlagsPk, ':due': dueUpTo },
      });
      return found.map(
        ({ plan, kpi, unit, period, verdict, due, version }) =>
          ({ plan, kpi, unit, period, verdict, due, version }) as OpenFlag,
      );
    },

    async appendHistory(key, { document, ...step }) {
      const pk = historyPk(key);
      const sk = sequenceSk(step.seq);
      await putOnce({ pk, sk, ...step, document: packDocument(document) }, ifAbsent, `step ${sk} of ${pk}`);
    },

    async readHistory(key) {
      const found = await items.query(inPartition(historyPk(key)));
      return found.map(
        ({ seq, at, kind, document }) =>
          ({ seq, at, kind, document: unpackDocument(document) }) as HistoryRecord,
      );
    },

    async putIncident({ unit, id, document }) {
      await items.put({ pk: incidentsPk(unit), sk: id, unit, document: packDocument(document) });
    },

    async listIncidents(unit) {
      const found = await items.query(inPartition(incidentsPk(unit)));
      return found.map(({ sk, document }) => ({
        unit,
        id: String(sk),
        document: unpackDocument(document),
      }));
    },

    async putAlert({ id, document }) {
      if (await items.get(sentKey(id))) return;
      await items.put({ pk: outboxPk, sk: id, document: packDocument(document) }, ifAbsent);
    },

    async pendingAlerts() {
      const pending: AlertRecord[] = [];
      for (const { sk, document } of await items.query(inPartition(outboxPk))) {
        const id = String(sk);
        // Broken off between the mark and the removal, or put again at that moment.
        if (await items.get(sentKey(id))) await items.writeAll([], [{ pk: outboxPk, sk: id }]);
        else pending.push({ id, document: unpackDocument(document) });
      }
      return pending;
    },

    async markSent({ id, ...sent }) {
      // The first mark stands: a repeat sends again what was told then.
      await items.put({ ...sentKey(id), ...sent }, ifAbsent);
      // What never was in the outbox may be marked by who may not delete there.
      const waiting = { pk: outboxPk, sk: id };
      if (await items.get(waiting)) await items.writeAll([], [waiting]);
    },

    isSent: async (id) => (await items.get(sentKey(id))) !== null,

    async sentAlerts() {
      const found = (await items.query(inPartition(sentPk))).map(
        ({ sk, at, asOf, subject, topics, within }) =>
          ({ id: String(sk), at, asOf, subject, topics, within }) as SentAlert,
      );
      return found.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    },
  };
}

function assessmentOf(item: Item): AssessmentRecord {
  const { plan, kpi, unit, period, verdict, due, isOpen, ledgerSeq, version, told, document } = item;
  return {
    ...({ plan, kpi, unit, period, verdict, due, isOpen, ledgerSeq, version, told } as AssessmentRecord),
    document: unpackDocument(document),
  };
}

function isSameItem(stored: Item, wanted: Item): boolean {
  // Unpacked: another version of zlib may pack the same document into other bytes.
  const open = (item: Item) => ({ ...item, document: unpackDocument(item.document) });
  return isDeepStrictEqual(open(stored), open(wanted));
}
