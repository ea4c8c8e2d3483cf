import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
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

/** Readers with a topic of their own; owners of plans have one per plan. */
export const audiences = ['finance', 'operations', 'leadership', 'failures'] as const;
export type Audience = (typeof audiences)[number];

/**
 * Where alerts go: one topic per kind of reader and one per plan for its owner, with the recipients of `alerts:`
 * subscribed by e-mail. What cannot be delivered is kept in a queue.
 */
export class AlertTopics extends Construct {
  readonly topics: Readonly<Record<Audience, Topic>>;
  /** Plan id -> topic of its owner. */
  readonly owners: ReadonlyMap<string, Topic>;
  /** Read by the chat integration; null where no channel is configured. */
  readonly chat: Topic | null;
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, { config, key, removalPolicy }: AlertTopicsProps) {
    super(scope, id);
    this.undelivered = deadLetterQueue(this, 'Undelivered', removalPolicy);
    const topic = (name: string, displayName: string, recipients: readonly string[]) => {
      const made = new Topic(this, name, { displayName, masterKey: key, enforceSSL: true });
      for (const address of new Set(recipients))
        made.addSubscription(new EmailSubscription(address, { deadLetterQueue: this.undelivered }));
      return made;
    };
    const { finance, operations, leadership, failures, owners, slack } = config.alerts;
    this.topics = {
      finance: topic('Finance', 'Bonafide: flags for finance', finance),
      operations: topic('Operations', 'Bonafide: incidents and flags', operations),
      leadership: topic('Leadership', 'Bonafide: weekly report', leadership),
      failures: topic('Failures', 'Bonafide: the pipeline failed or data is missing', failures),
    };
    this.owners = new Map(
      config.plans.map((plan) => [
        plan.id,
        topic(`Owner-${plan.id}`, `Bonafide: ${plan.title}`.slice(0, 100), owners[plan.id] ?? []),
      ]),
    );
    this.chat = slack ? topic('Chat', 'Bonafide: incidents and flags in Slack', []) : null;
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

  /** Lets a step publish to the owners of plans and tells it their topics as JSON, plan id -> ARN. */
  letsTellOwners(step: StepFunction): void {
    const arns = [...this.owners].map(([plan, { topicArn }]) => [plan, topicArn] as const);
    step.knows('TOPIC_OWNERS', Stack.of(this).toJsonString(Object.fromEntries(arns)));
    step.allow(
      ['sns:Publish'],
      arns.map(([, arn]) => arn),
    );
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
