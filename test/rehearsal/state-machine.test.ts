import { describe, expect, it } from 'vitest';
import { DefinitionError, execute, statesOf, TaskError } from './state-machine.ts';

const lambda = (name: string) => `arn:aws:lambda:eu-central-1:111122223333:function:${name}`;
const task = (name: string, more: object) => ({ Type: 'Task', Resource: lambda(name), ...more });
const one = (state: object) => ({ StartAt: 'One', States: { One: state, Done: { Type: 'Succeed' } } });

/** Runs a definition whose functions answer by name; gathers what happened. */
async function ran(
  definition: object,
  functions: Readonly<Record<string, (payload: Record<string, unknown>, call: number) => unknown>> = {},
  lists: Readonly<Record<string, unknown>> = {},
) {
  const visited: string[] = [];
  const waits: number[] = [];
  const payloads: unknown[] = [];
  const calls = new Map<string, number>();
  const outcome = await execute(
    definition,
    { list: 'list.json', n: 1 },
    {
      name: 'run-1',
      visit: (state) => visited.push(state),
      wait: async (seconds) => void waits.push(seconds),
      async invoke(arn, payload) {
        const name = arn.split(':').at(-1)!;
        calls.set(name, (calls.get(name) ?? 0) + 1);
        payloads.push(payload);
        return functions[name]!(payload, calls.get(name)!);
      },
      getObject: async (_, key) => JSON.stringify(lists[key]),
    },
  );
  return { outcome, visited, waits, payloads };
}

const busy = () => {
  throw new TaskError('Lambda.ServiceException', 'busy');
};
const retry = {
  ErrorEquals: ['Lambda.ServiceException'],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 3,
};

describe('the interpreter of the state machine', () => {
  it('fills parameters from input and context, and places results', async () => {
    const Parameters = { 'n.$': '$.n', 'name.$': '$$.Execution.Name', fixed: true };
    const definition = one(task('f', { Parameters, ResultPath: '$.got', Next: 'Done' }));
    const { outcome, payloads } = await ran(definition, { f: () => ({ x: 2 }) });
    expect(payloads).toEqual([{ n: 1, name: 'run-1', fixed: true }]);
    expect(outcome).toEqual({ status: 'SUCCEEDED', output: { list: 'list.json', n: 1, got: { x: 2 } } });
  });

  it('waits longer before every further try, up to the longest, and then catches', async () => {
    const Retry = [{ ...retry, MaxAttempts: 4, MaxDelaySeconds: 10 }];
    const Catch = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Done' }];
    const { outcome, waits } = await ran(one(task('f', { Retry, Catch, End: true })), { f: busy });
    expect(waits).toEqual([2, 4, 8, 10]);
    expect(outcome).toMatchObject({ output: { error: { Error: 'Lambda.ServiceException', Cause: 'busy' } } });
  });

  it('does not try again what no retrier names', async () => {
    const failing = () => {
      throw new TaskError('RangeError', 'wrong');
    };
    const { outcome, waits } = await ran(one(task('f', { Retry: [retry], End: true })), { f: failing });
    expect([outcome, waits]).toEqual([{ status: 'FAILED', error: 'RangeError', cause: 'wrong' }, []]);
  });

  it.each([
    [100, 'SUCCEEDED'],
    [49, 'FAILED'],
  ])('works a list from an object off and tolerates %i %% of it failing', async (percent, status) => {
    const map = {
      Type: 'Map',
      Label: 'All',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSON' },
        Parameters: { Bucket: 'lists', 'Key.$': '$.list' },
      },
      ItemSelector: { 'item.$': '$$.Map.Item.Value', 'n.$': '$.n' },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Child',
        States: { Child: task('f', { End: true }) },
      },
      MaxConcurrency: 2,
      ToleratedFailurePercentage: percent,
      ResultPath: null,
      End: true,
    };
    const f = ({ item }: Record<string, unknown>) => (item === 'b' || item === 'c' ? busy() : item);
    const run = await ran(one(map), { f }, { 'list.json': ['a', 'b', 'c', 'd'] });
    expect(run.outcome.status).toBe(status);
    expect(run.payloads).toEqual(['a', 'b', 'c', 'd'].map((item) => ({ item, n: 1 })));
    expect(statesOf(one(map))).toEqual(['One', 'Child', 'Done']);
  });

  it('chooses, and fails with a given error', async () => {
    const States = {
      Choose: {
        Type: 'Choice',
        Choices: [{ Variable: '$.n', BooleanEquals: true, Next: 'Yes' }],
        Default: 'No',
      },
      Yes: { Type: 'Succeed' },
      No: { Type: 'Fail', Error: 'Not', Cause: 'so' },
    };
    const { outcome, visited } = await ran({ StartAt: 'Choose', States });
    expect([outcome, visited]).toEqual([{ status: 'FAILED', error: 'Not', cause: 'so' }, ['Choose', 'No']]);
  });

  it.each([
    [0, 'No'],
    [1, 'Yes'],
  ])('chooses by whether there is more than nothing: %i', async (n, next) => {
    const Choices = [{ Variable: '$.count', NumericGreaterThan: 0, Next: 'Yes' }];
    const States = {
      Count: task('f', { ResultPath: '$.count', Next: 'Choose' }),
      Choose: { Type: 'Choice', Choices, Default: 'No' },
      Yes: { Type: 'Succeed' },
      No: { Type: 'Succeed' },
    };
    const { visited } = await ran({ StartAt: 'Count', States }, { f: () => n });
    expect(visited.at(-1)).toBe(next);
  });

  it('ends an execution whose payload is larger than a state may carry, whatever is caught', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Done' }];
    const { outcome } = await ran(one(task('f', { Catch, End: true })), { f: () => 'x'.repeat(262_143) });
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  it.each<[string, object]>([
    ['a field', { ...one(task('f', { End: true, TimeoutSeconds: 3 })) }],
    ['a type', one({ Type: 'Parallel' })],
    ['a path', one(task('f', { Parameters: { 'a.$': '$.list[0]' }, End: true }))],
    ['an operator', one({ Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 1, Next: 'Done' }] })],
    ['a field of a retrier', one(task('f', { Retry: [{ ...retry, Backoff: 1 }], End: true }))],
    ['a result path', one(task('f', { ResultPath: '$.a.b', End: true }))],
    ['a resource', one({ Type: 'Task', Resource: 'arn:aws:states:::sns:publish', End: true })],
    ['a query language', { ...one(task('f', { End: true })), QueryLanguage: 'JSONata' }],
  ])('refuses %s it does not know', async (_, definition) => {
    await expect(ran(definition, { f: () => 1 })).rejects.toThrow(DefinitionError);
  });
});
