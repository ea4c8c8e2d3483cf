import type { Fault, LoopbackCall } from '../../lib/local/loopback.ts';
import { TaskError } from '../rehearsal/state-machine.ts';
import type { FaultWorld } from './world.ts';

/** Ways to disturb a run. */
export const faultKinds = [
  'throttled',
  'server error',
  'no answer',
  'answer lost after a write',
  'batch handed back',
  'killed before a write',
  'killed after a write',
  'a table refuses writes',
  'step answered and called again',
  'event of an earlier run again',
  'deliveries in another order',
  'clocks that differ',
  'two executions at once',
  'poison file among others',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Calls and steps of an undisturbed run: a fault takes place at one of them. */
export interface Measured {
  readonly calls: number;
  readonly writes: number;
  readonly steps: number;
}

/** One event that a step was given. */
export interface StepEvent {
  readonly step: string;
  readonly payload: unknown;
}

/** What disturbs one execution. */
export interface Disturbance {
  /** How often it took place. */
  readonly count: () => number;
  onCall?(call: LoopbackCall, caller: string): Fault | undefined;
  /** Takes the place of calling a step. */
  onStep?(event: StepEvent, pass: () => Promise<unknown>): Promise<unknown>;
  skew?(step: string): number;
  /** The list that a map takes its items from. */
  onList?(items: unknown[]): unknown[];
}

const tables = ['counts', 'flags', 'runs'] as const;
const tenMinutes = 600_000;

/** Whether a call changes something. */
export function isWrite({ action }: LoopbackCall): boolean {
  return /^(Put|Delete|Update|BatchWrite)/.test(action);
}

/**
 * Makes one disturbance. `at` from 0 to 1 says where in the run it takes place.
 * @param earlier events of a run before; they come again, late.
 */
export function disturbance(
  kind: FaultKind,
  at: number,
  random: () => number,
  measured: Measured,
  world: FaultWorld,
  earlier: readonly StepEvent[],
): Disturbance {
  let count = 0;
  let seen = 0;
  const from = (most: number) => 1 + Math.floor(at * most);
  const one = <T>(value: T): T => {
    count += 1;
    return value;
  };
  /** From the nth call on that is meant, `length` of them. */
  const onCalls = (
    isMeant: (call: LoopbackCall) => boolean,
    most: number,
    length: number,
    fault: (call: LoopbackCall) => Fault,
  ) => {
    const first = from(most);
    return {
      count: () => count,
      onCall(call: LoopbackCall) {
        if (!isMeant(call)) return undefined;
        seen += 1;
        return seen >= first && seen < first + length ? one(fault(call)) : undefined;
      },
    };
  };
  // Up to two in a row are mended by the SDK, more are not.
  const length = 1 + Math.floor(random() * 4);
  const every = () => true;
  switch (kind) {
    case 'throttled':
      return onCalls(every, measured.calls, length, ({ service }) =>
        service === 's3'
          ? { status: 503, code: 'SlowDown' }
          : { status: 400, code: 'ProvisionedThroughputExceededException' },
      );
    case 'server error':
      return onCalls(every, measured.calls, length, () => ({ status: 500, code: 'InternalServerError' }));
    case 'no answer':
      return onCalls(every, measured.calls, length, () => 'no-answer');
    case 'answer lost after a write':
      return onCalls(isWrite, measured.writes, length, () => 'drop-response');
    case 'batch handed back':
      return onCalls(
        ({ action }) => action === 'BatchWriteItem',
        2,
        length,
        () => 'unprocessed-items',
      );
    case 'a table refuses writes': {
      const table = tables[Math.floor(random() * tables.length)]!;
      const isTo = (call: LoopbackCall) => isWrite(call) && call.resources[0] === table;
      return onCalls(isTo, 6, Number.POSITIVE_INFINITY, () => ({
        status: 400,
        code: 'ProvisionedThroughputExceededException',
      }));
    }
    case 'killed before a write':
    case 'killed after a write': {
      const first = from(measured.writes);
      return {
        count: () => count,
        onCall(call, caller) {
          if (!isWrite(call) || ++seen !== first) return undefined;
          world.kill(caller);
          return one(
            kind === 'killed after a write' ? 'drop-response' : { status: 400, code: 'ProcessEnded' },
          );
        },
      };
    }
    case 'step answered and called again': {
      const first = from(measured.steps);
      return {
        count: () => count,
        async onStep(_, pass) {
          const answer = await pass();
          if (++seen !== first) return answer;
          throw one(new TaskError('Lambda.ServiceException', 'the answer was lost'));
        },
      };
    }
    case 'event of an earlier run again': {
      const first = from(measured.steps);
      return {
        count: () => count,
        async onStep(_, pass) {
          if (++seen === first) {
            const { step, payload } = earlier[Math.floor(random() * earlier.length)]!;
            await one(world.invoke(step, payload)).catch(() => undefined);
          }
          return pass();
        },
      };
    }
    case 'deliveries in another order':
      return {
        count: () => count,
        onList: (items) => one([...items].sort(() => random() - 0.5)),
      };
    case 'clocks that differ': {
      const errors = new Map<string, number>();
      return {
        count: () => errors.size,
        skew(step) {
          const error = errors.get(step) ?? Math.round((random() - 0.5) * 2 * tenMinutes);
          errors.set(step, error);
          return error;
        },
      };
    }
    // These are done by the trial itself, around the execution.
    case 'two executions at once':
    case 'poison file among others':
      return { count: () => 1 };
  }
}
