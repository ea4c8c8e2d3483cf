import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

// Bundled CommonJS packages call `require` for Node's own modules, which an ES module does not have.
const requireInModule =
  "import { createRequire as bonafideRequire } from 'node:module'; const require = bonafideRequire(import.meta.url);";

/**
 * Bundles a file of `functions/` into a folder: `index.mjs` with what it needs at once, and beside it a chunk for each
 * part that is loaded on demand (charts, the SDK's other sources of credentials).
 *
 * The AWS SDK is bundled too: the one that was tested runs, not whichever the runtime happens to bring.
 */
export function bundleFunction(name: string, folder: string): void {
  buildSync({
    entryPoints: { index: fromRoot(`functions/${name}.ts`) },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js: requireInModule },
    logLevel: 'warning',
  });
}

/** The bundle of a function as CDK deploys it, named by what is in it. */
export function functionCode(name: string): Code {
  return Code.fromAsset(fromRoot('functions'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: bundling happens here, and an error in it is told as it is.
      image: DockerImage.fromRegistry('node:24'),
      // CDK keeps bundles by source and options: without this all functions would get the first one's.
      command: [name],
      local: {
        tryBundle(folder) {
          bundleFunction(name, folder);
          return true;
        },
      },
    },
  });
}
