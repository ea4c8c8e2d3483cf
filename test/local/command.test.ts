import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { filesOf, judgedOn, madeCompany, overclaiming, withGap } from './made-company.ts';
import { ended, fresh, started, told, type Workplace, workplace } from './workplace.ts';

const company = madeCompany();
let quiet: Workplace;
beforeAll(async () => {
  quiet = await workplace(filesOf(company));
});

/** The command in a process of its own. */
const command = (place: Workplace, ...args: string[]) => ended(started(place.folder, args));

describe('the exit code of a run', () => {
  it('is 0 when nothing is at review and all is certified', async () => {
    const end = await quiet.run();
    expect(end.code).toBe(0);
    expect(end.out).toContain('1,262 rows read from 4 files.');
    expect(end.out).toContain('Report: out/report.html');
    expect(end.out).not.toMatch(/\d s {2}/);
    const { flags, ...document } = await quiet.flags();
    expect(document).toEqual({ schema: 'bonafide/flags/1', asOf: judgedOn, organisation: 'Made Company' });
    expect(flags.map((f) => [f.kpi, f.period, f.verdict])).toEqual([
      ['visitors', '2025-07', 'clear'],
      ['leads', '2025-07', 'clear'],
      ['sqls_delivered', '2025-07', 'clear'],
    ]);
    // A third of 1,000.00 each; the cent left over goes to the first.
    expect(flags.map((f) => f.money)).toEqual(
      [33334, 33333, 33333].map((share) => ({
        currency: 'USD',
        claimed: share,
        payable: share,
        held: 0,
        refused: 0,
      })),
    );
  });

  it('is 1 when a number is at review or above', async () => {
    const place = await workplace(filesOf(overclaiming(company)));
    const end = await ended(started(place.folder, ['run', '-d', 'data', '--as-of', judgedOn, '--json']));
    expect(end.code).toBe(1);
    const flags = JSON.parse(end.out);
    expect(flags).toEqual(await place.flags());
    const { verdict, findings, money } = flags.flags[2];
    expect([verdict, findings[0].check, findings[0].proof]).toEqual(['suspect', 'claim-mismatch', true]);
    expect(money.payable + money.held + money.refused).toBe(money.claimed);
  });

  it('is 2 when nothing is at review but something cannot be certified', async () => {
    const place = await workplace(filesOf(withGap(company)));
    // Without a date it is the newest in the data: the day of the last claim.
    const end = await place.run({ json: true, asOf: undefined });
    expect(end.code).toBe(2);
    const { asOf, flags } = JSON.parse(end.out);
    expect(asOf).toBe('2025-08-04');
    expect(flags[0]).toMatchObject({ kpi: 'visitors', verdict: 'unable_to_certify' });
  });
});

describe('what a run prints', () => {
  it('with --json is nothing but JSON on stdout, and progress on stderr', async () => {
    const again = await quiet.run({ json: true });
    expect(JSON.parse(again.out)).toEqual(await quiet.flags());
    for (const line of again.err.split('\n')) expect(line).toMatch(/^( *\d+\.\d s {2}.+)?$/);
  });
});

describe('a wrong argument ends 3 with one message and no stack:', () => {
  const run = ['run', '-d', 'data'];
  it.each<[string, string[], string]>([
    ['an option there is none of', [...run, '--as-off', judgedOn], "error: unknown option '--as-off'"],
    [
      'a date that does not exist',
      [...run, '--as-of', '2025-02-30'],
      '--as-of: expected an existing date YYYY-MM-DD, got "2025-02-30"',
    ],
  ])('%s', async (_name, args, message) => {
    const end = await command(quiet, ...args);
    expect(end.err.split('\n')[0]).toContain(message);
    expect(end.err).not.toMatch(/^ {4}at /m);
    expect([end.code, end.out]).toEqual([3, '']);
  });

  it.each<[string, Parameters<Workplace['run']>[0], string]>([
    ['a configuration that is not there', { config: 'other.yaml' }, 'there is no configuration '],
    [
      'a folder for a configuration',
      { config: 'data' },
      'data is a folder; -c names the configuration file in it',
    ],
    ['a data folder that is not there', { data: 'nowhere' }, 'there is no data folder nowhere; -d names it'],
    [
      'a file for a folder',
      { data: 'bonafide.yaml' },
      'bonafide.yaml is a file; -d names the folder it lies in',
    ],
    [
      'a folder without a file of any source',
      { data: 'out' },
      'out holds no file of any configured source; expected names such as traffic.csv, leads.csv, sqls.csv, claims.csv',
    ],
  ])('%s', async (_name, options, message) => {
    const end = await quiet.run(options);
    expect(end.err).toContain(message);
    expect(end.err.trim().split('\n')).toHaveLength(1);
    expect([end.code, end.out]).toEqual([3, '']);
  });

  it('a command on what no run has left', async () => {
    const place = await workplace({});
    const { report } = await fresh(() => import('../../lib/local/report-command.ts'));
    const end = await told(place.folder, (stage) => report({ out: 'out' }, stage));
    expect(end.err).toContain('no run has left anything in this folder');
    expect(end.code).toBe(3);
  });
});

describe('what a run left', () => {
  it('is explained flag by flag, and a flag there is none of is told with ones there are', async () => {
    const { explain } = await fresh(() => import('../../lib/local/explain-command.ts'));
    const known = await told(quiet.folder, (stage) => explain('director/leads/2025-07', {}, stage));
    expect(known.code).toBe(0);
    expect(known.out).toContain('claim-mismatch');
    const other = await told(quiet.folder, (stage) => explain('director/leads/2024-07', {}, stage));
    expect(other.err).toContain(
      'there is no judgement director/leads/2024-07; there are for example director/leads/2025-07',
    );
    expect(other.code).toBe(3);
  });

  it('is sealed by close once, and not before it is ripe', async () => {
    const { closePeriod } = await fresh(() => import('../../lib/local/close-command.ts'));
    const close = (period: string) =>
      told(quiet.folder, (stage) => closePeriod(period, { out: 'out' }, stage));
    const first = await close('2025-07');
    expect(first.out).toMatch(/^2025-07 is sealed: sha256:/);
    expect((await close('2025-07')).out).toMatch(/^2025-07 was sealed before: sha256:/);
    expect(await close('2025-08')).toMatchObject({ code: 3, err: 'nothing was judged in 2025-08\n' });
    const after = await quiet.run();
    expect(after.code).toBe(0);
  });

  it('is reported again into another folder, byte for byte', async () => {
    const { report } = await fresh(() => import('../../lib/local/report-command.ts'));
    const end = await told(quiet.folder, (stage) => report({ out: 'copy' }, stage));
    expect(end.out).toBe(`Report as of ${judgedOn}: copy/report.html\n`);
    for (const name of ['report.html', 'report.json', 'findings.csv'])
      expect(await quiet.read(`copy/${name}`), name).toBe(await quiet.read(`out/${name}`));
  });

  it('is verified, and the first broken link is named', async () => {
    const { verify } = await import('../../lib/local/verify-command.ts');
    const verified = () => told(quiet.folder, (stage) => verify(undefined, {}, stage));
    expect(await verified()).toMatchObject({ code: 0 });
    const entry = '.bonafide/s3/evidence/ledger/flags/00000001.json';
    await quiet.write({ [entry]: (await quiet.read(entry)).replace('"clear"', '"watch"') });
    const end = await verified();
    expect(end.code).toBe(3);
    expect(end.err).toContain(
      'first broken link: ledger/flags/00000001.json was changed after it was written',
    );
  });
});

describe('init', () => {
  it('writes a configuration and data that validate, and never overwrites', async () => {
    const place = await workplace({});
    const { init } = await import('../../lib/local/init-command.ts');
    const { validate } = await import('../../lib/local/validate-command.ts');
    expect((await told(place.folder, (stage) => init('new', stage))).code).toBe(0);
    const folder = join(place.folder, 'new');
    const end = await told(folder, (stage) => validate({ config: 'bonafide.yaml', data: 'data' }, stage));
    expect(end).toMatchObject({ code: 0, err: '' });
    const before = await readFile(join(folder, 'bonafide.yaml'), 'utf8');
    const again = await told(place.folder, (stage) => init('new', stage));
    expect([again.code, again.err]).toEqual([3, 'new/bonafide.yaml exists already; nothing was written\n']);
    expect(await readFile(join(folder, 'bonafide.yaml'), 'utf8')).toBe(before);
  });
});
