// Bundles the command, so that it starts in a fifth of the time; `npm ci` runs this. The launcher falls back to the
// TypeScript sources when the bundle is missing or older than they are.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const common = {
  bundle: true,
  // A smaller file is read sooner; names stay, for stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  // Read on demand from node_modules: native, or large and seldom needed.
  external: [
    'dynalite',
    '@aws-sdk/*',
    '@aws-lambda-powertools/*',
    'echarts',
    'echarts/*',
    'date-holidays',
    'hyparquet',
    'write-excel-file/*',
  ],
  logLevel: 'warning',
  metafile: true,
};

// Whoever scores or tunes limits replays hundreds of folders: that one command is a file of its own with a code cache.
const replay = {
  name: 'replay',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /\/backtest-command\.ts$/ }, () => ({ path: 'backtest', namespace: 'cached' }));
    onLoad({ filter: /^backtest$/, namespace: 'cached' }, () => ({
      contents: `import { load } from './bin/code-cache.js';
        export const { backtest } = load(new URL('../backtest.cjs', import.meta.url));`,
      resolveDir: '.',
    }));
  },
};

// What libraries load and never use here: programs as subcommands, and the traces of a debugger.
const unused = {
  name: 'unused',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(node:child_process|debug)$/ }, ({ path, importer }) =>
      /\/(commander|@stdlib)\//.test(importer) ? { path, namespace: 'unused' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'unused' }, () => ({ contents: 'module.exports = () => () => {};' }));
  },
};

rmSync('dist', { recursive: true, force: true });
const command = await build({
  ...common,
  entryPoints: ['bin/bonafide.ts'],
  // As deep as lib/local and functions, so that paths relative to a source file hold in the bundle too.
  outdir: 'dist/bin',
  splitting: true,
  format: 'esm',
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  plugins: [replay, unused],
});
const backtest = await build({
  ...common,
  entryPoints: ['lib/local/backtest-command.ts'],
  outfile: 'dist/backtest.cjs',
  format: 'cjs',
  plugins: [unused],
  // What runs from a code cache has no import().
  supported: { 'dynamic-import': false },
  banner: { js: '(function (module, require) {' },
  footer: { js: '})' },
});
// It is read without decoding; regular expressions are the one place where other characters stay as they are.
if (/[^\0-\x7f]/.test(readFileSync('dist/backtest.cjs', 'utf8')))
  throw new Error(
    'dist/backtest.cjs must be ASCII: write other characters of regular expressions as \\u....',
  );

// What the launcher looks at to tell whether the bundle is still that of the sources.
const inputs = [command, backtest].flatMap(({ metafile }) => Object.keys(metafile.inputs));
const sources = inputs.filter((file) => /^(bin|functions|lib)\//.test(file));
writeFileSync('dist/sources.json', JSON.stringify([...new Set(sources)]));

const out = mkdtempSync(join(tmpdir(), 'bonafide-'));
const example = 'examples/marketing-director';
const args = ['backtest', '-c', `${example}/bonafide.yaml`, '-d', example, '-o', out];
const env = { ...process.env, BONAFIDE_CODE_CACHE: 'write' };
spawnSync(process.execPath, ['bin/bonafide.js', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
rmSync(out, { recursive: true });
