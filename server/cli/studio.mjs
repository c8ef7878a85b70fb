#!/usr/bin/env node
/** The executable `studio`: lets Node read TypeScript, then starts ../cli.ts. Works from any folder. */
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old: install Node 20.19 or newer.`);
}

/** @param {string} line */
function fail(line) {
  process.stderr.write(`studio: ${line}\n`);
  process.exit(1);
}

try {
  const { register } = await import('tsx/esm/api');
  register({ tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)) });
  const { loadSettings } = await import('../start/install.mjs');
  loadSettings();
  // The commands that work on the database need its client, which a fresh clone has not got yet.
  const { generateClient } = await import('../start/build.ts');
  await generateClient(fileURLToPath(new URL('../..', import.meta.url)));
  const { main } = await import('./index.ts');
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND' && error?.code !== 'MODULE_NOT_FOUND') throw error;
  const root = fileURLToPath(new URL('../..', import.meta.url));
  fail(`packages are missing: run \`npm ci\` (or \`npm start\`, which does it) in ${root}`);
}
