import type { Alert, AlertTopic } from './alert.ts';
import { asciiLine, plainText } from './plain-text.ts';

/** The machine's rendering of a test message. */
export interface TestAlertDocument {
  readonly schema: 'bonafide/alert/1';
  readonly kind: 'test';
  readonly id: string;
  readonly organisation: string;
  readonly subject: string;
  readonly next: string;
  readonly audience: AlertTopic;
}

/**
 * A message that shows whether a kind of reader is reached; it says so, and is about no number.
 * @param at ISO instant, by which two tests are told apart.
 */
export function testAlert(
  organisation: string,
  audience: AlertTopic,
  plan: string | null,
  at: string,
): Alert {
  const id = `test@${audience}${plan === null ? '' : `-${plan}`}@${at.replace(/[^0-9TZ]/g, '')}`;
  const who = plan === null ? audience : `the owner of ${plan}`;
  const subject = asciiLine(`[TEST] Bonafide reaches ${who}`, 100);
  const next = 'nothing; this is a test and is about no number.';
  return {
    id,
    about: id,
    sequence: 0,
    topics: [audience],
    plan,
    subject,
    long: [
      subject,
      '',
      `${plainText(organisation, 120)}.`,
      'Messages for this reader will look like this one.',
      '',
      `Next: ${next}`,
      '',
    ].join('\n'),
    short: plainText(`${plainText(organisation, 30)}: test, nothing has to be done.`, 160),
    next,
    keywords: ['test'],
    json: { schema: 'bonafide/alert/1', kind: 'test', id, organisation, subject, next, audience },
  };
}
