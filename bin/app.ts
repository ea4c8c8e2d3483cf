import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BonafideStack } from '../lib/infra/stack.ts';
import { readConfig } from '../lib/model/config-file.ts';

const app = new App();
const named: unknown = app.node.tryGetContext('config');
const configFile =
  typeof named === 'string'
    ? resolve(named)
    : fileURLToPath(new URL('../examples/marketing-director/bonafide.yaml', import.meta.url));

if (!existsSync(configFile)) refuse([`${configFile}: there is no such file`]);
const reading = readConfig(readFileSync(configFile, 'utf8'), configFile);
if ('errors' in reading) refuse(reading.errors.map(({ message }) => message));

new BonafideStack(app, 'Bonafide', { config: reading.config, configFile });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

function refuse(messages: readonly string[]): never {
  for (const message of messages) console.error(message);
  process.exit(3);
}
