import { describe, expect, it } from 'vitest';
import { type Config, configSchema } from '../../lib/model/config.ts';
import { configFor, flat, synthesized } from './synthesized.ts';

const many = 150;

/** As many plans as one stack is meant for, each with an owner of its own. */
function manyPlans(): Config {
  const few = configFor('production');
  const plans = Array.from({ length: many }, (_, i) => ({
    ...few.plans[0]!,
    id: `plan-of-a-long-name-${i}`,
  }));
  const owners = Object.fromEntries(plans.map(({ id }) => [id, [`${id}@example.com`]]));
  return configSchema.parse({
    ...few,
    plans: plans.map(({ bonus: _, ...plan }) => ({ ...plan, bonus: 1000 })),
    alerts: { ...few.alerts, owners },
  });
}

/** Bytes of a value on AWS, where a reference becomes an ARN of at most 160 characters. */
const deployedBytes = (value: unknown) => flat(value).replace(/<[^>]+>/g, 'x'.repeat(160)).length;

describe(`a stack of ${many} plans keeps to what AWS takes:`, () => {
  const stack = synthesized('production', {
    configuration: { text: '', config: manyPlans(), holidays: null },
  });

  it('4 KB of variables a function', () => {
    for (const { id, Properties } of stack.ofType('AWS::Lambda::Function')) {
      const variables = Object.entries(Properties.Environment?.Variables ?? {});
      const bytes = variables.reduce((sum, [name, value]) => sum + name.length + deployedBytes(value), 0);
      expect([id, bytes]).toEqual([id, expect.toSatisfy((size: number) => size <= 4096)]);
    }
  });

  it('10,240 characters of policies a role', () => {
    const ofRole = new Map<string, number>();
    for (const { Properties } of stack.ofType('AWS::IAM::Policy'))
      for (const role of Properties.Roles) {
        const text = JSON.stringify(Properties.PolicyDocument, (_, value) =>
          value !== null && typeof value === 'object' && Object.keys(value).some((k) => /^(Ref|Fn::)/.test(k))
            ? 'x'.repeat(deployedBytes(value))
            : value,
        );
        ofRole.set(flat(role), (ofRole.get(flat(role)) ?? 0) + text.length);
      }
    expect(ofRole.size).toBeGreaterThan(10);
    expect([...ofRole].filter(([, size]) => size > 10_240)).toEqual([]);
  });

  it('500 resources, 200 outputs and 1 MB a template', () => {
    expect(stack.resources.length).toBeLessThanOrEqual(500);
    expect(Object.keys(stack.outputs).length).toBeLessThanOrEqual(200);
    expect(JSON.stringify(stack.resources).length).toBeLessThan(1_000_000);
  });

  it('letters and blanks in the name a topic shows', () => {
    for (const { Properties } of stack.ofType('AWS::SNS::Topic'))
      expect(Properties.DisplayName).toMatch(/^[A-Za-z ]{1,100}$/);
  });
});
