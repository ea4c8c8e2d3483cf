import type { Ledger } from '../evidence/ledger.ts';
import type { Evidence } from '../evidence/objects.ts';
import type { Config } from '../model/config.ts';
import type { IsHoliday } from '../model/duration.ts';
import type { Alert, AlertTopic } from '../reports/alert.ts';
import type { CountsStore } from '../store/counts-store.ts';
import type { FlagsStore } from '../store/flags-store.ts';
import type { Objects } from '../store/objects.ts';
import type { RunsStore } from '../store/runs-store.ts';
import type { Policies } from './judging/run-checks.ts';

/** What every step works with besides its job. Each step names the ports it takes. */
export interface Ports {
  readonly config: Config;
  /** The configuration's text as deployed, kept with the evidence. */
  readonly configText: string;
  readonly policies: Policies;
  readonly isHoliday: IsHoliday;
  readonly counts: CountsStore;
  readonly flags: FlagsStore;
  readonly runs: RunsStore;
  /** landing/, records/, quarantine/, runs/ */
  readonly data: Objects;
  readonly reports: Objects;
  readonly evidence: Evidence;
  readonly ledger: Ledger;
  /** Publishes to one of the alert's topics; a plan without an owner's topic has none to publish to. */
  publish(topic: AlertTopic, alert: Alert): Promise<void>;
  /** Tells machines of an alert, as an event on the default bus. */
  emit(alert: Alert): Promise<void>;
  /** Current instant. */
  now(): Date;
}

/** Ports of the ingest step; the key of the hashes is its own secret. */
export type IngestPorts = Pick<Ports, 'config' | 'isHoliday' | 'counts' | 'runs' | 'data' | 'now'> & {
  hashKey(): Promise<{ readonly key: string; readonly version: string }>;
};
