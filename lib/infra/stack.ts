import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { BonafidePipeline, type BonafidePipelineProps } from './pipeline.ts';

/** One pipeline as one stack; in stage `production` it cannot be deleted by accident. */
export class BonafideStack extends Stack {
  constructor(scope: Construct, id: string, props: BonafidePipelineProps) {
    super(scope, id, {
      description: 'Bonafide: may this number be paid on?',
      terminationProtection: props.configuration.config.stage === 'production',
    });
    const pipeline = new BonafidePipeline(this, 'Pipeline', props);
    // By the names that the documentation calls them.
    for (const child of pipeline.node.children)
      if (child instanceof CfnOutput) child.overrideLogicalId(child.node.id);
  }
}
