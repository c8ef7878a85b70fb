import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../server/start/postgres';
import { root } from '../support/paths';

/** The product as `npm start` runs it, on a home and a database of its own. */
export interface Product {
  url: string;
  /** Milliseconds from the command to "ready". */
  readyMs: number;
  query: <Row extends pg.QueryResultRow>(sql: string) => Promise<Row[]>;
  stop: () => Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

export async function startProduct(): Promise<Product> {
  const home = await mkdtemp(path.join(tmpdir(), 'studio-bench-'));
  const database = await startPostgres({ home, logFile: path.join(home, 'database.log') });
  const port = await freePort();
  const launch = async () => {
    const started = performance.now();
    const child = spawn(process.execPath, ['server/start/main.mjs'], {
      cwd: root,
      env: {
        ...process.env,
        ...{ PORT: String(port), HOST: '127.0.0.1', STUDIO_HOME: home, DATABASE_URL: database.url },
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('is ready at')) resolve();
      });
      child.once('exit', () => reject(new Error(`npm start ended: ${said}`)));
    });
    return { child, ms: performance.now() - started };
  };
  const end = async (child: ChildProcess) => {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  };
  // The first start builds; the second is what is measured.
  await end((await launch()).child);
  const { child, ms } = await launch();
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  return {
    url: `http://127.0.0.1:${port}`,
    readyMs: ms,
    query: async (sql) => (await pool.query(sql)).rows,
    stop: async () => {
      await pool.end();
      await end(child);
      await database.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
