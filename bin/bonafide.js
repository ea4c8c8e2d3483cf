#!/usr/bin/env node
// Launcher: runs the command from any folder, from its bundle while that is newer than every source in it, else from the
// sources through the TypeScript runner beside it.
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// A command runs for a second or two: compiling half of it for speed costs more than it saves. What is really hot, such
// as reading a large file, is compiled a few milliseconds later than otherwise.
setFlagsFromString('--interrupt-budget=1000000');
// And room for what is new at once, in place of copying what lives each time it doubles from one megabyte.
setFlagsFromString('--semi-space-growth-factor=16');

const root = fileURLToPath(new URL('..', import.meta.url));

// The SDK tells every process which Node it will need next year; that is for developers, not for users.
const emitWarning = process.emitWarning.bind(process);
process.emitWarning = (warning, ...rest) => {
  if (!String(warning).includes('NodeVersionSupportWarning')) emitWarning(warning, ...rest);
};

function isBundleFresh() {
  try {
    const built = statSync(`${root}dist/bin/bonafide.js`).mtimeMs;
    const sources = JSON.parse(readFileSync(`${root}dist/sources.json`, 'utf8'));
    return sources.every((file) => statSync(`${root}${file}`).mtimeMs <= built);
  } catch {
    return false;
  }
}

if (isBundleFresh()) await import('../dist/bin/bonafide.js');
else {
  const { register } = await import('tsx/esm/api');
  register();
  await import('./bonafide.ts');
}
