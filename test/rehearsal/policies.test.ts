import { describe, expect, it } from 'vitest';
import { synthesized } from '../infra/synthesized.ts';
import { evidenceFaults } from './evidence.ts';
import { isRemovable, permissionFaults, silentRemovals } from './permissions.ts';
import { allows, type Call, like, rolePolicies, type Statement } from './policies.ts';
import { templateOf } from './template.ts';

const principal = 'arn:aws:iam::111122223333:role/PipelineflagRole';
const call = (action: string, resource: string, context = {}): Call => ({
  principal,
  action,
  resource,
  context,
});
const statement = (
  Effect: 'Allow' | 'Deny',
  Action: string,
  Resource: string,
  Condition?: object,
): Statement =>
  ({
    from: Action,
    Effect,
    Action: [Action],
    Resource: [Resource],
    ...(Condition && { Condition }),
  }) as Statement;
const put = call('s3:PutObject', 'arn:aws:s3:::evidence/ledger/1');
const allowAll = statement('Allow', 's3:*', 'arn:aws:s3:::evidence/*');

describe('the matcher of policies', () => {
  it('knows both wildcards, and takes everything else as it stands', () => {
    expect(like('s3:Get*', 's3:GetObject')).toBe(true);
    expect(like('a?c', 'abc')).toBe(true);
    expect(like('a.c', 'abc')).toBe(false);
    expect(like('runs/*', 'runs/a/b')).toBe(true);
  });

  it('allows what one statement allows and none denies', () => {
    expect(allows([allowAll], put)).toBe(true);
    expect(allows([], put)).toBe(false);
    expect(allows([allowAll, statement('Deny', 's3:PutObject', '*')], put)).toBe(false);
  });

  it.each([
    ['Null', { Null: { 's3:if-none-match': 'true' } }, {}, true],
    ['Null', { Null: { 's3:if-none-match': 'true' } }, { 's3:if-none-match': '*' }, false],
    ['Bool', { Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:SecureTransport': 'true' }, false],
    ['ArnNotEquals', { ArnNotEquals: { 'aws:PrincipalArn': [principal] } }, {}, false],
    ['StringLikeIfExists', { StringLikeIfExists: { 's3:prefix': ['ledger/*'] } }, {}, true],
    ['StringLikeIfExists', { StringLikeIfExists: { 's3:prefix': ['a/*'] } }, { 's3:prefix': 'b/' }, false],
  ])('asks the condition %s', (_, condition, context, isMet) => {
    const only = statement('Allow', 's3:PutObject', '*', condition);
    expect(allows([only], { ...put, context })).toBe(isMet);
  });

  it('refuses a condition it does not know', () => {
    const odd = statement('Allow', 's3:PutObject', '*', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } });
    expect(() => allows([odd], put)).toThrow('IpAddress');
  });
});

describe('permissions held against calls', () => {
  const role = principal;
  const needed = statement('Allow', 's3:PutObject', 'arn:aws:s3:::evidence/ledger/*');
  const kinds = (statements: Statement[], calls: Call[]) =>
    permissionFaults(new Map([[role, statements]]), calls)
      .map(({ kind }) => kind)
      .filter((kind) => kind !== 'reason out of date');

  it('finds nothing where each statement is needed by a call', () => {
    expect(kinds([needed], [put])).toEqual([]);
  });

  it('finds a call outside policy, a permission nobody used and a statement that is not needed', () => {
    expect(kinds([needed], [put, call('s3:GetObject', 'arn:aws:s3:::evidence/ledger/1')])).toEqual([
      'outside policy',
    ]);
    const unused = statement('Allow', 's3:GetObject', 'arn:aws:s3:::evidence/ledger/*');
    expect(kinds([needed, unused], [put])).toEqual(['never used', 'not needed']);
    expect(kinds([needed, allowAll], [put])).toEqual(['not needed', 'not needed']);
  });

  it('takes each statement away, and tells which of them nobody would miss', () => {
    const twice = { ...needed, from: 'again' };
    expect(silentRemovals(new Map([[role, [needed]]]), [put])).toEqual({ removed: 1, silent: [] });
    expect(silentRemovals(new Map([[role, [needed, twice]]]), [put]).silent).toHaveLength(2);
  });

  it('does not find a statement removable that a call rests on', () => {
    expect(isRemovable(needed, [needed], [put])).toBe(false);
    expect(isRemovable(needed, [needed, allowAll], [put])).toBe(true);
  });
});

describe.each(['demo', 'production'] as const)('the synthesized stack in stage %s', (stage) => {
  const { ofType } = synthesized(stage);
  const types = [
    ...['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::KMS::Key'],
    ...['AWS::DynamoDB::Table', 'AWS::SNS::Topic', 'AWS::SQS::Queue', 'AWS::Logs::LogGroup'],
    ...['AWS::Lambda::Function', 'AWS::StepFunctions::StateMachine', 'AWS::SecretsManager::Secret'],
  ];
  const template = templateOf(Object.fromEntries(types.flatMap(ofType).map((one) => [one.id, one])));

  it('refuses every attempt to overwrite or delete evidence, and lets one through without each deny', async () => {
    const { faults, attempts } = await evidenceFaults(template);
    expect(faults).toEqual([]);
    expect(attempts).toBe(3);
  });

  it('has no wildcard in an action of a role', () => {
    const statements = [...rolePolicies(template).values()].flat();
    expect(statements.length).toBeGreaterThan(50);
    expect(statements.filter(({ Action }) => Action.some((action) => action.includes('*')))).toEqual([]);
  });
});
