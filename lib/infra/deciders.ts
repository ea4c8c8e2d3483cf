import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { AccountRootPrincipal, Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type Architecture, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type Party, parties } from '../model/decision.ts';
import { StepFunction } from './step-function.ts';

export interface DecidersProps {
  readonly architecture: Architecture;
  readonly key: IKey;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Who may act on flags. Marketing, sales and finance each have a function of their own, an address of it, and a role
 * that may call this address and do nothing else. Whom a person acts for is thus a matter of the role they may
 * assume; what they send cannot change it.
 */
export class Deciders extends Construct {
  readonly functions: readonly StepFunction[];
  readonly roles: ReadonlyMap<Party, { readonly role: Role; readonly url: string }>;

  constructor(scope: Construct, id: string, props: DecidersProps) {
    super(scope, id);
    const functions: StepFunction[] = [];
    const roles = new Map<Party, { role: Role; url: string }>();
    for (const party of parties) {
      const step = new StepFunction(this, `decide-${party}`, {
        ...props,
        step: 'decide',
        description: `takes replies, proposals and approvals of ${party}`,
        memoryMb: 1024,
        timeout: Duration.minutes(1),
      });
      const { url } = step.lambda.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
      const role = new Role(this, `${party}-role`, {
        description: `Bonafide: acts on flags for ${party}`,
        // The session is named as the user who assumes the role, so that nobody acts under another name.
        assumedBy: new AccountRootPrincipal().withConditions({
          StringEquals: { 'sts:RoleSessionName': '$' + '{aws:username}' },
        }),
      });
      new Policy(this, `${party}-policy`, {
        roles: [role],
        statements: [
          new PolicyStatement({
            actions: ['lambda:InvokeFunctionUrl'],
            resources: [step.lambda.functionArn],
            conditions: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
          }),
          // Only through the address: a call past it could name any caller.
          new PolicyStatement({
            actions: ['lambda:InvokeFunction'],
            resources: [step.lambda.functionArn],
            conditions: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
          }),
        ],
      });
      step.knows('SIDE', party);
      step.knows('DECIDER_ROLE', role.roleName);
      functions.push(step);
      roles.set(party, { role, url });
    }
    this.functions = functions;
    this.roles = roles;
  }
}
