import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import type { Ports } from '../lib/pipeline/ports.ts';
import { chatNotification } from '../lib/reports/chat-notification.ts';
import { requiredOf, type Variables } from './runtime.ts';

/** Publishes alerts to the topics that the environment names, and puts them on the default event bus. */
export function publishing(env: Variables = process.env): Pick<Ports, 'publish' | 'emit'> {
  // Both clients are loaded when something is to be told: most runs of the functions tell nothing.
  let sns: SNSClient | undefined;
  let events: EventBridgeClient | undefined;
  const send = async (attributes: Readonly<Record<string, string>>, input: PublishCommandInput) => {
    const { PublishCommand, SNSClient } = await import('@aws-sdk/client-sns');
    sns ??= new SNSClient({});
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    );
    await sns.send(new PublishCommand({ ...input, MessageAttributes }));
  };
  return {
    publish: async (to, alert) => {
      if (to === 'chat') {
        // The chat integration reads the message itself, not one rendering of several.
        if (env.TOPIC_CHAT)
          await send(
            { id: `${alert.id}@chat` },
            { TopicArn: env.TOPIC_CHAT, Message: JSON.stringify(chatNotification(alert)) },
          );
        return;
      }
      const { id, plan, subject, long, short, json } = alert;
      // Owners share a topic: each is subscribed to what carries a plan of theirs.
      await send(
        { id, ...(plan && { plan }) },
        {
          TopicArn: requiredOf(env, `TOPIC_${to.toUpperCase()}`),
          Subject: subject,
          MessageStructure: 'json',
          Message: JSON.stringify({ default: JSON.stringify(json), email: long, sms: short }),
        },
      );
    },
    emit: async ({ id, json }) => {
      const { EventBridgeClient, PutEventsCommand } = await import('@aws-sdk/client-eventbridge');
      events ??= new EventBridgeClient({});
      const { Entries, FailedEntryCount } = await events.send(
        new PutEventsCommand({
          Entries: [{ Source: 'bonafide', DetailType: 'Bonafide Alert', Detail: JSON.stringify(json) }],
        }),
      );
      const [entry] = Entries ?? [];
      if (FailedEntryCount)
        throw new Error(`the event bus refused ${id}: ${entry?.ErrorCode} ${entry?.ErrorMessage}`);
    },
  };
}
