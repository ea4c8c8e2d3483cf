import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { StepFunction } from './step-function.ts';

export interface TablesProps {
  readonly key: IKey;
  /** RETAIN also protects the tables from deletion. */
  readonly removalPolicy: RemovalPolicy;
}

/** What a step may do with a table, each by one action. */
const actions = {
  get: 'dynamodb:GetItem',
  query: 'dynamodb:Query',
  put: 'dynamodb:PutItem',
  /** Puts and deletes up to 25 items. */
  batch: 'dynamodb:BatchWriteItem',
} as const;
export type TableAccess = keyof typeof actions;

/** Partition of the notes of what was sent. */
export const sentPartition = 'SENT';

/** The index of open flags by due date: only assessments with an open flag carry its keys. */
const openByDue = {
  name: 'open-by-due',
  partitionKey: 'openPk',
  sortKey: 'due',
  includes: ['plan', 'kpi', 'unit', 'period', 'verdict', 'version'],
};

/** Daily counts, flags (a projection of the ledger) and runs: paid by use, restorable to any second of 35 days. */
export class Tables extends Construct {
  readonly counts: Table;
  readonly flags: Table;
  readonly runs: Table;

  constructor(scope: Construct, id: string, { key, removalPolicy }: TablesProps) {
    super(scope, id);
    const table = (name: string) =>
      new Table(this, name, {
        partitionKey: { name: 'pk', type: AttributeType.STRING },
        sortKey: { name: 'sk', type: AttributeType.STRING },
        billingMode: BillingMode.PAY_PER_REQUEST,
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
        encryption: TableEncryption.CUSTOMER_MANAGED,
        encryptionKey: key,
        deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
        removalPolicy,
      });
    this.counts = table('Counts');
    this.flags = table('Flags');
    this.runs = table('Runs');
    this.flags.addGlobalSecondaryIndex({
      indexName: openByDue.name,
      partitionKey: { name: openByDue.partitionKey, type: AttributeType.STRING },
      sortKey: { name: openByDue.sortKey, type: AttributeType.STRING },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: openByDue.includes,
    });
  }

  /** Lets a step use a table and tells it the name. Nobody is let to the index: it is for people who look. */
  lets(step: StepFunction, name: 'counts' | 'flags' | 'runs', ...access: readonly TableAccess[]): void {
    step.knows(`TABLE_${name.toUpperCase()}`, this[name].tableName);
    step.allow(
      access.map((one) => actions[one]),
      [this[name].tableArn],
    );
    step.allowKey('kms:Decrypt');
  }

  /** Lets a step that reads the flags note there that it sent a message, and write nothing else. */
  letsNoteSent(step: StepFunction): void {
    step.role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['dynamodb:PutItem'],
        resources: [this.flags.tableArn],
        conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [sentPartition] } },
      }),
    );
  }
}
