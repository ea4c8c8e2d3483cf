#!/usr/bin/env node
// Launcher: runs bonafide.ts from any folder with the TypeScript runner beside it.
import { register } from 'tsx/esm/api';

// The SDK tells every process which Node it will need next year; that is for developers, not for users.
const emitWarning = process.emitWarning.bind(process);
process.emitWarning = (warning, ...rest) => {
  if (!String(warning).includes('NodeVersionSupportWarning')) emitWarning(warning, ...rest);
};

register();
await import('./bonafide.ts');
