import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from '../model/config.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';
import type { StepFunction } from './step-function.ts';

export interface AlertTopicsProps {
  readonly config: Config;
  readonly key: Key;
  readonly removalPolicy: RemovalPolicy;
}

/** Readers with a topic of their own; the owners of all plans share one. */
export const audiences = ['finance', 'operations', 'leadership', 'failures', 'owner'] as const;
export type Audience = (typeof audiences)[number];

/**
 * Where alerts go: one topic per kind of reader, with the recipients of `alerts:` subscribed by e-mail. An owner is
 * subscribed to their plans only, by a filter on the attribute `plan`: a topic per plan would fill the variables of a
 * function, which take 4 KB, at some thirty plans. What cannot be delivered is kept in a queue.
 */
export class AlertTopics extends Construct {
  readonly topics: Readonly<Record<Audience, Topic>>;
  /** Read by the chat integration; null where no channel is configured. */
  readonly chat: Topic | null;
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, { config, key, removalPolicy }: AlertTopicsProps) {
    super(scope, id);
    this.undelivered = deadLetterQueue(this, 'Undelivered', removalPolicy);
    const subscribed = { deadLetterQueue: this.undelivered };
    // Letters and blanks only: it becomes the sender's name of a mail, and SNS does not say what else it takes.
    const topic = (name: string, displayName: string, recipients: readonly string[]) => {
      const made = new Topic(this, name, { displayName, masterKey: key, enforceSSL: true });
      for (const address of new Set(recipients))
        made.addSubscription(new EmailSubscription(address, subscribed));
      return made;
    };
    const { finance, operations, leadership, failures, owners, slack } = config.alerts;
    this.topics = {
      finance: topic('Finance', 'Bonafide flags', finance),
      operations: topic('Operations', 'Bonafide incidents and flags', operations),
      leadership: topic('Leadership', 'Bonafide weekly report', leadership),
      failures: topic('Failures', 'Bonafide failures', failures),
      owner: topic('Owner', 'Bonafide flags on your plan', []),
    };
    // An address can be subscribed to a topic once.
    for (const [address, plans] of plansByAddress(config.plans, owners))
      this.topics.owner.addSubscription(
        new EmailSubscription(address, {
          ...subscribed,
          filterPolicy: { plan: SubscriptionFilter.stringFilter({ allowlist: plans }) },
        }),
      );
    this.chat = slack ? topic('Chat', 'Bonafide incidents and flags', []) : null;
    if (slack && this.chat)
      new SlackChannelConfiguration(this, 'Slack', {
        slackChannelConfigurationName: `${Stack.of(this).stackName}-alerts`,
        slackWorkspaceId: slack.workspace,
        slackChannelId: slack.channel,
        notificationTopics: [this.chat],
        // The channel is for reading: whoever writes there may ask nothing of the account. Left out, it may everything.
        guardrailPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AWSDenyAll')],
      });
    this.#letAlarmsPublish(key);
  }

  /** Lets a step publish to some topics and tells it their ARNs. */
  lets(step: StepFunction, to: readonly Audience[]): void {
    for (const audience of to) step.knows(`TOPIC_${audience.toUpperCase()}`, this.topics[audience].topicArn);
    step.allow(
      ['sns:Publish'],
      to.map((audience) => this.topics[audience].topicArn),
    );
    step.allowKey('kms:Decrypt', 'kms:GenerateDataKey');
  }

  /** Lets a step publish to the chat channel, where one is configured. */
  letsChat(step: StepFunction): void {
    if (!this.chat) return;
    step.knows('TOPIC_CHAT', this.chat.topicArn);
    step.allow(['sns:Publish'], [this.chat.topicArn]);
  }

  /** Lets a step put events about alerts on the account's default bus. */
  letsEmit(step: StepFunction): void {
    const bus = Stack.of(this).formatArn({
      service: 'events',
      resource: 'event-bus',
      resourceName: 'default',
    });
    step.allow(['events:PutEvents'], [bus]);
  }

  // A topic with a policy of its own loses the default one, and alarms are sent by a service, not by a role.
  #letAlarmsPublish(key: Key): void {
    const alarms = () => ({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    });
    const { failures } = this.topics;
    failures.addToResourcePolicy(
      new PolicyStatement({
        ...alarms(),
        sid: 'Alarms',
        actions: ['sns:Publish'],
        resources: [failures.topicArn],
      }),
    );
    key.addToResourcePolicy(
      new PolicyStatement({
        ...alarms(),
        sid: 'Alarms',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
      }),
    );
  }
}

/** The plans each address owns. */
function plansByAddress(plans: Config['plans'], owners: Config['alerts']['owners']): Map<string, string[]> {
  const byAddress = new Map<string, string[]>();
  for (const { id } of plans)
    for (const address of new Set(owners[id]))
      byAddress.set(address, [...(byAddress.get(address) ?? []), id]);
  return byAddress;
}
