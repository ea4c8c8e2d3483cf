#!/usr/bin/env node
// Launcher: runs the command from any folder, from its bundle while that is newer than every source, else from the
// sources through the TypeScript runner beside it.
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

// The SDK tells every process which Node it will need next year; that is for developers, not for users.
const emitWarning = process.emitWarning.bind(process);
process.emitWarning = (warning, ...rest) => {
  if (!String(warning).includes('NodeVersionSupportWarning')) emitWarning(warning, ...rest);
};

function isBundleFresh() {
  try {
    const built = statSync(`${root}dist/bin/bonafide.js`).mtimeMs;
    return ['bin', 'functions', 'lib'].every((folder) =>
      readdirSync(`${root}${folder}`, { recursive: true }).every(
        (name) => statSync(`${root}${folder}/${name}`).mtimeMs <= built,
      ),
    );
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
