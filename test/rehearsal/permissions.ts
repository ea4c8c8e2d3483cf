import { allows, type Call, covers, like, type Statement } from './policies.ts';

/** A permission nothing in a rehearsal can use, with the reason why it is there. */
export interface Reasoned {
  /** Beginning of the role's name. */
  readonly role: string;
  /** Pattern of the action. */
  readonly action: string;
  /** Pattern of the resource; any without it. */
  readonly resource?: string;
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
    role: 'PipelinecloseRole',
    action: 's3:GetObject',
    resource: '*/records/*',
    reason: 'control totals are read where a source delivers them; the example has none',
  },
  {
    role: 'PipelinecloseRole',
    action: 's3:ListBucket',
    resource: '*databucket*',
    reason: 'without it, control totals that are not there would be 403 and not 404',
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
    const reasonOf = (action: string, resource: string) => {
      const found = reasoned.find(
        (r) => nameOf(role).startsWith(r.role) && like(r.action, action) && like(r.resource ?? '*', resource),
      );
      if (found) explained.add(found);
      return found;
    };
    for (const statement of statements) {
      const unused = unusedIn(statement, own);
      const unexplained = unused.filter(({ action, resource }) => !reasonOf(action, resource));
      for (const { action, resource } of unexplained)
        faults.push({ kind: 'never used', text: `${nameOf(role)}: ${action} on ${resource}` });
      const isAllExplained =
        unexplained.length === 0 && unused.length === statement.Action.length * statement.Resource.length;
      if (isRemovable(statement, statements, own) && !isAllExplained)
        faults.push({ kind: 'not needed', text: `${statement.from}: ${statement.Action.join(', ')}` });
    }
  }
  for (const one of reasoned)
    if (!explained.has(one))
      faults.push({ kind: 'reason out of date', text: `${one.role}: ${one.action} is used, or gone` });
  return faults;
}

/**
 * Takes the statements away one at a time, each Allow of every role.
 * @returns those without which nothing would be found that is not found with them.
 */
export function silentRemovals(
  roles: ReadonlyMap<string, readonly Statement[]>,
  calls: readonly Call[],
): { readonly removed: number; readonly silent: readonly string[] } {
  const silent: string[] = [];
  let removed = 0;
  for (const [role, statements] of roles) {
    const own = calls.filter(({ principal }) => principal === role);
    const found = (kept: readonly Statement[]) =>
      permissionFaults(new Map([[role, kept]]), own).map(({ kind, text }) => `${kind}: ${text}`);
    const before = new Set(found(statements));
    for (const statement of statements.filter(({ Effect }) => Effect === 'Allow')) {
      removed += 1;
      if (found(statements.filter((one) => one !== statement)).every((fault) => before.has(fault)))
        silent.push(`${statement.from}: ${statement.Action.join(', ')}`);
    }
  }
  return { removed, silent };
}

/** Each action and resource of a statement for which there is no call. */
function unusedIn(statement: Statement, calls: readonly Call[]): { action: string; resource: string }[] {
  return statement.Action.flatMap((action) =>
    statement.Resource.map((resource) => ({ action, resource })),
  ).filter(
    ({ action, resource }) =>
      !calls.some((call) => covers({ ...statement, Action: [action], Resource: [resource] }, call)),
  );
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
