import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type PrivateBucketProps, privateBucket, sweep } from './private-bucket.ts';
import type { StepFunction } from './step-function.ts';

/** What people read: weekly reports and statements at stable keys below `reports/`, replaced versions for a year. */
export class ReportsBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, shared: PrivateBucketProps) {
    super(scope, id);
    this.bucket = privateBucket(this, 'Bucket', shared, { lifecycleRules: [sweep(365)] });
  }

  /** Lets a step publish reports; it cannot read them back. */
  letsPublish(step: StepFunction): void {
    step.knows('BUCKET_REPORTS', this.bucket.bucketName);
    step.allowObjects(this.bucket, { put: ['reports/'] });
  }
}
