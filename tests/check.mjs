/**
 * `npm run check`: format, lint, types, unit, component and integration tests, then the built product as programs and as
 * people use it: two steps at a time, the longest first, and all of them even when one fails. What a step prints stands
 * together, in the order of the list. Ends with one line, `N passed, N failed, N skipped`, and exit code 1 where anything failed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { register } from 'tsx/esm/api';
import { root } from '../server/start/install.mjs';
import { ensureHeadless } from './support/browser.mjs';

process.chdir(root);
register();
const { buildPages, generateClient } = await import('../server/start/build.ts');
const home = mkdtempSync(path.join(tmpdir(), 'studio-check-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(String(port)));
    });
  });

const env = {
  ...process.env,
  FORCE_COLOR: process.env.FORCE_COLOR ?? '0',
  NEXT_TELEMETRY_DISABLED: '1',
  STUDIO_TEST_PORT: await freePort(),
};
const bin = (name, script) => path.join('node_modules', name, script);
const vitest = (project) => [
  bin('vitest', 'vitest.mjs'),
  'run',
  ...['--project', project, '--reporter=default', '--reporter=json'],
  `--outputFile.json=${path.join(home, `${project}.json`)}`,
];
const counted = (file, read) => () => {
  try {
    return read(JSON.parse(readFileSync(path.join(home, file), 'utf8')));
  } catch (error) {
    if (error.code === 'ENOENT') return { passed: 0, failed: 0, skipped: 0 };
    throw error;
  }
};
const ofVitest = (r) => ({ passed: r.numPassedTests, failed: r.numFailedTests, skipped: r.numPendingTests });
const ofPlaywright = ({ stats }) => ({
  passed: stats.expected,
  failed: stats.unexpected + stats.flaky,
  skipped: stats.skipped,
});

/** One start of the product with a home of its own, and the tests that talk to it. */
const product = (project) => ({
  args: [bin('@playwright/test', 'cli.js'), 'test', '--project', project],
  env: { STUDIO_TEST_HOME: path.join(home, project) },
  count: counted(`${project}/journeys.json`, ofPlaywright),
});

/** In the order in which they are told of. `after` names a step that must have ended before. */
const steps = [
  { name: 'page types', args: [bin('next', 'dist/bin/next'), 'typegen'] },
  { name: 'lint', args: [bin('eslint', 'bin/eslint.js'), '.', '--max-warnings', '0'] },
  { name: 'types', after: 'page types', args: [bin('typescript', 'bin/tsc'), '--noEmit'] },
  { name: 'format', args: [bin('prettier', 'bin/prettier.cjs'), '--check', '--log-level=warn', '.'] },
  { name: 'unit', args: vitest('unit'), count: counted('unit.json', ofVitest) },
  { name: 'component', args: vitest('component'), count: counted('component.json', ofVitest) },
  {
    name: 'integration',
    args: vitest('integration'),
    env: { STUDIO_QUERY_RECORD: path.join(home, 'queries.jsonl') },
    count: counted('integration.json', ofVitest),
  },
  {
    name: 'queries',
    after: 'integration',
    args: vitest('queries'),
    env: { STUDIO_QUERY_RECORD: path.join(home, 'queries.jsonl') },
    count: counted('queries.json', ofVitest),
  },
  { name: 'built', first: true, ...product('built') },
  // Both listen at one port.
  { name: 'browser', first: true, after: 'built', before: () => ensureHeadless(root), ...product('browser') },
];

/** Runs a step. @param say takes what it prints, as it comes. @returns what it counted, and its line of the summary */
async function run({ name, args, before, count, env: own }, say) {
  say(`\n── ${name} ${'─'.repeat(Math.max(0, 60 - name.length))}\n`);
  const started = Date.now();
  let ok = false;
  try {
    before?.();
    const child = spawn(process.execPath, args, { cwd: root, env: { ...env, ...own } });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', say);
    const [code] = await once(child, 'close');
    ok = code === 0;
  } catch (error) {
    say(`✗ ${error.message}\n`);
  }
  const result = count?.() ?? { passed: ok ? 1 : 0, failed: 0, skipped: 0 };
  // A step that failed without a failed test (it did not start, a file did not load) is a failure too.
  if (!ok && result.failed === 0) result.failed = 1;
  const line = `${ok ? '✓' : '✗'} ${name.padEnd(12)} ${String(result.passed).padStart(4)} passed ${String(result.failed).padStart(3)} failed ${String(result.skipped).padStart(3)} skipped  ${((Date.now() - started) / 1000).toFixed(0)} s`;
  return { result, line };
}

await generateClient(root);
// Before the steps: several need the pages, and two at once would build them twice. They say what is wrong where it failed.
await buildPages(root, (line) => console.log(line)).catch((error) => console.error(`✗ ${error.message}`));
// Several steps need a browser: a journey, and the device whose driver comes with it.
try {
  ensureHeadless(root);
} catch {
  // The journeys say what to do.
}
const untold = steps.map((step) => ({ ...step, said: [] }));
// What the product is asked takes half of the time and waits for itself: begun last, the other processor would idle.
const queue = [...untold.filter(({ first }) => first), ...untold.filter(({ first }) => !first)];
const running = new Map();
const ended = new Map();

/** Prints what the first step that was not told whole has said, and goes on to the next where it has ended. */
function tell() {
  for (; untold.length > 0; untold.shift()) {
    for (const part of untold[0].said.splice(0)) process.stdout.write(part);
    if (!ended.has(untold[0].name)) return;
  }
}

while (ended.size < steps.length) {
  for (const step of [...queue]) {
    if (running.size === 2) break;
    if (step.after && !ended.has(step.after)) continue;
    queue.splice(queue.indexOf(step), 1);
    const say = (part) => {
      step.said.push(part);
      tell();
    };
    const outcome = run(step, say).then((found) => {
      running.delete(step.name);
      ended.set(step.name, found);
      tell();
    });
    running.set(step.name, outcome);
  }
  await Promise.race(running.values());
}

const total = { passed: 0, failed: 0, skipped: 0 };
console.log();
for (const { name } of steps) {
  const { result, line } = ended.get(name);
  for (const key of Object.keys(total)) total[key] += result[key];
  console.log(line);
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 ? 0 : 1);
