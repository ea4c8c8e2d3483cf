import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { afterAll, expect, it } from 'vitest';
import { BonafidePipeline } from '../../lib/infra/pipeline.ts';
import { cdkJson, configFor } from './synthesized.ts';

const outdir = mkdtempSync(join(tmpdir(), 'bonafide-embedding-'));
afterAll(() => rmSync(outdir, { recursive: true }));

it('a stack of somebody else holds two pipelines, adds its own subscriptions and names its own outputs', () => {
  const context = { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] };
  const stack = new Stack(new App({ context, outdir, builtinCloudFormationValidation: false }), 'Numbers');
  const configuration = { text: '', config: configFor('demo'), holidays: null };
  const sales = new BonafidePipeline(stack, 'Sales', { configuration });
  const agency = new BonafidePipeline(stack, 'Agency', { configuration });
  for (const { topics } of [sales, agency])
    topics.failures.addSubscription(new EmailSubscription('oncall@example.com'));
  const { Outputs, Resources } = Template.fromStack(stack).toJSON();
  const reports = Object.keys(Outputs).filter((name) => name.includes('Report'));
  expect(reports).toEqual([expect.stringMatching(/^SalesReport/), expect.stringMatching(/^AgencyReport/)]);
  const subscribed = Object.values<{ Properties?: { Endpoint?: string } }>(Resources).filter(
    ({ Properties }) => Properties?.Endpoint === 'oncall@example.com',
  );
  expect(subscribed).toHaveLength(2);
});
