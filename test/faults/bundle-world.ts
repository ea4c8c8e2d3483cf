import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { configText } from '../local/made-company.ts';
import { deploy, outside } from '../rehearsal/deployed.ts';
import { textOf } from '../rehearsal/permissions.ts';
import { prepareNode24, synthesizeTo } from '../rehearsal/synthesize.ts';
import { readTemplate, region, type Template } from '../rehearsal/template.ts';
import type { FaultWorld, MakeWorld, Published } from './world.ts';

/** Names by which the state of a world is compared. */
const names = {
  PipelineTablesCounts: 'counts',
  PipelineTablesFlags: 'flags',
  PipelineTablesRuns: 'runs',
  PipelineDataBucket: 'data',
  PipelineEvidenceBucket: 'evidence',
  PipelineReportsBucket: 'reports',
};

/** The synthesized bundles of the made company's stack on Node 24, each a process under its own role. */
export function bundleWorlds(): { readonly make: MakeWorld; remove(): void } {
  prepareNode24();
  const folder = mkdtempSync(join(tmpdir(), 'bonafide-bundles-'));
  const config = join(folder, 'bonafide.yaml');
  writeFileSync(config, configText);
  synthesizeTo(join(folder, 'cdk.out'), ['-c', `config=${config}`]);
  const template = readTemplate(join(folder, 'cdk.out'), names);
  return {
    make: (from) => bundleWorld(template, from),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function bundleWorld(template: Template, from?: string): Promise<FaultWorld> {
  const deployed = await deploy(template, from);
  const documents = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      region,
      endpoint: deployed.endpoints.dynamodb,
      credentials: { accessKeyId: outside, secretAccessKey: 'none' },
    }),
  );
  const functionOf = (step: string) => deployed.functions.get(step.replace('-', ''))!;
  const nameOf = (role: string) => /^Pipeline(\w+)Role/.exec(role)![1]!;
  const world: FaultWorld = {
    folder: deployed.folder,
    documents,
    get published() {
      return publishedIn(deployed.alerts);
    },
    get clock() {
      return deployed.clock.getTime();
    },
    set clock(milliseconds) {
      deployed.clock = new Date(milliseconds);
    },
    skew: () => 0,
    fault: undefined,
    invoke: (step, payload) => functionOf(step).invoke(payload),
    kill: (caller) => functionOf(nameOf(caller)).kill(),
    put: (key, content) => deployed.put('data', key, content),
    async close() {
      documents.destroy();
      const refused = deployed.refused.map(textOf);
      await deployed.stop();
      if (refused.length > 0) throw new Error(`refused: ${refused.join('; ')}`);
    },
  };
  deployed.skew = (name) => world.skew(name === 'crosscheck' ? 'cross-check' : name);
  deployed.fault = (call) =>
    call.service === 's3' || call.service === 'dynamodb' ? world.fault?.(call, call.accessKeyId) : undefined;
  return world;
}

/** What was published, by id: a repeat takes the place of the message before. */
function publishedIn(folder: string): Published[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const { topic, ...alert } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      return { topic, alert };
    });
}
