import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Ports } from '../lib/pipeline/ports.ts';
import { requiredOf, type Variables } from './runtime.ts';

/** Publishes alerts to the topics that the environment names. */
export function publishing(env: Variables = process.env): Ports['publish'] {
  const sns = new SNSClient({});
  const owners = JSON.parse(env.TOPIC_OWNERS ?? '{}') as Record<string, string>;
  return async (to, alert) => {
    const topic = to === 'owner' ? owners[alert.plan ?? ''] : requiredOf(env, `TOPIC_${to.toUpperCase()}`);
    if (topic === undefined) return;
    await sns.send(
      new PublishCommand({
        TopicArn: topic,
        Subject: alert.subject,
        MessageStructure: 'json',
        Message: JSON.stringify({ default: JSON.stringify(alert.json), email: alert.long, sms: alert.short }),
        MessageAttributes: { id: { DataType: 'String', StringValue: alert.id } },
      }),
    );
  };
}
