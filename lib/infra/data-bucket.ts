import { Duration } from 'aws-cdk-lib';
import { type Bucket, StorageClass } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type PrivateBucketProps, privateBucket, sweep } from './private-bucket.ts';
import type { ObjectAccess, StepFunction } from './step-function.ts';

export interface DataBucketProps extends PrivateBucketProps {
  /** Days after which landed and quarantined rows, which hold personal data, expire; more than 30. */
  readonly landingDays: number;
}

/**
 * Data on its way: `landing/` (batches untouched), `quarantine/` (rows refused), `records/` (good rows, people only as
 * keyed hashes) and `runs/` (lists and outcomes of a run).
 */
export class DataBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { landingDays, ...shared }: DataBucketProps) {
    super(scope, id);
    if (!Number.isInteger(landingDays) || landingDays <= 30)
      throw new RangeError(`expected landing to be kept for more than 30 days, got ${landingDays}`);
    this.bucket = privateBucket(this, 'Bucket', shared, {
      lifecycleRules: [
        {
          id: 'Landing',
          prefix: 'landing/',
          transitions: [
            { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(30) },
          ],
          expiration: Duration.days(landingDays),
        },
        { id: 'Quarantine', prefix: 'quarantine/', expiration: Duration.days(landingDays) },
        // As long as Step Functions keeps the history of an execution; what a run rests on lies in the evidence.
        { id: 'Runs', prefix: 'runs/', expiration: Duration.days(90) },
        sweep(30),
      ],
    });
  }

  /** Lets a step use objects below prefixes. */
  lets(step: StepFunction, access: ObjectAccess): void {
    step.knows('BUCKET_DATA', this.bucket.bucketName);
    step.allowObjects(this.bucket, access);
  }
}
