import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** Flags that let Node run TypeScript files. */
export const typescriptFlags = [
  '--import',
  pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
];
