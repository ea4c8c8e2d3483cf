import { existsSync, readFileSync, writeFileSync } from 'node:fs';
// Another name than the one every bundle begins with.
import { createRequire as requireFrom } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

/**
 * What a bundle exports, run from V8's code cache where there is one: a short command spends a sixth of its time on
 * compiling. A cache of another V8 is not used. Node 22 keeps such caches itself; until then this does.
 *
 * @param {URL} url an ASCII file whose one expression is `function (module, require)`; its cache lies beside it.
 */
export function load(url) {
  const file = fileURLToPath(url);
  const cache = `${file}.cache`;
  const script = new Script(readFileSync(file, 'latin1'), {
    filename: file,
    cachedData: existsSync(cache) ? readFileSync(cache) : undefined,
  });
  const module = { exports: {} };
  script.runInThisContext()(module, requireFrom(url));
  // At its end the command has compiled all it needs.
  if (process.env.BONAFIDE_CODE_CACHE === 'write')
    process.once('exit', () => writeFileSync(cache, script.createCachedData()));
  return module.exports;
}
