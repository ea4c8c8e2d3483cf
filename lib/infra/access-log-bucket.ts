import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { closedToPublic } from './private-bucket.ts';

/** Who asked for which object of the other buckets, kept for 400 days. */
export class AccessLogBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { removalPolicy }: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...closedToPublic,
      // S3 delivers access logs only to buckets encrypted with its own key.
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ id: 'Expire', expiration: Duration.days(400) }],
      removalPolicy,
      autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'This bucket receives the access logs of the others; logging its own deliveries would never end.',
    });
  }
}
