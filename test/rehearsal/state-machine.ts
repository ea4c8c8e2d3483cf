import { isDeepStrictEqual } from 'node:util';

/**
 * Executes a state machine's definition: what the definition of this project uses, and an error for anything else, so
 * that a field which is not understood is never passed over.
 */

// biome-ignore lint/suspicious/noExplicitAny: JSON
type Json = any;

/** What an execution works with. */
export interface Surroundings {
  /** Name of the execution, unique. */
  readonly name: string;
  /** Calls a function. @throws {TaskError} it failed. */
  invoke(arn: string, payload: Json): Promise<Json>;
  /** Reads an object that a map takes its items from. */
  getObject(bucket: string, key: string): Promise<string>;
  /** Starts the executions of a distributed map's items. */
  startChildren?(count: number): void;
  /** Waits before a retry; the rehearsal does not sleep as long. */
  wait(seconds: number): Promise<void>;
  /** Told of every state that is entered. */
  visit(state: string): void;
}

export type Outcome =
  | { readonly status: 'SUCCEEDED'; readonly output: Json }
  | { readonly status: 'FAILED'; readonly error: string; readonly cause: string };

/** A state failed, with the name by which `Retry` and `Catch` know the error. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
  readonly error: string;
  override readonly cause: string;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.error = error;
    this.cause = cause;
  }
}

/** The definition holds something this interpreter does not know. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
}

const common = ['Type', 'Comment', 'Next', 'End'];
const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  Task: [...common, 'Resource', 'Parameters', 'ResultPath', 'Retry', 'Catch'],
  Map: [
    ...[...common, 'ItemReader', 'ItemSelector', 'ItemProcessor', 'MaxConcurrency'],
    ...['ToleratedFailurePercentage', 'Label', 'ResultPath', 'Catch'],
  ],
  Choice: ['Type', 'Comment', 'Choices', 'Default'],
  Succeed: ['Type', 'Comment'],
  Fail: ['Type', 'Comment', 'Error', 'Cause', 'ErrorPath', 'CausePath'],
};
const retryFields = [
  ...['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy'],
];

/** Bytes a state may take or give. */
export const maxPayloadBytes = 262_144;

/** Runs a definition to its end. @throws {DefinitionError} it holds something unknown. */
export async function execute(definition: Json, input: Json, around: Surroundings): Promise<Outcome> {
  only('definition', definition, ['StartAt', 'States', 'TimeoutSeconds', 'Comment']);
  const context = { Execution: { Input: input, Name: around.name } };
  try {
    return { status: 'SUCCEEDED', output: await runStates(definition, input, context, around) };
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    return { status: 'FAILED', error: error.error, cause: error.cause };
  }
}

/** Names of all states, those of maps included. */
export function statesOf(definition: Json): string[] {
  return Object.entries<Json>(definition.States).flatMap(([name, state]) => [
    name,
    ...(state.ItemProcessor ? statesOf(state.ItemProcessor) : []),
  ]);
}

async function runStates(machine: Json, input: Json, context: Json, around: Surroundings): Promise<Json> {
  let data = input;
  for (let name: string = machine.StartAt; ; ) {
    const state = machine.States[name];
    if (!state) throw new DefinitionError(`there is no state "${name}"`);
    const fields = fieldsOf[state.Type];
    if (!fields) throw new DefinitionError(`the type ${state.Type} of "${name}" is not known`);
    only(name, state, fields);
    around.visit(name);
    limited(name, data);
    if (state.Type === 'Succeed') return data;
    if (state.Type === 'Fail')
      throw new TaskError(
        state.ErrorPath ? read(state.ErrorPath, data, context) : (state.Error ?? ''),
        state.CausePath ? read(state.CausePath, data, context) : (state.Cause ?? ''),
      );
    if (state.Type === 'Choice') {
      name = chosen(name, state, data, context);
      continue;
    }
    try {
      const result = await retried(name, state, data, context, around);
      data = place(state.ResultPath, data, result);
      limited(name, data);
    } catch (error) {
      const caught = error instanceof TaskError ? catcher(name, state, error) : undefined;
      if (!caught || !(error instanceof TaskError)) throw error;
      data = place(caught.ResultPath, data, { Error: error.error, Cause: error.cause });
      name = caught.Next;
      continue;
    }
    if (state.End) return data;
    name = state.Next;
  }
}

async function retried(
  name: string,
  state: Json,
  data: Json,
  context: Json,
  around: Surroundings,
): Promise<Json> {
  const retriers = (state.Retry ?? []) as Json[];
  for (const retrier of retriers) only(`Retry of ${name}`, retrier, retryFields);
  const tries = retriers.map(() => 0);
  for (;;) {
    try {
      return await (state.Type === 'Task'
        ? task(state, data, context, around)
        : map(name, state, data, context, around));
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
      const index = retriers.findIndex(({ ErrorEquals }) => matches(ErrorEquals, error));
      const {
        IntervalSeconds = 1,
        MaxAttempts = 3,
        BackoffRate = 2,
        MaxDelaySeconds,
      } = retriers[index] ?? {};
      if (index < 0 || tries[index]! >= MaxAttempts) throw error;
      const delay = IntervalSeconds * BackoffRate ** tries[index]!;
      tries[index]! += 1;
      await around.wait(Math.min(delay, MaxDelaySeconds ?? Number.POSITIVE_INFINITY));
    }
  }
}

async function task(state: Json, data: Json, context: Json, around: Surroundings): Promise<Json> {
  if (!/^arn:aws:lambda:[^:]+:\d+:function:\w+$/.test(state.Resource))
    throw new DefinitionError(`the resource ${state.Resource} is not known`);
  const payload = state.Parameters ? filled(state.Parameters, data, context) : data;
  limited('payload', payload);
  return around.invoke(state.Resource, payload);
}

async function map(
  name: string,
  state: Json,
  data: Json,
  context: Json,
  around: Surroundings,
): Promise<Json> {
  const { ItemReader, ItemProcessor, ItemSelector, MaxConcurrency, ToleratedFailurePercentage = 0 } = state;
  only(`ItemReader of ${name}`, ItemReader, ['Resource', 'ReaderConfig', 'Parameters']);
  only(`ReaderConfig of ${name}`, ItemReader.ReaderConfig, ['InputType']);
  only(`ItemProcessor of ${name}`, ItemProcessor, ['ProcessorConfig', 'StartAt', 'States']);
  if (ItemReader.Resource !== 'arn:aws:states:::s3:getObject' || ItemReader.ReaderConfig.InputType !== 'JSON')
    throw new DefinitionError(`the reader of ${name} is not known`);
  const expected = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' };
  if (!isDeepStrictEqual(ItemProcessor.ProcessorConfig, expected))
    throw new DefinitionError(`the mode of ${name} is not known`);
  const { Bucket, Key, ...other } = filled(ItemReader.Parameters, data, context);
  only(`Parameters of the reader of ${name}`, other, []);
  const items = JSON.parse(await around.getObject(Bucket, Key)) as Json[];
  if (!Array.isArray(items)) throw new TaskError('States.ItemReaderFailed', `${Key} holds no array`);
  around.startChildren?.(items.length);
  const results: Json[] = [];
  let failed = 0;
  const waiting = items.map((item, index) => ({ item, index }));
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const own = { ...context, Map: { Item: { Value: next.item, Index: next.index } } };
      try {
        results[next.index] = await runStates(
          ItemProcessor,
          filled(ItemSelector, data, own),
          context,
          around,
        );
      } catch (error) {
        if (!(error instanceof TaskError)) throw error;
        failed += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(MaxConcurrency, items.length) }, work));
  if (failed * 100 > ToleratedFailurePercentage * items.length)
    throw new TaskError('States.ExceedToleratedFailureThreshold', `${failed} of ${items.length} failed`);
  return results;
}

function chosen(name: string, state: Json, data: Json, context: Json): string {
  for (const choice of state.Choices) {
    only(`choice of ${name}`, choice, ['Variable', 'BooleanEquals', 'NumericGreaterThan', 'Next']);
    const value = read(choice.Variable, data, context);
    const { BooleanEquals: wanted, NumericGreaterThan: least, Next } = choice;
    if ((wanted === undefined) === (least === undefined))
      throw new DefinitionError(`a choice of ${name} has not one operator`);
    if (least === undefined ? value === wanted : typeof value === 'number' && value > least) return Next;
  }
  if (!state.Default) throw new TaskError('States.NoChoiceMatched', name);
  return state.Default;
}

function catcher(name: string, state: Json, error: TaskError): Json {
  const catchers = (state.Catch ?? []) as Json[];
  for (const one of catchers) only(`Catch of ${name}`, one, ['ErrorEquals', 'ResultPath', 'Next']);
  return catchers.find(({ ErrorEquals }) => matches(ErrorEquals, error));
}

function matches(errors: readonly string[], { error }: TaskError): boolean {
  // As AWS does: these two end an execution whatever is caught.
  if (error === 'States.DataLimitExceeded' || error === 'States.Runtime') return errors.includes(error);
  return errors.includes(error) || errors.includes('States.ALL');
}

/** Fills a template: keys that end in `.$` are paths. */
function filled(template: Json, data: Json, context: Json): Json {
  if (Array.isArray(template)) return template.map((one) => filled(one, data, context));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) =>
      key.endsWith('.$')
        ? [key.slice(0, -2), read(value as string, data, context)]
        : [key, filled(value, data, context)],
    ),
  );
}

/** A reference path, `$.a.b`, or one into the context, `$$.Map.Item.Value`. */
function read(path: string, data: Json, context: Json): Json {
  if (!/^\$\$?(\.[A-Za-z]\w*)*$/.test(path)) throw new DefinitionError(`the path ${path} is not known`);
  let value = path.startsWith('$$') ? context : data;
  for (const part of path.split('.').slice(1)) {
    value = typeof value === 'object' && value !== null ? value[part] : undefined;
    if (value === undefined) throw new TaskError('States.ParameterPathFailure', `${path} leads nowhere`);
  }
  return value;
}

function place(path: string | null | undefined, data: Json, result: Json): Json {
  if (path === null) return data;
  if (path === undefined || path === '$') return result;
  const name = /^\$\.([A-Za-z]\w*)$/.exec(path)?.[1];
  if (!name) throw new DefinitionError(`the result path ${path} is not known`);
  return { ...data, [name]: result };
}

function limited(where: string, value: Json): void {
  const bytes = Buffer.byteLength(JSON.stringify(value) ?? '');
  if (bytes > maxPayloadBytes) throw new TaskError('States.DataLimitExceeded', `${where} has ${bytes} bytes`);
}

function only(where: string, value: object, known: readonly string[]): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new DefinitionError(`the field ${unknown} of ${where} is not known`);
}
