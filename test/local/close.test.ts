import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderObjects } from '../../lib/evidence/objects.ts';
import { verifyEvidence } from '../../lib/evidence/verify.ts';
import { verify } from '../../lib/local/verify-command.ts';
import { digestOf } from '../../lib/model/canonical-json.ts';
import { seededRandom } from '../fixtures/random.ts';
import { filesOf, madeCompany, overclaiming } from './made-company.ts';
import { fresh, told, type Workplace, workplace } from './workplace.ts';

let place: Workplace;
let copy: string;
const flag = 'director/sqls_delivered/2025-07';

async function close(period = '2025-07', options = {}) {
  const { closePeriod } = await fresh(() => import('../../lib/local/close-command.ts'));
  return told(place.folder, (stage) => closePeriod(period, { out: 'out', ...options }, stage));
}
async function decide(options: object) {
  const { decideFlag } = await fresh(() => import('../../lib/local/decide-command.ts'));
  return told(place.folder, (stage) => decideFlag(flag, { side: 'finance', ...options }, stage));
}

beforeAll(async () => {
  place = await workplace(filesOf(overclaiming(madeCompany())));
  expect((await place.run()).code).toBe(1);
  expect((await close('2025-07', { preview: true })).out).toContain('as it stands on 2025-08-20, not sealed');
  await place.write({ 'list.csv': 'a,b\n1,2\n' });
  await decide({ reply: 'see the list', attach: ['list.csv'], by: 'Dana', side: 'marketing' });
  await decide({ confirm: true, reason: 'data_error', comment: 'counted twice', by: 'Sam', side: 'sales' });
  await decide({ approve: true, by: 'Fay' });
  expect((await close()).out).toMatch(/^2025-07 is sealed: sha256:/);
  copy = await mkdtemp(join(tmpdir(), 'bonafide-'));
  await cp(join(place.folder, '.bonafide/s3/evidence'), copy, { recursive: true });
});
afterAll(() => rm(copy, { recursive: true, force: true }));

const told3 = (folder?: string) => told(place.folder, (stage) => verify(folder, {}, stage));

describe('a closed period', () => {
  it('leaves statements and payroll feed in OUT, which are the ones in the evidence', async () => {
    const payroll = JSON.parse(await place.read('out/payroll/2025-07/payable.json'));
    expect(payroll.lines).toMatchObject([{ state: 'sealed', claimed: 100000, held: 0 }]);
    const page = await place.read('out/statements/director/2025-07/statement.html');
    expect(page).toContain('confirmed by Sam (sales) and Fay (finance), data_error: counted twice');
    expect(page).toContain('reply of Dana (marketing): see the list [list.csv]');
    for (const name of await readdir(join(place.folder, 'out/statements/director/2025-07'))) {
      const bytes = await readFile(join(place.folder, 'out/statements/director/2025-07', name));
      const object = join(copy, 'objects', `${digestOf(bytes).slice(7)}.json`);
      expect(Buffer.compare(await readFile(object), bytes)).toBe(0);
    }
  });

  it('shows what was sealed when a preview is asked for afterwards', async () => {
    expect((await close('2025-07', { preview: true })).out).toMatch(/^2025-07 was sealed before: sha256:/);
  });

  it.each([
    ['2025-7', 'expected a period YYYY-MM or YYYY-Qn, got "2025-7"\n'],
    ['2024-01', 'nothing was judged in 2024-01\n'],
  ])('is refused as %s', async (period, err) => {
    expect(await close(period)).toEqual({ code: 3, out: '', err });
  });

  it('verifies from a downloaded copy without the store', async () => {
    const end = await told3(copy);
    expect(end).toMatchObject({ code: 0, err: '' });
    expect(end.out).toMatch(/closes ends at entry 1, sha256:[0-9a-f]{64}\n(?:.*\n)*everything holds\n$/);
    expect(end.out).not.toContain('not listed');
  });

  it('shows every one of 200 random changes of a single byte, and names the changed file first', async () => {
    const random = seededRandom(20250820);
    const source = folderObjects(copy);
    const keys = await source.list('');
    expect(keys.length).toBeGreaterThan(20);
    const contents = new Map<string, Uint8Array>();
    for (const key of keys) contents.set(key, (await source.get(key))!);
    const missed: string[] = [];
    const hit = new Set<string>();
    for (let n = 0; n < 200; n += 1) {
      const key = keys[Math.floor(random() * keys.length)]!;
      const bytes = Buffer.from(contents.get(key)!);
      const at = Math.floor(random() * bytes.length);
      bytes[at] = bytes[at]! ^ (1 + Math.floor(random() * 255));
      hit.add(key.slice(0, key.lastIndexOf('/')));
      const { broken } = await verifyEvidence({
        list: async () => keys,
        get: async (wanted) => (wanted === key ? bytes : (contents.get(wanted) ?? null)),
      });
      if (broken[0]?.key !== key) missed.push(`${key} at ${at}: ${broken[0]?.message}`);
    }
    expect(missed).toEqual([]);
    expect([...hit].sort()).toEqual([
      'ledger/closes',
      'ledger/flags',
      'ledger/policies',
      'ledger/runs',
      'objects',
    ]);
  });

  it('ends 3 naming the file when one was changed, and when the last decision was taken away', async () => {
    const entry = join(copy, 'ledger/flags/00000002.json');
    const before = await readFile(entry, 'utf8');
    await writeFile(entry, before.replace('Dana', 'Dina'));
    const changed = await told3(copy);
    expect(changed.code).toBe(3);
    expect(changed.err).toBe(
      'first broken link: ledger/flags/00000002.json was changed after it was written\n',
    );
    await writeFile(entry, before);
    const last = join(copy, 'ledger/flags/00000004.json');
    const decision = await readFile(last);
    await rm(last);
    expect((await told3(copy)).err).toMatch(
      /first broken link: ledger\/flags\/00000004\.json is not the entry that/,
    );
    await writeFile(last, decision);
    expect((await told3(copy)).code).toBe(0);
  });

  it('shows a statement beside the evidence that is not the one that was sealed', async () => {
    for (const folder of ['statements', 'reports/payroll', 'finance/reports/statements'])
      await cp(join(place.folder, 'out', folder.split('/').at(-1)!), join(copy, folder), { recursive: true });
    const sound = await told3(copy);
    expect([sound.code, sound.out.includes('not listed')]).toEqual([0, false]);
    const name = 'statements/director/2025-07/statement.csv';
    await writeFile(join(copy, name), (await readFile(join(copy, name), 'utf8')).replace('333', '933'));
    const end = await told3(copy);
    expect(end.code).toBe(3);
    expect(end.err).toBe(`first broken link: ${name} is not the file its period was sealed with\n`);
    for (const folder of ['statements', 'reports', 'finance'])
      await rm(join(copy, folder), { recursive: true });
  });

  it('reports what no entry lists', async () => {
    await writeFile(join(copy, 'note.txt'), 'x');
    const end = await told3(copy);
    expect(end).toMatchObject({
      code: 0,
      out: expect.stringContaining('not listed in the ledger: note.txt'),
    });
    await rm(join(copy, 'note.txt'));
  });

  it.each([
    ['out', 'out holds no evidence: expected a copy of the evidence bucket, with ledger/ and objects/\n'],
    ['nowhere', 'there is no folder nowhere to verify\n'],
  ])('is not found sound in the folder %s', async (folder, err) => {
    expect(await told3(folder)).toEqual({ code: 3, out: '', err });
  });
});
