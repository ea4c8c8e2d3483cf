import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { BonafidePipeline, type BonafidePipelineProps } from './pipeline.ts';

/** One pipeline as one stack; in stage `production` it cannot be deleted by accident. */
export class BonafideStack extends Stack {
  constructor(scope: Construct, id: string, props: BonafidePipelineProps) {
    super(scope, id, {
      description: 'Bonafide: may this number be paid on?',
      terminationProtection: props.configuration.config.stage === 'production',
    });
    new BonafidePipeline(this, 'Pipeline', props);
  }
}
