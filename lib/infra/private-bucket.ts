import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** What all buckets of the pipeline share. */
export interface PrivateBucketProps {
  readonly key: IKey;
  /** Where S3 writes who asked for which object. */
  readonly accessLog: IBucket;
  /** RETAIN keeps the bucket when the stack goes; DESTROY empties and deletes it. */
  readonly removalPolicy: RemovalPolicy;
}

/** A bucket that is versioned, encrypted with the given key, reached over TLS only, never public, and logged. */
export function privateBucket(
  scope: Construct,
  id: string,
  { key, accessLog, removalPolicy }: PrivateBucketProps,
  props: Pick<BucketProps, 'lifecycleRules' | 'objectLockEnabled' | 'objectLockDefaultRetention'>,
): Bucket {
  return new Bucket(scope, id, {
    ...closedToPublic,
    versioned: true,
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    bucketKeyEnabled: true,
    serverAccessLogsBucket: accessLog,
    serverAccessLogsPrefix: `${scope.node.id.toLowerCase()}/`,
    removalPolicy,
    autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
    ...props,
  });
}

/** Settings of every bucket, the access log's included. */
export const closedToPublic = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
} as const;

/** Removes what nobody reads any more: versions replaced `days` ago, marks of deleted objects, broken uploads. */
export function sweep(days: number): LifecycleRule {
  return {
    id: 'Sweep',
    noncurrentVersionExpiration: Duration.days(days),
    expiredObjectDeleteMarker: true,
    abortIncompleteMultipartUploadAfter: Duration.days(7),
  };
}
