import type { Resource, Template } from './template.ts';

/** One statement of a policy, its references resolved. */
export interface Statement {
  /** Where it stands, for people. */
  readonly from: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** One call as IAM sees it. */
export interface Call {
  /** ARN of the caller's role. */
  readonly principal: string;
  /** `s3:GetObject`. */
  readonly action: string;
  readonly resource: string;
  /** Values of condition keys. */
  readonly context: Readonly<Record<string, string>>;
}

const statementFields = ['Sid', 'Effect', 'Action', 'Resource', 'Principal', 'Condition'];

/** Statements of the roles' policies, by ARN of the role. */
export function rolePolicies(template: Template): Map<string, Statement[]> {
  const byRole = new Map<string, Statement[]>();
  for (const policy of template.ofType('AWS::IAM::Policy'))
    for (const role of policy.Properties.Roles) {
      const arn = template.arn(role.Ref);
      byRole.set(arn, [...(byRole.get(arn) ?? []), ...statementsOf(policy, template)]);
    }
  return byRole;
}

/** Statements of the policies on buckets, by ARN of the bucket. */
export function bucketPolicies(template: Template): Map<string, Statement[]> {
  return new Map(
    template
      .ofType('AWS::S3::BucketPolicy')
      .map((policy) => [template.arn(policy.Properties.Bucket.Ref), statementsOf(policy, template)]),
  );
}

function statementsOf(policy: Resource, template: Template): Statement[] {
  const document = template.resolve(policy.Properties.PolicyDocument) as { Statement: Statement[] };
  return document.Statement.map((statement, index) => {
    const unknown = Object.keys(statement).find((field) => !statementFields.includes(field));
    if (unknown) throw new RangeError(`the field ${unknown} in ${policy.id} is not known`);
    return {
      ...statement,
      from: `${policy.id}[${index}]`,
      Action: listOf(statement.Action),
      Resource: listOf(statement.Resource),
    };
  });
}

/** Whether a statement speaks of a call. @throws {RangeError} it has a condition that is not known. */
export function covers(statement: Statement, call: Call): boolean {
  return (
    statement.Action.some((pattern) => like(pattern, call.action)) &&
    statement.Resource.some((pattern) => like(pattern, call.resource)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, key, listOf(wanted), call)),
    ) &&
    (statement.Principal === undefined || isMeant(statement.Principal, call))
  );
}

/** Whether policies allow a call: one allows it and none denies it. */
export function allows(statements: readonly Statement[], call: Call): boolean {
  const covering = statements.filter((statement) => covers(statement, call));
  return covering.some((s) => s.Effect === 'Allow') && !covering.some((s) => s.Effect === 'Deny');
}

function holds(operator: string, key: string, wanted: readonly string[], call: Call): boolean {
  const value = key === 'aws:PrincipalArn' ? call.principal : call.context[key];
  switch (operator) {
    case 'Null':
      return wanted.includes(String(value === undefined));
    case 'Bool':
    case 'StringEquals':
      return value !== undefined && wanted.includes(value);
    case 'StringLikeIfExists':
      return value === undefined || wanted.some((pattern) => like(pattern, value));
    case 'ForAllValues:StringEquals':
      return value === undefined || value.split('\n').every((one) => wanted.includes(one));
    case 'ArnNotEquals':
      return value === undefined || !wanted.some((pattern) => like(pattern, value));
    default:
      throw new RangeError(`the condition operator ${operator} is not known`);
  }
}

function isMeant(principal: unknown, call: Call): boolean {
  if (principal === '*') return true;
  const { AWS, ...other } = principal as { AWS?: string | string[]; Service?: unknown };
  if (Object.keys(other).some((kind) => kind !== 'Service'))
    throw new RangeError(`the principal ${JSON.stringify(principal)} is not known`);
  return listOf(AWS ?? []).some((one) => one === '*' || one === call.principal);
}

/** IAM's wildcards: `*` for any text, `?` for one character. */
export function like(pattern: string, value: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '[\\s\\S]*').replaceAll('?', '[\\s\\S]')}$`).test(value);
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}
