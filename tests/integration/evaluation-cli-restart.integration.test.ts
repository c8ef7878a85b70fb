import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtInUrl } from '../../server/start/postgres';
import { lockedBy } from '../../server/start/postmaster';
import { tinyEvaluators } from '../support/evaluation';
import { root, tinyModel } from '../support/paths';

/** `studio eval run` that is the worker itself and runs the built-in database. */
let home: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'studio-cli-restart-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** Resolves when some of a run's samples are there. */
async function samplesBegin(): Promise<void> {
  for (;;) {
    const url = await builtInUrl(home);
    const client = new pg.Client({ connectionString: url ?? 'postgresql://127.0.0.1:1/none' });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query('SELECT count(*)::int AS count FROM sample');
      if (rows[0].count >= 3) return;
    } catch {
      // Not there yet.
    } finally {
      await client.end().catch(() => undefined);
    }
    await wait(20);
  }
}

test('a run goes on when the database is killed under it, and ends as one that was not disturbed', async () => {
  const child = spawn(
    process.execPath,
    [
      ...[path.join(root, 'server/cli/studio.mjs'), 'eval', 'run', 'geneval', '--model', tinyModel],
      ...['--detector', tinyEvaluators.detector, '--clip', tinyEvaluators.clip, '--groups', 'single_object'],
      ...['--repeats', '1', '--steps', '1', '--width', '32', '--height', '32', '--json'],
    ],
    { env: { ...process.env, STUDIO_HOME: home, DATABASE_URL: '' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const ended = once(child, 'close');
  await samplesBegin();
  process.kill(lockedBy(path.join(home, 'database')) ?? 0, 'SIGKILL');
  const [code] = await ended;
  expect(stderr).toContain('The database stopped; restarting it.');
  expect(stderr).not.toMatch(/Cannot use a pool|Unhandled|node:internal/);
  // The tiny detector knows five classes of the eighty: the rest could not be measured, and the exit code says so.
  expect(code, stderr).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    state: 'done',
    counts: { expected: 80, scored: 5, unscored: 75, failed: 0, missing: 0 },
  });
  // Nothing of it is left: its database ended with it.
  expect(lockedBy(path.join(home, 'database'))).toBeNull();
}, 300_000);
