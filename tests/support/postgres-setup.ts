import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../server/start/postgres';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The URL of a database of the disposable server, from which others are made. */
    adminUrl: string;
  }
}

/** One disposable PostgreSQL for the run; each test file makes its own database on it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(path.join(tmpdir(), 'studio-test-'));
  const running = await startPostgres({
    home,
    database: 'admin_test',
    logFile: path.join(home, 'database.log'),
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  project.provide('adminUrl', running.url);
  return async () => {
    await running.stop();
    await rm(home, { recursive: true, force: true });
  };
}
