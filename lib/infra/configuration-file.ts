import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stage } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import type { DeployedConfiguration } from '../model/deployed-configuration.ts';
import type { StepFunction } from './step-function.ts';

/** The configuration a run works with, deployed with the code that reads it. */
export class ConfigurationFile extends Construct {
  readonly #asset: Asset;

  constructor(scope: Construct, id: string, { deployed }: { readonly deployed: DeployedConfiguration }) {
    super(scope, id);
    // Beside what is synthesized, so that nothing is left elsewhere.
    const path = join(Stage.of(this)!.outdir, `configuration-${this.node.addr}.json`);
    writeFileSync(path, JSON.stringify(deployed));
    this.#asset = new Asset(this, 'Asset', { path });
  }

  /** Lets a step read exactly this file. */
  letsRead(step: StepFunction): void {
    const { bucket, s3BucketName, s3ObjectKey } = this.#asset;
    step.knows('CONFIG_BUCKET', s3BucketName);
    step.knows('CONFIG_KEY', s3ObjectKey);
    step.allow(['s3:GetObject'], [bucket.arnForObjects(s3ObjectKey)]);
  }
}
