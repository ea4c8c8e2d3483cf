import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { backtest } from '../../lib/local/backtest-command.ts';
import { csvOf, filesOf, judgedOn, type Line, madeCompany, overclaiming } from './made-company.ts';
import { type Ended, told, type Workplace, workplace } from './workplace.ts';

const company = overclaiming(madeCompany());
/** The same key of hashes in every state folder, as in one that is copied. */
const hashKey = { '.bonafide/hash-key': 'a'.repeat(64) };

let whole: Workplace;
let first: Ended;
beforeAll(async () => {
  whole = await workplace(filesOf(company));
  await whole.write(hashKey);
  first = await whole.run();
});

/** A workplace with other files of the same company. */
async function other(files: Readonly<Record<string, string | Uint8Array>>): Promise<Workplace> {
  const place = await workplace(files);
  await place.write(hashKey);
  return place;
}

const reversed = (lines: readonly Line[]) => [...lines].reverse();

describe('a run on the same data', () => {
  it('changes nothing the second time and says so', async () => {
    const [flags, manifest] = [await whole.read('out/flags.json'), await whole.manifest(first)];
    const alerts = await readdir(join(whole.folder, 'out/alerts'));
    const ledger = await readdir(join(whole.folder, '.bonafide/s3/evidence/ledger/flags'));
    const again = await whole.run();
    expect(again.out).toContain('No new files.');
    expect(again.out).toContain('Nothing changed since the last run.');
    expect(again.code).toBe(first.code);
    expect(await whole.read('out/flags.json')).toBe(flags);
    expect(await whole.manifest(again)).toEqual(manifest);
    expect(await readdir(join(whole.folder, 'out/alerts'))).toEqual(alerts);
    expect(await readdir(join(whole.folder, '.bonafide/s3/evidence/ledger/flags'))).toEqual(ledger);
  });

  it('gives the same flags and the same manifest from split, overlapping and reordered files', async () => {
    const { traffic, leads, sqls, claims } = company;
    const place = await other({
      'traffic-1.csv': csvOf(reversed(traffic.slice(200)), ';'),
      'traffic-2.csv.gz': gzipSync(csvOf(traffic.slice(0, 260))),
      'traffic-3.csv': csvOf(reversed(traffic.slice(100, 300)), '\t'),
      'leads-a.jsonl': leads
        .slice(150)
        .map((l) => `${JSON.stringify(l)}\n`)
        .join(''),
      'leads-b.csv': csvOf(reversed(leads.slice(0, 200))),
      'sqls.csv': csvOf(reversed(sqls)),
      'claims-new.csv': `\uFEFF${csvOf(claims.slice(9))}`,
      'claims-old.csv': csvOf(claims.slice(0, 12)).replaceAll('\n', '\r\n'),
    });
    const end = await place.run();
    expect(end.err).not.toContain('line');
    expect(await place.read('out/flags.json')).toBe(await whole.read('out/flags.json'));
    expect(await place.manifest(end)).toEqual(await whole.manifest(first));

    // The whole again beside them, under other names: nothing is counted twice.
    await place.write({ 'data/traffic-all.csv': csvOf(traffic), 'data/leads-all.csv': csvOf(leads) });
    const again = await place.run();
    expect(again.out).toContain('Nothing changed since the last run.');
    expect(await place.manifest(again)).toEqual(await whole.manifest(first));
  });

  it('ends in the same state after half of a batch and then the whole', async () => {
    const { traffic, leads, sqls, claims } = company;
    const place = await other({
      'traffic.csv': csvOf(traffic.slice(0, 300)),
      'leads.csv': csvOf(leads.slice(0, 220)),
      'sqls.csv': csvOf(sqls.slice(0, 70)),
      'claims.csv': csvOf(claims.slice(0, 10)),
    });
    const half = await place.run({ asOf: '2025-06-20' });
    expect(half.err).not.toContain('line');
    await place.write(Object.fromEntries(Object.entries(filesOf(company)).map(([n, t]) => [`data/${n}`, t])));
    const end = await place.run();
    expect(await place.read('out/flags.json')).toBe(await whole.read('out/flags.json'));
    expect((await place.manifest(end)).inputs).toEqual((await whole.manifest(first)).inputs);
  });
});

describe('backtest and run', () => {
  it('write the same flags', async () => {
    const options = { config: 'bonafide.yaml', data: 'data', out: 'replayed', asOf: judgedOn };
    const end = await told(whole.folder, (stage) => backtest(options, stage));
    expect(end.code).toBe(first.code);
    const flags = (name: string) => whole.read(name).then((text) => JSON.parse(text));
    const run = await flags('out/flags.json');
    const replayed = await flags('replayed/flags.json');
    const plain = (document: typeof run) => ({
      ...document,
      flags: document.flags.map((f: { findings: object[] }) => ({
        ...f,
        findings: f.findings.map((x) => ({ ...x, evidence: null })),
      })),
    });
    expect(plain(replayed)).toEqual(plain(run));
  });
});
