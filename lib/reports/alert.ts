import type { DigestDocument } from './alert-digest.ts';
import type { FailureAlertDocument } from './failure-alert.ts';
import type { FlagAlertDocument } from './flag-alert.ts';
import type { IncidentAlertDocument } from './incident-alert.ts';
import type { ReminderDocument } from './reminder.ts';
import type { ReportNoticeDocument } from './report-notice.ts';
import type { TestAlertDocument } from './test-alert.ts';

/** Who an alert is for: topics of the deployment. */
export const alertTopics = ['finance', 'operations', 'leadership', 'failures', 'owner', 'chat'] as const;
export type AlertTopic = (typeof alertTopics)[number];

/** One message, in the three renderings a topic's subscribers may want. */
export interface Alert {
  /** The same for a repeat of the same message, so that receivers can drop it. */
  readonly id: string;
  /** What it is about, the same in every alert about it: a flag, an incident, a run. */
  readonly about: string;
  /** Order among the alerts about one thing. */
  readonly sequence: number;
  readonly topics: readonly AlertTopic[];
  /** The plan whose owner is meant; null when none is. */
  readonly plan: string | null;
  /** One line of at most 100 ASCII characters. */
  readonly subject: string;
  /** For a mail: plain text of several lines. */
  readonly long: string;
  /** For a telephone: at most 160 characters. */
  readonly short: string;
  /** What is to be done, one sentence. */
  readonly next: string;
  /** A few words to find it by in a chat. */
  readonly keywords: readonly string[];
  readonly json:
    | FlagAlertDocument
    | FailureAlertDocument
    | IncidentAlertDocument
    | DigestDocument
    | ReminderDocument
    | ReportNoticeDocument
    | TestAlertDocument;
}
