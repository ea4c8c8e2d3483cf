/**
 * Rehearses what `cdk synth` made of the example: its bundles on Node 24, its state machine, its schedules and its
 * policies, against the embedded servers. Prints what it found; exits 1 when anything is not as promised.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { flagsFile } from '../../lib/local/summary.ts';
import { documentOf } from '../../lib/pipeline/find-assessment.ts';
import { filesOf } from '../../lib/sources/drop.ts';
import { dynamoFlags } from '../../lib/store/flags-store.ts';
import { type Deployed, deploy, hashKey, outside } from './deployed.ts';
import { evidenceFaults } from './evidence.ts';
import { exampleFolder, readExample } from './example.ts';
import { node24 } from './function-process.ts';
import { permissionFaults, silentRemovals, textOf } from './permissions.ts';
import type { Outcome } from './state-machine.ts';
import { prepareNode24, root, run, synthesizeTo } from './synthesize.ts';
import { readTemplate, region, type Template } from './template.ts';

const failures: string[] = [];
const expectThat = (isTrue: boolean, what: string) => {
  if (!isTrue) failures.push(what);
  return isTrue ? 'yes' : 'NO';
};
const say = (text: string) => process.stdout.write(`${text}\n`);
const table = (rows: readonly (readonly unknown[])[]) => {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => String(row[i] ?? '').length)));
  for (const row of rows)
    say(
      `  ${row
        .map((cell, i) => String(cell ?? '').padEnd(widths[i]!))
        .join('  ')
        .trimEnd()}`,
    );
};

const started = performance.now();
const temporary = mkdtempSync(join(tmpdir(), 'bonafide-rehearse-'));
try {
  prepareNode24();
  const folder = join(temporary, 'cdk.out');
  synthesizeTo(folder);
  const template = readTemplate(folder);
  say(`\nNode ${version(node24)} runs the functions, Node ${process.version} the servers.\n`);
  const deployed = await deploy(template);
  try {
    await runs(deployed, template);
    bundles(deployed, template);
    permissions(deployed);
    await evidence(template);
  } finally {
    await deployed.close();
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
say(`\n${Math.round((performance.now() - started) / 1000)} s`);
if (failures.length > 0) {
  say(`\n${failures.length} not as promised:`);
  for (const failure of failures) say(`  ${failure}`);
  process.exit(1);
}
say('Everything is as promised.');

function version(node: string): string {
  return spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
}

async function runs(deployed: Deployed, template: Template): Promise<void> {
  const { config } = readExample();
  const data = template.physical(
    template.ofType('AWS::S3::Bucket').find(({ id }) => id.includes('Data'))!.id,
  );
  const { matched } = await filesOf(exampleFolder, config);
  for (const { id, dataset } of config.sources)
    for (const { name, read } of matched.get(id) ?? [])
      await deployed.put(data, `landing/${id}/${dataset}/dt=2026-09-20/${name}`, await read());

  const rows: unknown[][] = [['execution', 'ended', 'as expected', 'flags as `bonafide run`', 'seconds']];
  const flagsTable = template.ofType('AWS::DynamoDB::Table').find(({ id }) => id.includes('Flags'))!.id;
  const documents = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      region,
      endpoint: deployed.endpoints.dynamodb,
      credentials: { accessKeyId: outside, secretAccessKey: 'none' },
    }),
  );
  const flags = async (asOf: string) =>
    flagsFile(
      (await dynamoFlags(documents, flagsTable).listAssessments()).map(documentOf),
      config.organisation,
      asOf,
    ).text;
  const told = ({ status, ...rest }: Outcome) =>
    status === 'FAILED' ? `FAILED ${(rest as { error: string }).error}` : status;

  async function rehearse(
    name: string,
    expected: string,
    execution: () => Promise<Outcome>,
    asOf?: string,
  ): Promise<void> {
    const before = performance.now();
    const outcome = await execution();
    deployed.fault = undefined;
    const seconds = ((performance.now() - before) / 1000).toFixed(1);
    const ended = told(outcome);
    const isExpected = expectThat(
      ended === expected,
      `${name} ended ${ended}, not ${expected}: ${JSON.stringify(outcome).slice(0, 600)}`,
    );
    const same = asOf
      ? expectThat(
          (await flags(asOf)) === localFlags(asOf),
          `the flags after ${name} differ from "bonafide run"`,
        )
      : '';
    rows.push([name, ended, isExpected, same, seconds]);
  }
  const refuse = (action: string, part: string) => {
    deployed.fault = (call) =>
      call.action === action && call.resources.some((resource) => resource.includes(part))
        ? { status: 400, code: 'ValidationException' }
        : undefined;
  };

  await rehearse('daily', 'SUCCEEDED', () => deployed.run('daily', '2026-09-20T03:00:00Z'), '2026-09-20');
  // The same rows once more under other names: there is something to compare with, and nothing changes.
  for (const [source, dataset] of [
    ['web', 'traffic'],
    ['crm', 'leads'],
  ] as const) {
    const again = readFileSync(join(exampleFolder, `${dataset}.csv`));
    await deployed.put(data, `landing/${source}/${dataset}/dt=2026-09-21/${dataset}-again.csv`, again);
  }
  await rehearse('weekly', 'SUCCEEDED', () => deployed.run('weekly', '2026-09-21T05:00:00Z'), '2026-09-21');
  await rehearse('monthly', 'SUCCEEDED', () => deployed.run('monthly', '2026-10-01T06:00:00Z'), '2026-10-01');
  const claims = readFileSync(join(exampleFolder, 'claims.csv'), 'utf8');
  await deployed.put(data, 'landing/claims/claims/dt=2026-10-02/claims.csv', `${claims}not a month\n`);
  await rehearse('daily, fired twice', 'SUCCEEDED', () => twice(deployed));
  const poison = 'landing/crm/leads/dt=2026-10-03/leads.csv';
  await deployed.put(data, poison, 'lead_id;nothing\n1;2\n');
  const poisoned = () => deployed.run('daily', '2026-10-03T03:00:00Z');
  await rehearse('daily with a file that is refused', 'FAILED IncompleteRun', poisoned);
  await deployed.delete(data, poison);
  refuse('PutObject', '/runs/daily-20261004');
  const unplanned = () => deployed.run('daily', '2026-10-04T03:00:00Z');
  await rehearse('daily whose plan fails', 'FAILED ValidationException', unplanned);
  refuse('PutObject', '/runs/daily-20261005T030000Z/summary.json');
  const unflagged = () => deployed.run('daily', '2026-10-05T03:00:00Z');
  await rehearse('daily whose flag step fails', 'FAILED ValidationException', unflagged);
  refuse('PutObject', '/judgements/');
  const unjudged = () => deployed.run('daily', '2026-10-05T04:00:00Z');
  await rehearse('daily whose cross-check fails', 'FAILED IncompleteRun', unjudged);
  await rehearse('daily after all that', 'SUCCEEDED', () => deployed.run('daily', '2026-10-06T03:00:00Z'));
  say('Executions of the definition in the template, started as its schedules do');
  table(rows);

  await decisions(deployed);
  const missed = deployed.states.filter((state) => !deployed.visited.has(state));
  expectThat(missed.length === 0, `never entered: ${missed.join(', ')}`);
  say(`  ${deployed.visited.size} of ${deployed.states.length} states entered\n`);
}

/** Replies of every side, a proposal and its approval, at the addresses of the sides' functions. */
async function decisions(deployed: Deployed): Promise<void> {
  const flag = 'marketing-director/sqls_delivered/2026-08';
  const attachments = [{ name: 'list.csv', base64: Buffer.from('sql_id\n').toString('base64') }];
  const confirm = {
    act: 'propose',
    flag,
    kind: 'confirmed',
    reason: 'not_accepted',
    comment: 'not accepted',
  };
  const acts: readonly (readonly [string, string, object])[] = [
    ['marketing', 'mia', { act: 'reply', flag, text: 'see the list', attachments }],
    ['sales', 'sam', { act: 'reply', flag, text: 'see the list', attachments }],
    ['finance', 'fay', { act: 'reply', flag, text: 'see the list', attachments }],
    ['marketing', 'mia', { act: 'reply', flag, text: 'noted' }],
    ['finance', 'fay', confirm],
    ['finance', 'fin', { act: 'approve', flag }],
  ];
  for (const [party, person, act] of acts) {
    const { statusCode, body } = await deployed
      .act(party, person, act)
      .catch((error: Error) => ({ statusCode: 500, body: error.message }));
    const what = `${person} of ${party}: ${JSON.stringify(act)} was answered ${statusCode} ${body}`;
    expectThat(statusCode === 200, what);
  }
  say(`  ${acts.length} acts of people at the addresses of the three sides`);
}

/** The Scheduler delivers at least once: the second execution waits for the first one's lease. */
async function twice(deployed: Deployed): Promise<Outcome> {
  let waits = 0;
  const first = deployed.run('daily', '2026-10-02T03:00:00Z', {
    // Slow enough for the other to meet the lease.
    invoke: async (step, pass) => {
      const answer = await pass();
      while (step === 'plan' && waits === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      return answer;
    },
  });
  const second = deployed.run('daily', '2026-10-02T03:00:00Z', {
    wait: async () => {
      waits += 1;
      await first;
    },
  });
  const outcomes = [await first, await second];
  expectThat(waits === 1, `the second execution waited ${waits} times for the lease`);
  return outcomes.find(({ status }) => status === 'FAILED') ?? outcomes[0]!;
}

/** `flags.json` of the command on the same files, run one after the other in one folder. */
function localFlags(asOf: string): string {
  const folder = join(temporary, 'local');
  if (!existsSync(folder)) {
    mkdirSync(join(folder, '.bonafide'), { recursive: true });
    writeFileSync(join(folder, '.bonafide/hash-key'), hashKey);
  }
  const args = ['run', '-c', join(exampleFolder, 'bonafide.yaml'), '-d', exampleFolder, '--as-of', asOf];
  run(process.execPath, [join(root, 'bin/bonafide.js'), ...args], folder, [0, 1, 2]);
  return readFileSync(join(folder, 'out/flags.json'), 'utf8');
}

function bundles(deployed: Deployed, template: Template): void {
  const rows: unknown[][] = [['function', 'bundle', 'KB', 'zipped', 'import, ms']];
  for (const { id, Metadata } of template.ofType('AWS::Lambda::Function')) {
    const name = /^Pipeline(\w+)Function/.exec(id)?.[1];
    if (!name) continue;
    const folder = join(template.folder, String(Metadata!['aws:asset:path']));
    const files = readdirSync(folder);
    const bytes = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
    const cold = deployed.functions.get(name)!.coldMilliseconds;
    const zipped = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0);
    expectThat(zipped <= 850_000, `${name} is deployed with ${zipped} bytes`);
    const kilo = (size: number) => Math.round(size / 1000);
    rows.push([name, `${files.length} files`, kilo(bytes), kilo(zipped), Math.round(cold[0] ?? Number.NaN)]);
  }
  say('Bundles, copied out of the tree (KB; the import includes reading the configuration)');
  table(rows);
  say('');
}

function permissions(deployed: Deployed): void {
  const faults = permissionFaults(deployed.roles, deployed.calls);
  const { removed, silent } = silentRemovals(deployed.roles, deployed.calls);
  failures.push(...silent.map((text) => `removing it is not noticed: ${text}`));
  for (const { kind, text } of faults) failures.push(`${kind}: ${text}`);
  for (const call of deployed.refused) failures.push(`refused: ${textOf(call)}`);
  const statements = [...deployed.roles.values()].reduce((sum, own) => sum + own.length, 0);
  const count = (kind: string) => faults.filter((fault) => fault.kind === kind).length;
  say('Permissions');
  table([
    ['different calls held against the policies', deployed.calls.length],
    ['roles, statements', `${deployed.roles.size}, ${statements}`],
    ['calls outside the policies', count('outside policy')],
    ['permissions nobody used, without a reason', count('never used') + count('reason out of date')],
    ['statements that could be removed', count('not needed')],
    ['statements removed, one at a time; noticed each time', `${removed}; ${removed - silent.length}`],
  ]);
  say('');
}

async function evidence(template: Template): Promise<void> {
  const { faults, attempts } = await evidenceFaults(template);
  failures.push(...faults);
  say('Evidence');
  table([
    ['attempts to overwrite or delete, all refused', attempts],
    ['denies whose removal lets one through', `${faults.length === 0 ? 'each' : 'NOT each'}`],
  ]);
}
