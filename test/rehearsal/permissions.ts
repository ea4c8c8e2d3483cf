import { allows, type Call, covers, like, type Statement } from './policies.ts';

/** A permission nothing in a rehearsal can use, with the reason why it is there. */
export interface Reasoned {
  /** Beginning of the role's name. */
  readonly role: string;
  /** Pattern of the action. */
  readonly action: string;
  readonly reason: string;
}

/** Every permission that no call of a rehearsal shows to be needed. */
export const reasoned: readonly Reasoned[] = [
  {
    role: 'PipelineRunRole',
    action: 'logs:*',
    reason: 'Step Functions sets up the delivery of its log itself; no definition shows these calls',
  },
  {
    role: 'PipelineRunRole',
    action: 'xray:*',
    reason: 'Step Functions writes its traces itself; no definition shows these calls',
  },
  {
    role: 'PipelineRunRole',
    action: 'states:DescribeExecution',
    reason: 'Step Functions watches the executions of a distributed map itself',
  },
  {
    role: 'PipelineRunRole',
    action: 'states:StopExecution',
    reason: 'Step Functions stops the executions of a distributed map when a person stops the run',
  },
  {
    role: 'PipelineRunRole',
    action: 'states:RedriveExecution',
    reason: 'a person who redrives a run redrives its maps with it',
  },
  {
    role: 'SchedulerRole',
    action: 'sqs:SendMessage',
    reason: 'the Scheduler keeps a start that failed for two hours; nothing here is away that long',
  },
];

/** One thing wrong with the permissions. */
export interface Fault {
  readonly kind: 'outside policy' | 'never used' | 'not needed' | 'reason out of date';
  readonly text: string;
}

/** Holds every recorded call against the roles' policies, both ways. */
export function permissionFaults(
  roles: ReadonlyMap<string, readonly Statement[]>,
  calls: readonly Call[],
): Fault[] {
  const faults: Fault[] = [];
  const explained = new Set<Reasoned>();
  for (const call of calls)
    if (!allows(roles.get(call.principal) ?? [], call))
      faults.push({ kind: 'outside policy', text: textOf(call) });
  for (const [role, statements] of roles) {
    const own = calls.filter(({ principal }) => principal === role);
    const reasonOf = (action: string) => {
      const found = reasoned.find((r) => role.split('/')[1]!.startsWith(r.role) && like(r.action, action));
      if (found) explained.add(found);
      return found;
    };
    for (const statement of statements) {
      for (const unused of unusedIn(statement, own))
        if (!reasonOf(unused.action))
          faults.push({
            kind: 'never used',
            text: `${nameOf(role)}: ${unused.action} on ${unused.resource}`,
          });
      if (isRemovable(statement, statements, own) && !statement.Action.every(reasonOf))
        faults.push({ kind: 'not needed', text: `${statement.from}: ${statement.Action.join(', ')}` });
    }
  }
  for (const one of reasoned)
    if (!explained.has(one))
      faults.push({ kind: 'reason out of date', text: `${one.role}: ${one.action} is used, or gone` });
  return faults;
}

/** Each action of a statement that no call makes, and each resource that no call touches with any of them. */
function unusedIn(statement: Statement, calls: readonly Call[]): { action: string; resource: string }[] {
  const unused: { action: string; resource: string }[] = [];
  const isUsed = (action: string, resource: string) =>
    calls.some((call) => covers({ ...statement, Action: [action], Resource: [resource] }, call));
  for (const action of statement.Action)
    if (!statement.Resource.some((resource) => isUsed(action, resource)))
      unused.push({ action, resource: 'any of its resources' });
  for (const resource of statement.Resource)
    if (!statement.Action.some((action) => isUsed(action, resource)))
      unused.push({ action: statement.Action.join(', '), resource });
  return unused;
}

/** Whether all calls would still be allowed without a statement. */
export function isRemovable(
  statement: Statement,
  statements: readonly Statement[],
  calls: readonly Call[],
): boolean {
  const rest = statements.filter((one) => one !== statement);
  return calls.every((call) => !allows(statements, call) || allows(rest, call));
}

/** A call in one line. */
export function textOf({ principal, action, resource, context }: Call): string {
  const asked = Object.entries(context).filter(([key]) => key !== 'aws:SecureTransport');
  return `${nameOf(principal)}: ${action} on ${resource}${asked.map(([k, v]) => `, ${k} ${v}`).join('')}`;
}

function nameOf(role: string): string {
  return role.slice(role.indexOf('/') + 1);
}
