import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { BonafidePipelineProps } from '../../lib/infra/pipeline.ts';
import { BonafideStack } from '../../lib/infra/stack.ts';
import type { stepNames } from '../../lib/infra/step-function.ts';
import { type Config, configSchema } from '../../lib/model/config.ts';

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The context that `cdk` hands to the app. */
export const cdkJson = JSON.parse(readFileSync(root('cdk.json'), 'utf8')) as {
  app: string;
  context: Record<string, unknown>;
};

/** A configuration with recipients, two plans and the given stage. */
export function configFor(stage: Config['stage']): Config {
  const plan = { side: 'marketing', bonus: 1000, kpis: [{ kpi: 'leads', target: 10 }] };
  return configSchema.parse({
    organisation: 'Acme',
    timezone: 'Europe/Berlin',
    currency: 'USD',
    stage,
    sources: [{ id: 'crm', dataset: 'leads' }],
    plans: [
      { ...plan, id: 'director', title: 'Director bonus' },
      { ...plan, id: 'agency', title: 'Agency fee' },
    ],
    alerts: {
      finance: ['finance@example.com'],
      operations: ['ops@example.com'],
      failures: ['ops@example.com'],
      owners: { director: ['director@example.com'] },
    },
  });
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  /** As cdk-nag writes them: `<LogicalId.Arn>/prefix/*`. */
  readonly Resource: readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

export interface Resource {
  readonly id: string;
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties have no common type
  readonly Properties: any;
  readonly DeletionPolicy?: string;
}

/** A stack as CloudFormation would get it; functions are not bundled. */
export function synthesized(stage: Config['stage'], props: Partial<BonafidePipelineProps> = {}) {
  const outdir = mkdtempSync(join(tmpdir(), 'bonafide-synth-'));
  const app = new App({
    outdir,
    context: { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] },
    builtinCloudFormationValidation: false,
  });
  const stack = new BonafideStack(app, 'Bonafide', {
    configuration: { text: '', config: configFor(stage), holidays: null },
    ...props,
  });
  const template = Template.fromStack(stack);
  rmSync(outdir, { recursive: true });
  const resources: Resource[] = Object.entries(template.toJSON().Resources as Record<string, Resource>).map(
    ([id, resource]) => ({ ...resource, id }),
  );
  const ofType = (type: string) => resources.filter((resource) => resource.Type === type);
  return {
    app,
    stack,
    resources,
    ofType,
    outputs: template.toJSON().Outputs as Record<string, { Description: string; Value: unknown }>,
    /** The one resource of a type whose logical id holds `part`. */
    one(type: string, part: string): Resource {
      const found = ofType(type).filter(({ id }) => id.includes(part));
      if (found.length !== 1)
        throw new RangeError(`expected one ${type} named ${part}, found ${found.length}`);
      return found[0]!;
    },
    /** Every statement of a step's role. */
    permissions(step: (typeof stepNames)[number]): Statement[] {
      const role = `Pipeline${step.replace('-', '')}Role`;
      return ofType('AWS::IAM::Policy')
        .filter(({ Properties }) => flat(Properties.Roles).startsWith(`<${role}`))
        .flatMap(({ Properties }) => statementsOf(Properties.PolicyDocument));
    },
    /** Statements of the policy on a bucket, topic or queue. */
    policyOn(type: string, part: string): Statement[] {
      return statementsOf(this.one(type, part).Properties.PolicyDocument);
    },
  };
}

function statementsOf(document: { Statement: Record<string, unknown>[] }): Statement[] {
  const list = (value: unknown) => (Array.isArray(value) ? value : [value]) as unknown[];
  return document.Statement.map((statement) => ({
    ...(statement as unknown as Statement),
    Action: list(statement.Action) as string[],
    Resource: list(statement.Resource).map(flat),
  }));
}

/** References as text, so that a test can read them. */
export function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(flat).join('');
  const {
    Ref,
    'Fn::GetAtt': attribute,
    'Fn::Join': join,
    'Fn::Sub': sub,
  } = value as Record<string, string[]>;
  if (Ref) return `<${Ref}>`;
  if (attribute) return `<${attribute.join('.')}>`;
  if (join) return (join[1] as unknown as unknown[]).map(flat).join(join[0]);
  return sub ? flat(sub) : JSON.stringify(value);
}
