import { type CustomResourceProvider, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type Bucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type PrivateBucketProps, privateBucket } from './private-bucket.ts';
import type { ObjectAccess, StepFunction } from './step-function.ts';

/** How long S3 itself refuses to delete a version. */
export interface EvidenceLock {
  /**
   * GOVERNANCE can be lifted by an account's administrator who first changes the bucket's policy; COMPLIANCE by
   * nobody, not even AWS, until `days` are over.
   */
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  readonly days: number;
}

export interface EvidenceBucketProps extends PrivateBucketProps {
  /** Null: no Object Lock, so that a demo can be destroyed. */
  readonly lock: EvidenceLock | null;
  /** The only role that may delete or release evidence. Default: nobody. */
  readonly breakGlassRoleArn?: string | undefined;
}

/**
 * Write-once storage for evidence: objects by SHA-256 digest below `objects/`, the hash-chained ledger below
 * `ledger/`. Nothing expires.
 *
 * Object Lock alone does not stop a second put of the same key (it adds a version) nor a delete without a version (it
 * adds a mark); the policy refuses both, to every principal of the account.
 */
export class EvidenceBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { lock, breakGlassRoleArn, ...shared }: EvidenceBucketProps) {
    super(scope, id);
    this.bucket = privateBucket(this, 'Bucket', shared, {
      ...(lock && {
        objectLockEnabled: true,
        objectLockDefaultRetention:
          lock.mode === 'COMPLIANCE'
            ? ObjectLockRetention.compliance(Duration.days(lock.days))
            : ObjectLockRetention.governance(Duration.days(lock.days)),
      }),
    });
    const everyObject = this.bucket.arnForObjects('*');
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlyIfAbsent',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [everyObject],
        conditions: { Null: { 's3:if-none-match': 'true' } },
      }),
    );
    const excepted = [
      ...(breakGlassRoleArn ? [breakGlassRoleArn] : []),
      ...(shared.removalPolicy === RemovalPolicy.DESTROY ? [this.#emptyingRoleArn()] : []),
    ];
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NothingIsDeleted',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [
          's3:DeleteObject',
          's3:DeleteObjectVersion',
          's3:PutObjectRetention',
          's3:PutObjectLegalHold',
          's3:BypassGovernanceRetention',
        ],
        resources: [everyObject],
        ...(excepted.length > 0 && { conditions: { ArnNotEquals: { 'aws:PrincipalArn': excepted } } }),
      }),
    );
  }

  /** Lets a step add evidence or read it back; nobody gets more. */
  lets(step: StepFunction, access: ObjectAccess): void {
    step.knows('BUCKET_EVIDENCE', this.bucket.bucketName);
    step.allowObjects(this.bucket, access);
  }

  /** The role CDK empties a bucket with before a stack is destroyed. */
  #emptyingRoleArn(): string {
    const provider = Stack.of(this).node.findChild('Custom::S3AutoDeleteObjectsCustomResourceProvider');
    return (provider as CustomResourceProvider).roleArn;
  }
}
