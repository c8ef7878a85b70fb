import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive } from '../platform/processes/identity';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-parent-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const importing = `import { whenParentGone } from ${JSON.stringify(
  pathToFileURL(path.join(import.meta.dirname, 'parent.mjs')).href,
)};`;
/** As the web server is while its pages are prepared. */
const lasting = 'setInterval(() => undefined, 1000);';
const busy = 'for (const until = Date.now() + 300; Date.now() < until; );';

test.each([
  ['while it is loaded', `${importing} ${busy} ${lasting}`],
  ['before it could listen', `${busy} await new Promise(setImmediate); await import('./late.mjs');`],
  ['while it works', `${importing} whenParentGone(() => process.exit(0)); ${lasting}`],
])('a process ends with the one that started it, killed %s', async (_when, text) => {
  const child = path.join(folder, 'child.mjs');
  await writeFile(child, text);
  await writeFile(path.join(folder, 'late.mjs'), `${importing} ${lasting}`);
  const start = `
    const child = require('child_process').fork(${JSON.stringify(child)}, { detached: true, stdio: 'ignore' });
    console.log(child.pid);
    setInterval(() => undefined, 1000);
  `;
  const parent = spawn(process.execPath, ['-e', start], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = Number(String((await once(parent.stdout, 'data'))[0]));
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
});
