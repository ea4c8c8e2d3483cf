import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Folder -> folders of ours it may import. Anything not listed is forbidden. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'lib/model': [],
  'lib/statistics': [],
  'lib/checks': ['lib/statistics', 'lib/model'],
  'lib/verdict': ['lib/model', 'lib/statistics'],
  'lib/records': ['lib/model'],
  'lib/store': ['lib/model'],
  'lib/evidence': ['lib/model'],
  'lib/sources': ['lib/model'],
  'lib/reports': ['lib/model'],
  'lib/pipeline': ['lib/model', 'lib/statistics', 'lib/checks', 'lib/verdict', 'lib/records', 'lib/reports'],
  'lib/local': [
    'lib/model',
    'lib/statistics',
    'lib/checks',
    'lib/verdict',
    'lib/records',
    'lib/reports',
    'lib/pipeline',
    'lib/store',
    'lib/evidence',
    'lib/sources',
    'functions',
  ],
  'lib/infra': ['lib/model'],
  functions: [
    'lib/model',
    'lib/statistics',
    'lib/checks',
    'lib/verdict',
    'lib/records',
    'lib/reports',
    'lib/pipeline',
    'lib/store',
    'lib/evidence',
    'lib/sources',
  ],
};

/** Folders of which only types may be imported. */
const typesOnly: Readonly<Record<string, readonly string[]>> = {
  'lib/pipeline': ['lib/store', 'lib/evidence', 'lib/sources'],
};

/** Folder -> packages it must never import. */
const neverPackages: Readonly<Record<string, readonly RegExp[]>> = {
  'lib/model': [/^@aws-/, /^aws-cdk/],
  'lib/statistics': [/^zod/, /^@aws-/, /^node:/],
  'lib/checks': [/^@aws-/, /^node:/],
  'lib/verdict': [/^@aws-/, /^node:/, /^zod/],
  'lib/records': [/^@aws-/],
  'lib/reports': [/^@aws-/, /^node:fs/],
  'lib/pipeline': [/^@aws-/, /^aws-cdk/],
};

/** Files of more than 300 lines, with the reason. */
const longer: Readonly<Record<string, string>> = {
  'lib/model/datasets.ts': 'the row contracts of all datasets, one table, with the types that derive from it',
};

function sources(folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name));
}

interface Import {
  readonly file: string;
  readonly target: string;
  readonly isType: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const pattern = /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/gm;
  return [...text.matchAll(pattern)].map((match) => {
    const target = (match[2] ?? match[3])!;
    return {
      file,
      target: target.startsWith('.') ? relative(root, resolve(root, dirname(file), target)) : target,
      isType: match[1] !== undefined,
    };
  });
}

const folderOf = (file: string) =>
  file
    .split('/')
    .slice(0, file.startsWith('lib/') ? 2 : 1)
    .join('/');
const folders = Object.keys(allowed);
const all = folders.flatMap((folder) => sources(folder)).flatMap(importsOf);

describe('the house', () => {
  it.each(folders)('%s imports only what the table allows', (folder) => {
    const wrong = all.filter(({ file, target, isType }) => {
      if (folderOf(file) !== folder || !/^(lib|functions|bin|test|bench|examples)\//.test(target))
        return false;
      const to = folderOf(target);
      if (to === folder || allowed[folder]!.includes(to)) return false;
      return !(isType && (typesOnly[folder] ?? []).includes(to));
    });
    expect(wrong).toEqual([]);
  });

  it.each(Object.keys(neverPackages))('%s stays free of packages that are not its business', (folder) => {
    const wrong = all.filter(
      ({ file, target }) =>
        folderOf(file) === folder && neverPackages[folder]!.some((pattern) => pattern.test(target)),
    );
    expect(wrong).toEqual([]);
  });

  it('judges, calibrates and reckons without ports: only the steps reach what is stored', () => {
    const pure = /^lib\/pipeline\/(judging|calibration|business)\//;
    const outside = /^lib\/(store|records|sources)\/|^lib\/pipeline\/(ports|run-objects)\.ts$/;
    expect(all.filter(({ file }) => pure.test(file)).length).toBeGreaterThan(0);
    expect(all.filter(({ file, target }) => pure.test(file) && outside.test(target))).toEqual([]);
  });

  it('imports aws-cdk-lib in lib/infra and bin/app.ts only', () => {
    const wrong = all.filter(
      ({ file, target }) =>
        /^(aws-cdk-lib|constructs|cdk-nag)/.test(target) && !file.startsWith('lib/infra/'),
    );
    expect(wrong).toEqual([]);
  });

  it('takes time, randomness and environment in bin and functions only', () => {
    const wrong = folders
      .filter((folder) => folder !== 'functions')
      .flatMap(sources)
      .filter((file) => {
        const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
        return /Date\.now\(|Math\.random\(|process\.env|new Date\(\)/.test(text);
      });
    expect(wrong).toEqual([]);
  });

  it('keeps files short enough for a head, or says why not', () => {
    const long = [...folders, 'bin']
      .flatMap(sources)
      .filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 301 && !(file in longer));
    expect(long).toEqual([]);
  });

  it('names files in kebab-case and none a helper, utils or manager', () => {
    const odd = [...folders, 'bin'].flatMap(sources).filter((file) => {
      const name = file.slice(file.lastIndexOf('/') + 1);
      return !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(name) || /helper|util|manager/.test(name);
    });
    expect(odd).toEqual([]);
  });

  it('has no barrel file but the registry of checks', () => {
    const barrels = folders.flatMap(sources).filter((file) => file.endsWith('/index.ts'));
    expect(barrels).toEqual(['lib/checks/index.ts']);
  });

  it('has an executable launcher', () => {
    expect(statSync(join(root, 'bin/bonafide.js')).mode & 0o111).not.toBe(0);
  });
});
