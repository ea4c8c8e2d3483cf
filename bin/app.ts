import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BonafideStack } from '../lib/infra/stack.ts';
import { readConfig } from '../lib/model/config-file.ts';
import { deployedConfiguration } from '../lib/model/deployed-configuration.ts';

const app = new App();
const named: unknown = app.node.tryGetContext('config');
const configFile =
  typeof named === 'string'
    ? resolve(named)
    : fileURLToPath(new URL('../examples/marketing-director/bonafide.yaml', import.meta.url));

if (!existsSync(configFile)) refuse([`${configFile}: there is no such file`]);
const text = readFileSync(configFile, 'utf8');
const reading = readConfig(text, configFile);
if ('errors' in reading) refuse(reading.errors.map(({ message }) => message));

const configuration = await deployedConfiguration(text, reading.config, new Date().getUTCFullYear()).catch(
  (error: Error) => refuse([`${configFile}: country: ${error.message}`]),
);
const stackName: unknown = app.node.tryGetContext('stack') ?? 'Bonafide';
if (typeof stackName !== 'string' || !/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(stackName))
  refuse([`-c stack=${stackName}: expected letters, digits and "-", beginning with a letter`]);
new BonafideStack(app, stackName, { configuration });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

function refuse(messages: readonly string[]): never {
  for (const message of messages) console.error(message);
  process.exit(3);
}
