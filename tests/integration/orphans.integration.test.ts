import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { isAlive } from '../../server/platform/processes/identity';
import { typescriptFlags } from '../../server/platform/processes/typescript';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { tinyModel } from '../support/paths';

/** A worker whose `npm start` is killed at once, before the worker can know of it. */
let database: TestDatabase;
let home: string;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  home = await mkdtemp(path.join(tmpdir(), 'studio-orphans-'));
});
afterAll(async () => {
  await database.drop();
  await rm(home, { recursive: true, force: true });
});

test('a worker ends when whoever started it is killed while it starts', async () => {
  const owner = path.join(import.meta.dirname, '../support/worker-owner.ts');
  const parent = spawn(process.execPath, [...typescriptFlags, owner], {
    env: {
      ...process.env,
      ...{ DATABASE_URL: database.url, STUDIO_HOME: home, MODEL_DIR: tinyModel, DEVICE: 'cpu' },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const worker = Number(String((await once(parent.stdout, 'data'))[0]));
  expect(isAlive(worker)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(worker), { timeout: 60_000 }).toBe(false);
});
