import type { Alert } from './alert.ts';

/**
 * A message in the schema of custom notifications that Amazon Q Developer in chat applications (formerly AWS Chatbot)
 * reads from an SNS topic and shows in Slack or Microsoft Teams.
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export interface ChatNotification {
  readonly version: '1.0';
  readonly source: 'custom';
  readonly id: string;
  readonly content: {
    readonly textType: 'client-markdown';
    readonly title: string;
    readonly description: string;
    readonly nextSteps: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    /** Alerts about the same thing stand in one thread. */
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly additionalContext: Readonly<Record<string, string>>;
  };
}

/** Characters kept, below what the service takes. */
const most = { title: 200, description: 2500, nextStep: 300, keyword: 30, threadId: 200, summary: 200 };

/**
 * An alert for a chat channel. Names in it can neither mention anybody, nor format, nor link.
 * @example chatNotification(alert).content.title // => '[REVIEW] SQLs 2026-08: 100 claimed, 50 accepted; expected 68-87'
 */
export function chatNotification(alert: Alert): ChatNotification {
  // The title repeats the first line, and the next step has a place of its own.
  const body = alert.long
    .split('\n')
    .filter((line) => line !== alert.subject && !line.startsWith('Next: '))
    .join('\n')
    .trim();
  return {
    version: '1.0',
    source: 'custom',
    id: alert.id,
    content: {
      textType: 'client-markdown',
      title: cut(inert(alert.subject), most.title),
      description: cut(inert(body), most.description),
      nextSteps: [cut(inert(alert.next), most.nextStep)],
      keywords: alert.keywords.map((word) => cut(inert(word), most.keyword)),
    },
    metadata: {
      threadId: alert.about.slice(0, most.threadId),
      summary: cut(inert(alert.short), most.summary),
      eventType: `bonafide.${alert.json.kind}`,
      additionalContext: { id: alert.id },
    },
  };
}

/**
 * Text in which nothing acts in a chat: `&`, `<` and `>` as Slack wants them escaped, so that `<!here>` and links are
 * shown and not followed; no `@`, which mentions; no signs that format, and no Markdown link.
 */
function inert(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '(at)')
    .replace(/[*~`]/g, "'")
    .replace(/\]\(/g, '] (');
}

/** Cut after a whole character and, where lines are, keeping them. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit - 1).replace(/&[a-z]*$|[\ud800-\udbff]$/u, '');
  return `${kept}…`;
}
