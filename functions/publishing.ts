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
  const owners = JSON.parse(env.TOPIC_OWNERS ?? '{}') as Record<string, string>;
  const send = async (id: string, input: PublishCommandInput) => {
    const { PublishCommand, SNSClient } = await import('@aws-sdk/client-sns');
    sns ??= new SNSClient({});
    await sns.send(
      new PublishCommand({ ...input, MessageAttributes: { id: { DataType: 'String', StringValue: id } } }),
    );
  };
  return {
    publish: async (to, alert) => {
      if (to === 'chat') {
        // The chat integration reads the message itself, not one rendering of several.
        if (env.TOPIC_CHAT)
          await send(`${alert.id}@chat`, {
            TopicArn: env.TOPIC_CHAT,
            Message: JSON.stringify(chatNotification(alert)),
          });
        return;
      }
      const topic = to === 'owner' ? owners[alert.plan ?? ''] : requiredOf(env, `TOPIC_${to.toUpperCase()}`);
      if (topic === undefined) return;
      const { subject, long, short, json } = alert;
      await send(alert.id, {
        TopicArn: topic,
        Subject: subject,
        MessageStructure: 'json',
        Message: JSON.stringify({ default: JSON.stringify(json), email: long, sms: short }),
      });
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
