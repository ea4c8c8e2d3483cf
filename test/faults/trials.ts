import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from '../fixtures/random.ts';
import { filesOf, type MadeCompany, madeCompany, overclaiming } from '../local/made-company.ts';
import { execute, type Outcome } from '../rehearsal/state-machine.ts';
import {
  type Disturbance,
  disturbance,
  type FaultKind,
  faultKinds,
  isWrite,
  type Measured,
  type StepEvent,
} from './faults-of-a-run.ts';
import { synthesizedMachine } from './machine.ts';
import { brokenLinks, differences, type State, settled, stateOf } from './state.ts';
import { type FaultWorld, faultWorld, type MakeWorld, removeWorld } from './world.ts';

const schedules = ['daily', 'weekly', 'monthly'] as const;
export type Schedule = (typeof schedules)[number];

/** What one trial disturbs: kinds, and where in the run from 0 to 1. */
export interface TrialPlan {
  readonly seed: number;
  readonly schedule: Schedule;
  readonly faults: readonly { readonly kind: FaultKind; readonly at: number }[];
}

/** A run that was disturbed, and what was found after it was run again. */
export interface Trial extends TrialPlan {
  /** Faults that took place. */
  readonly injected: number;
  /** How the disturbed execution ended. */
  readonly ended: string;
  /** Executions until one succeeded. */
  readonly executions: number;
  /** A run judged without a delivery that could not be taken in, as it must: compared is what everything settled to. */
  readonly isSettled: boolean;
  /** Empty: the state is that of an undisturbed run. */
  readonly differences: readonly string[];
}

/** What all trials start from, and what they must come to. */
export interface Baseline {
  readonly make: MakeWorld;
  readonly folder: string;
  readonly earlier: readonly StepEvent[];
  readonly expected: ReadonlyMap<Schedule, { readonly state: State; readonly measured: Measured }>;
  remove(): Promise<void>;
}

const scheduledAt = '2025-08-20T06:00:00Z';
const minute = 60_000;
const mostExecutions = 7;
/** Longer than a busy machine takes to answer, milliseconds. */
const patience = 1000;
const poison = 'landing/crm/leads/dt=2025-08-20/poison.csv';
const { definition, stepOf } = synthesizedMachine();

const company = lately(madeCompany());
const changed = overclaiming({
  ...company,
  // A final number that changes, and a row that is none.
  traffic: company.traffic.map((line, i) =>
    i % 50 === 7 ? { ...line, sessions: Number(line.sessions) + 1 } : line,
  ),
  leads: company.leads.map((line, i) => (i % 40 === 3 ? { ...line, total_visits: 'many' } : line)),
});

/** From May on: enough to judge July by, and quick. */
function lately({ traffic, leads, sqls, claims }: MadeCompany): MadeCompany {
  return {
    traffic: traffic.filter(({ date }) => String(date) >= '2025-05'),
    leads: leads.filter((lead) => String(lead.created_at) >= '2025-05'),
    sqls: sqls.filter((sql) => String(sql.delivered_at) >= '2025-05-10'),
    claims: claims.filter(({ period }) => String(period) >= '2025-05'),
  };
}

const sourceOf: Readonly<Record<string, string>> = {
  'traffic.csv': 'web/traffic',
  'leads.csv': 'crm/leads',
  'sqls.csv': 'sales/sqls',
  'claims.csv': 'claimed/claims',
};

async function deliver(world: FaultWorld, of: MadeCompany, day: string): Promise<void> {
  for (const [name, text] of Object.entries(filesOf(of)))
    await world.put(`landing/${sourceOf[name]}/dt=${day}/${name}`, text);
}

interface Around {
  readonly name: string;
  readonly disturbances?: readonly Disturbance[];
  onEvent?(event: StepEvent): void;
  /** Told when a delivery or a unit could not be worked on. */
  onFailedItem?(): void;
  wait?(): Promise<unknown>;
}

async function runOnce(world: FaultWorld, kind: Schedule, at: string, around: Around): Promise<Outcome> {
  const { disturbances = [] } = around;
  return execute(
    definition,
    { kind, scheduledAt: at },
    {
      name: around.name,
      visit: () => undefined,
      async wait(seconds) {
        world.clock += seconds * 1000;
        await around.wait?.();
      },
      invoke(arn, payload) {
        const event = { step: stepOf(arn), payload };
        around.onEvent?.(event);
        const isItem = event.step === 'ingest' || event.step === 'cross-check';
        const pass = () =>
          world.invoke(event.step, payload).catch((error) => {
            if (isItem) around.onFailedItem?.();
            throw error;
          });
        return disturbances.reduce<() => Promise<unknown>>(
          (inner, { onStep }) => (onStep ? () => onStep(event, inner) : inner),
          pass,
        )();
      },
      async getObject(_, key) {
        const text = await readFile(join(world.folder, 's3/data', key), 'utf8');
        const items = disturbances.reduce(
          (list, { onList }) => onList?.(list) ?? list,
          JSON.parse(text) as unknown[],
        );
        return JSON.stringify(items);
      },
    },
  );
}

/** Makes the state before, and undisturbed runs of each schedule after it, twice as a disturbed one is. */
export async function baseline(
  wanted: readonly Schedule[] = schedules,
  make: MakeWorld = faultWorld,
): Promise<Baseline> {
  const world = await make();
  const earlier: StepEvent[] = [];
  world.clock = Date.parse('2025-08-12T06:00:00Z');
  await deliver(world, company, '2025-08-12');
  const first = await runOnce(world, 'daily', '2025-08-12T06:00:00Z', {
    name: 'first',
    onEvent: (event) => event.step !== 'plan' && earlier.push(event),
  });
  if (first.status !== 'SUCCEEDED')
    throw new Error(`the run before did not succeed: ${JSON.stringify(first)}`);
  await world.close();
  const expected = new Map<Schedule, { state: State; measured: Measured }>();
  for (const schedule of wanted) {
    const undisturbed = await prepared(make, world.folder);
    let [calls, writes, steps] = [0, 0, 0];
    undisturbed.fault = (call) => {
      calls += 1;
      if (isWrite(call)) writes += 1;
      return undefined;
    };
    const ends = [
      await runOnce(undisturbed, schedule, scheduledAt, { name: 'a', onEvent: () => (steps += 1) }),
    ];
    const measured = { calls, writes, steps };
    // Once more than it takes to seal a month: a repeat changes nothing.
    for (const name of ['b', 'c']) {
      undisturbed.clock += 10 * minute;
      ends.push(await runOnce(undisturbed, schedule, scheduledAt, { name }));
    }
    if (ends.some(({ status }) => status !== 'SUCCEEDED'))
      throw new Error(JSON.stringify([ends, undisturbed.published.map((p) => p.alert.long)], null, 1));
    expected.set(schedule, { state: await stateOf(undisturbed), measured });
    await undisturbed.close();
    await removeWorld(undisturbed);
  }
  return { make, folder: world.folder, earlier, expected, remove: () => removeWorld(world) };
}

async function prepared(make: MakeWorld, folder: string, patience?: number): Promise<FaultWorld> {
  const world = await make(folder, patience);
  world.clock = Date.parse(scheduledAt);
  await deliver(world, changed, '2025-08-20');
  return world;
}

/** Disturbs one run and runs it again, as the Scheduler or a person does, until it succeeds. */
export async function trial(plan: TrialPlan, from: Baseline): Promise<Trial> {
  const { seed, schedule, faults } = plan;
  const random = seededRandom(seed);
  const { state, measured } = from.expected.get(schedule)!;
  const isThere = (kind: FaultKind) => faults.some((fault) => fault.kind === kind);
  const world = await prepared(from.make, from.folder, isThere('no answer') ? patience : undefined);
  try {
    const disturbances = faults.map(({ kind, at }) =>
      disturbance(kind, at, random, measured, world, from.earlier),
    );
    world.fault = (call, caller) => {
      for (const { onCall } of disturbances) {
        const fault = onCall?.(call, caller);
        if (fault !== undefined) return fault;
      }
      return undefined;
    };
    world.skew = (step) => disturbances.reduce((sum, { skew }) => sum + (skew?.(step) ?? 0), 0);
    if (isThere('poison file among others')) await world.put(poison, 'no header of ours\n1\n');
    let isIncomplete = false;
    const onFailedItem = () => {
      isIncomplete = true;
    };
    const first = runOnce(world, schedule, scheduledAt, {
      name: 'execution-1',
      disturbances,
      onFailedItem,
    });
    if (isThere('two executions at once'))
      await runOnce(world, schedule, scheduledAt, { name: 'execution-1b', wait: () => first, onFailedItem });
    const outcome = await first;
    world.fault = undefined;
    world.skew = () => 0;
    rmSync(join(world.folder, 's3/data', poison), { force: true });
    let executions = 1;
    let last: Outcome | undefined;
    // Twice in a row, because the first of them may seal a month and the next one judge it as sealed.
    for (let succeeded = 0; succeeded < 2; succeeded = last.status === 'SUCCEEDED' ? succeeded + 1 : 0) {
      if (executions === mostExecutions) throw new Error(`it never succeeded again: ${JSON.stringify(last)}`);
      executions += 1;
      // The lease of a run that was killed expires after three hours.
      const isHeld = last?.status === 'FAILED' && last.error === 'LeaseHeldError';
      world.clock += (isHeld ? 3 * 60 : 10) * minute;
      last = await runOnce(world, schedule, scheduledAt, { name: `execution-${executions}` });
    }
    const found = await stateOf(world);
    const strictly = differences(state, found);
    const isSettled = strictly.length > 0 && isIncomplete;
    const broken = await brokenLinks(world);
    return {
      ...plan,
      injected: disturbances.reduce((sum, { count }) => sum + count(), 0),
      ended: outcome.status === 'FAILED' ? outcome.error : outcome.status,
      executions,
      isSettled,
      differences: [...(isSettled ? differences(settled(state), settled(found)) : strictly), ...broken],
    };
  } finally {
    await world.close();
    await removeWorld(world);
  }
}

/** Trials drawn from a seed: each kind alone in turn, every third one with others beside it. */
export function* trialPlans(count: number, seed: number): Generator<TrialPlan> {
  const random = seededRandom(seed);
  for (let i = 0; i < count; i += 1) {
    const kinds = new Set<FaultKind>([faultKinds[i % faultKinds.length]!]);
    if (i % 3 === 2)
      for (let k = 0; k < 2; k += 1) kinds.add(faultKinds[Math.floor(random() * faultKinds.length)]!);
    yield {
      seed: seed * 100_000 + i,
      // The weekly one takes longest: it judges the canaries.
      schedule: i % 10 === 9 ? 'weekly' : i % 2 === 0 ? 'monthly' : 'daily',
      faults: [...kinds].map((kind) => ({ kind, at: random() })),
    };
  }
}
