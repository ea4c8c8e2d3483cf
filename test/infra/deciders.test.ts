import { describe, expect, it } from 'vitest';
import { parties } from '../../lib/model/decision.ts';
import { flat, synthesized } from './synthesized.ts';

const stack = synthesized('production');
const policies = stack.ofType('AWS::IAM::Policy').map(({ Properties }) => ({
  roles: flat(Properties.Roles),
  statements: Properties.PolicyDocument.Statement as {
    Action: string;
    Resource: unknown;
    Condition?: unknown;
  }[],
}));

describe.each(parties)('people of %s', (party) => {
  const role = stack.one('AWS::IAM::Role', `Deciders${party}role`);
  const lambda = stack.one('AWS::Lambda::Function', `Decidersdecide${party}Function`);

  it('act on flags through one address, signed, and may do nothing else', () => {
    const own = policies.filter(({ roles }) => roles === `<${role.id}>`).flatMap((p) => p.statements);
    expect(own.map(({ Action, Resource, Condition }) => [Action, flat(Resource), Condition])).toEqual([
      [
        'lambda:InvokeFunctionUrl',
        `<${lambda.id}.Arn>`,
        { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
      ],
      ['lambda:InvokeFunction', `<${lambda.id}.Arn>`, { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } }],
    ]);
    const address = stack.one('AWS::Lambda::Url', `Decidersdecide${party}`);
    expect(address.Properties.AuthType).toBe('AWS_IAM');
    expect(flat(address.Properties.TargetFunctionArn)).toBe(`<${lambda.id}.Arn>`);
  });

  it('are who the function says, which lets no other role in', () => {
    expect(lambda.Properties.Environment.Variables).toMatchObject({
      SIDE: party,
      DECIDER_ROLE: { Ref: role.id },
    });
  });

  it('act under the name of the user who assumes the role', () => {
    const [trust] = role.Properties.AssumeRolePolicyDocument.Statement;
    expect(trust.Condition).toEqual({ StringEquals: { 'sts:RoleSessionName': '$' + '{aws:username}' } });
  });
});

it('nobody may call a function of another side', () => {
  const callers = policies.filter(({ statements }) =>
    statements.some(({ Action }) => [Action].flat().includes('lambda:InvokeFunctionUrl')),
  );
  expect(callers).toHaveLength(parties.length);
  expect(stack.ofType('AWS::Lambda::Permission').filter((p) => /Deciders/.test(p.id))).toEqual([]);
});
