import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const region = 'eu-central-1';
export const account = '111122223333';

// biome-ignore lint/suspicious/noExplicitAny: a template's properties have no common type
type Properties = any;

/** One resource of a template. */
export interface Resource {
  readonly id: string;
  readonly Type: string;
  readonly Properties: Properties;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** A synthesized template whose references can be resolved as if it had been deployed. */
export interface Template {
  /** The folder it was synthesized to, with the assets. */
  readonly folder: string;
  readonly resources: readonly Resource[];
  ofType(type: string): Resource[];
  /** A value with every reference in it replaced. @throws {RangeError} for one that nothing is known about. */
  resolve(value: unknown): Properties;
  /** What `Ref` gives. */
  physical(id: string): string;
  arn(id: string): string;
}

const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::AccountId': account,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Beginning of the ARN by type; the physical name follows. A colon at the end of a log group's ARN is AWS's own. */
const arns: Readonly<Record<string, (name: string) => string>> = {
  'AWS::S3::Bucket': (name) => `arn:aws:s3:::${name}`,
  'AWS::DynamoDB::Table': (name) => `arn:aws:dynamodb:${region}:${account}:table/${name}`,
  'AWS::SNS::Topic': (name) => `arn:aws:sns:${region}:${account}:${name}`,
  'AWS::SQS::Queue': (name) => `arn:aws:sqs:${region}:${account}:${name}`,
  'AWS::KMS::Key': (name) => `arn:aws:kms:${region}:${account}:key/${name}`,
  'AWS::Logs::LogGroup': (name) => `arn:aws:logs:${region}:${account}:log-group:${name}:*`,
  'AWS::IAM::Role': (name) => `arn:aws:iam::${account}:role/${name}`,
  'AWS::Lambda::Function': (name) => `arn:aws:lambda:${region}:${account}:function:${name}`,
  'AWS::StepFunctions::StateMachine': (name) => `arn:aws:states:${region}:${account}:stateMachine:${name}`,
  'AWS::SecretsManager::Secret': (name) => `arn:aws:secretsmanager:${region}:${account}:secret:${name}`,
};

/** Types whose `Ref` is the ARN. */
const refIsArn = ['AWS::SNS::Topic', 'AWS::StepFunctions::StateMachine', 'AWS::SecretsManager::Secret'];

/**
 * Reads `Bonafide.template.json` from a folder that `cdk synth` wrote.
 * @param names what resources are called instead of their logical id, by its beginning.
 */
export function readTemplate(folder: string, names: Readonly<Record<string, string>> = {}): Template {
  const text = readFileSync(join(folder, 'Bonafide.template.json'), 'utf8');
  const named = Object.entries(names).reduce((whole, [beginning, name]) => {
    const own = new RegExp(`"(${beginning}[0-9A-F]{8})": \\{`).exec(whole)?.[1];
    if (!own) throw new RangeError(`the template has no resource ${beginning}`);
    return whole.replaceAll(`"${own}"`, `"${name}"`);
  }, text);
  const document = JSON.parse(named) as { Resources: Record<string, Omit<Resource, 'id'>> };
  return templateOf(document.Resources, folder);
}

/** A template from its resources. */
export function templateOf(all: Readonly<Record<string, Omit<Resource, 'id'>>>, folder = ''): Template {
  const resources = Object.entries(all).map(([id, resource]) => ({ ...resource, id }));
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  const find = (id: string): Resource => {
    const found = byId.get(id);
    if (!found) throw new RangeError(`the template has no resource ${id}`);
    return found;
  };
  // S3 takes small letters only.
  const nameOf = ({ id, Type }: Resource) => (Type === 'AWS::S3::Bucket' ? id.toLowerCase() : id);

  function arn(id: string): string {
    const resource = find(id);
    const make = arns[resource.Type];
    if (!make) throw new RangeError(`the ARN of a ${resource.Type} (${id}) is not known`);
    return make(nameOf(resource));
  }
  function physical(id: string): string {
    const known = pseudo[id];
    if (known !== undefined) return known;
    const resource = find(id);
    return refIsArn.includes(resource.Type) ? arn(id) : nameOf(resource);
  }
  function attribute(id: string, name: string): string {
    if (name !== 'Arn') throw new RangeError(`the attribute ${name} of ${id} is not known`);
    return arn(id);
  }
  function substitute(text: string): string {
    return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      const [id, ...rest] = name.split('.');
      return rest.length > 0 ? attribute(id!, rest.join('.')) : physical(name);
    });
  }
  function call(name: string, argument: unknown): Properties {
    switch (name) {
      case 'Ref':
        return physical(argument as string);
      case 'Fn::GetAtt': {
        const [id, wanted] = argument as [string, string];
        return attribute(id, wanted);
      }
      case 'Fn::Join': {
        const [glue, parts] = resolve(argument) as [string, string[]];
        return parts.join(glue);
      }
      case 'Fn::Sub': {
        if (typeof argument !== 'string') throw new RangeError('Fn::Sub with variables is not known');
        return substitute(argument);
      }
      case 'Fn::Split': {
        const [glue, text] = resolve(argument) as [string, string];
        return text.split(glue);
      }
      case 'Fn::Select': {
        const [index, list] = resolve(argument) as [number, unknown[]];
        return list[Number(index)];
      }
      default:
        return null;
    }
  }
  function resolve(value: unknown): Properties {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? ['', null];
    if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
      const resolved = call(name, argument);
      if (resolved === null) throw new RangeError(`the function ${name} is not known`);
      return resolved;
    }
    return Object.fromEntries(entries.map(([key, one]) => [key, resolve(one)]));
  }
  return {
    folder,
    resources,
    ofType: (type) => resources.filter((resource) => resource.Type === type),
    resolve,
    physical,
    arn,
  };
}
