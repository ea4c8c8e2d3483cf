import { existsSync, readdirSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../lib/local/verify-command.ts';
import { seededRandom } from '../fixtures/random.ts';
import { filesOf, judgedOn, madeCompany, overclaiming } from './made-company.ts';
import { type Ended, ended, started, told, type Workplace, workplace } from './workplace.ts';

const files = filesOf(overclaiming(madeCompany()));
const args = ['run', '-d', 'data', '--as-of', judgedOn];

let undisturbed: Workplace;
let end: Ended;
beforeAll(async () => {
  undisturbed = await keyed();
  end = await undisturbed.run();
});

/** A workplace whose hashes are made with the same key as everywhere here. */
async function keyed(): Promise<Workplace> {
  const place = await workplace(files);
  await place.write({ '.bonafide/hash-key': 'b'.repeat(64) });
  return place;
}

/** Every file below a folder, in any order; also while it is written to. */
function below(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}

/** Starts a run and kills it as soon as something has come about; false when it ended first. */
async function killedWhen(place: Workplace, isReached: () => boolean): Promise<boolean> {
  const child = started(place.folder, args);
  const end = ended(child);
  while (child.exitCode === null && !isReached()) await pause(1);
  child.kill('SIGKILL');
  return (await end).code === -1;
}

/** What a run that went on after kills must come to: what an undisturbed one does. */
async function expectConverged(place: Workplace): Promise<void> {
  const last = await place.run();
  expect(last.err).not.toMatch(/Error|lease/);
  expect(last.code).toBe(end.code);
  expect(await place.read('out/flags.json')).toBe(await undisturbed.read('out/flags.json'));
  expect(await place.manifest(last)).toEqual(await undisturbed.manifest(end));
  const alerts = (of: Workplace) => readdir(join(of.folder, 'out/alerts')).then((names) => names.sort());
  expect(await alerts(place)).toEqual(await alerts(undisturbed));
  const verified = await told(place.folder, (stage) => verify(undefined, {}, stage));
  expect(verified).toMatchObject({ code: 0, out: expect.stringContaining('everything holds') });
}

describe('a run killed in the middle of a step', () => {
  it('and again in the next one, and so on, ends like an undisturbed one when it is run once more', async () => {
    const place = await keyed();
    const s3 = join(place.folder, '.bonafide/s3');
    const has = (path: string, pattern = /./) => below(join(s3, path)).some((name) => pattern.test(name));
    const steps: [string, () => boolean][] = [
      ['land', () => has('data/landing', /leads\.csv$/)],
      ['ingest counts', () => has('data/extents', /^web/)],
      ['ingest records', () => has('data/records/leads/crm')],
      ['cross-check', () => has('evidence/objects')],
      ['flag', () => has('evidence/ledger/flags')],
      ['alert', () => below(join(place.folder, 'out/alerts')).some((name) => name.includes('@'))],
      ['report', () => has('reports')],
    ];
    const killed: string[] = [];
    for (const [step, isReached] of steps) if (await killedWhen(place, isReached)) killed.push(step);
    expect(killed).toEqual(steps.map(([step]) => step));
    await expectConverged(place);
  });

  it('wherever it is, ends like an undisturbed one when it is run once more', async () => {
    const place = await keyed();
    const random = seededRandom(11);
    const count = () => below(join(place.folder, '.bonafide/s3')).length;
    let kills = 0;
    for (let most = 0; kills < 3; kills += 1) {
      most = count() + 3 + Math.floor(random() * 25);
      if (!(await killedWhen(place, () => count() >= most))) break;
    }
    expect(kills).toBe(3);
    await expectConverged(place);
  });
});

describe('two runs on one state folder', () => {
  it('do not meet: the second ends 3 with a message, the first goes on', async () => {
    const place = await keyed();
    const first = started(place.folder, args);
    const firstEnd = ended(first);
    while (!existsSync(join(place.folder, '.bonafide/lock'))) await pause(2);
    const second = await place.run();
    expect(second.code).toBe(3);
    expect(second.err).toContain(`another run (process ${first.pid}) is working on`);
    expect(second.out).toBe('');
    expect((await firstEnd).code).toBe(end.code);
    expect(await place.read('out/flags.json')).toBe(await undisturbed.read('out/flags.json'));
  });
});

describe('a full disk', () => {
  it('met in the tables, or in the files that land, ends a run with 3 and a message; with space again it goes on', async () => {
    const place = await keyed();
    for (const blocks of [8, 60]) {
      const { code, err, out } = await ended(started(place.folder, args, `ulimit -f ${blocks}`));
      expect(err).toContain('no space is left to write to');
      expect(err).not.toMatch(/^ {4}at /m);
      expect([code, out]).toEqual([3, '']);
    }
    // It tells of itself where it can; the rest must be as after an undisturbed run.
    for (const name of await readdir(join(place.folder, 'out/alerts')))
      if (name.startsWith('run@')) await rm(join(place.folder, 'out/alerts', name));
    await expectConverged(place);
  });
});
