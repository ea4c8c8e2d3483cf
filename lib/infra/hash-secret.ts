import { type RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { StepFunction } from './step-function.ts';

/** The key people's e-mails, phones and names are hashed with; generated once, known to nobody. */
export class HashSecret extends Construct {
  readonly #secret: Secret;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly key: IKey; readonly removalPolicy: RemovalPolicy },
  ) {
    super(scope, id);
    this.#secret = new Secret(this, 'Secret', {
      description:
        'Bonafide: HMAC key for e-mails, phones and people. A new value makes known people look new.',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      encryptionKey: props.key,
      removalPolicy: props.removalPolicy,
    });
    Validations.of(this.#secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Hashes are compared over months: rotating the key on a timer would make every known person new and hide duplicates. It is rotated by hand, see docs/runbook.md.',
    });
  }

  letsRead(step: StepFunction): void {
    step.knows('HASH_SECRET_ARN', this.#secret.secretArn);
    step.allow(['secretsmanager:GetSecretValue'], [this.#secret.secretArn]);
    step.allowKey('kms:Decrypt');
  }
}
