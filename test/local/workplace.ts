import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';
import { objectKey } from '../../lib/evidence/objects.ts';
import { errorText } from '../../lib/local/error-text.ts';
import type { Manifest } from '../../lib/pipeline/manifest.ts';
import type { FlagsDocument } from '../../lib/reports/flags-json.ts';
import { configText, judgedOn } from './made-company.ts';

/** What a command printed and how it ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder a user works in: `bonafide.yaml`, `data/`, and what commands leave. */
export interface Workplace {
  readonly folder: string;
  /** Writes files below the folder. */
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
  read(name: string): Promise<string>;
  /** `bonafide run` in this process, on `data/`, judged on the made company's date. */
  run(options?: RunOptions): Promise<Ended>;
  flags(): Promise<FlagsDocument>;
  /** The manifest a run told of, with its digest. */
  manifest(end: Ended): Promise<Manifest & { readonly digest: string }>;
}

interface RunOptions {
  readonly asOf?: string;
  readonly json?: boolean;
  readonly data?: string;
  readonly config?: string;
}

// A test here is several whole runs, each of seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A new workplace, gone after the tests of the file, with a configuration and data files. */
export async function workplace(
  data: Readonly<Record<string, string | Uint8Array>>,
  config = configText,
): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'bonafide-'));
  folders.push(folder);
  const write = async (files: Readonly<Record<string, string | Uint8Array>>) => {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(join(folder, name, '..'), { recursive: true });
      await writeFile(join(folder, name), content);
    }
  };
  await write({ 'bonafide.yaml': config });
  await mkdir(join(folder, 'data'));
  await write(Object.fromEntries(Object.entries(data).map(([name, text]) => [`data/${name}`, text])));
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  return {
    folder,
    write,
    read,
    run: async (options = {}) => {
      const { run } = await fresh(() => import('../../lib/local/run-command.ts'));
      return told(folder, (stage) =>
        run({ config: 'bonafide.yaml', data: 'data', out: 'out', asOf: judgedOn, ...options }, stage),
      );
    },
    flags: async () => JSON.parse(await read('out/flags.json')),
    manifest: async ({ out }) => {
      const digest = /Evidence (sha256:[0-9a-f]{64})/.exec(out)![1]!;
      return { ...JSON.parse(await read(join('.bonafide/s3/evidence', objectKey(digest)))), digest };
    },
  };
}

/** Loads a module with everything it imports anew: the handlers keep what they connected to, as on AWS. */
export async function fresh<T>(load: () => Promise<T>): Promise<T> {
  vi.resetModules();
  return load();
}

type StageOf = Parameters<typeof import('../../lib/local/run-command.ts')['run']>[1];

/** Runs a command in this process and gathers what it tells; an error ends it as in `bin/bonafide.ts`. */
export async function told(cwd: string, command: (stage: StageOf) => Promise<number>): Promise<Ended> {
  let out = '';
  let err = '';
  const stage: StageOf = {
    cwd,
    now: () => new Date(),
    out: (text) => {
      out += `${text}\n`;
    },
    err: (text) => {
      err += `${text}\n`;
    },
    isTerminal: false,
    env: process.env,
  };
  try {
    return { code: await command(stage), out, err };
  } catch (error) {
    return { code: 3, out, err: `${err}${errorText(error, cwd)}\n` };
  }
}

const launcher = join(import.meta.dirname, '../../bin/bonafide.js');

/** Starts the command in a process of its own, below limits of the shell such as `ulimit -f 8`. */
export function started(cwd: string, args: readonly string[], limits = ':'): ChildProcess {
  const command = [limits, 'exec "$@"'].join(' && ');
  return spawn('sh', ['-c', command, 'sh', process.execPath, launcher, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits for a process to end and gathers what it printed; code null is a kill, told as -1. */
export async function ended(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (part) => {
    out += part;
  });
  child.stderr?.on('data', (part) => {
    err += part;
  });
  const [code] = await once(child, 'close');
  return { code: (code as number | null) ?? -1, out, err };
}
