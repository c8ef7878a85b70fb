import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDb } from '../../server/platform/db/client';
import { checkConnection } from '../../server/platform/db/migrate';
import { isConnectionError, isDiskFull } from '../../server/platform/errors/errors';
import { untilReached } from '../../server/inference/queue/retry';
import { tellLogTrouble } from '../../server/platform/log/file';
import { isAlive } from '../../server/platform/processes/identity';
import { superviseDatabase } from '../../server/start/database';
import { startPostgres } from '../../server/start/postgres';
import { lockedBy } from '../../server/start/postmaster';
import { typescriptFlags } from '../../server/platform/processes/typescript';

/** The built-in database under what may happen to it. */
let home: string;
let said: string[];
const undo: (() => unknown)[] = [];
const say = (line: string) => void said.push(line);
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'studio-faults-'));
  said = [];
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  await rm(home, { recursive: true, force: true });
});

const options = () => ({ home, database: 'faults_test', logFile: path.join(home, 'database.log') });
const postmaster = () => lockedBy(path.join(home, 'database')) ?? 0;
const killServer = () => process.kill(postmaster(), 'SIGKILL');

/** A session that computes, and looks for nothing else meanwhile. @returns its process */
async function computing(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  client.query('DO $$ BEGIN LOOP END LOOP; END $$').catch(() => undefined);
  const watcher = new pg.Client({ connectionString: url });
  await watcher.connect();
  const pid = rows[0]?.pid ?? 0;
  const isBusy = async () =>
    (await watcher.query(`SELECT state FROM pg_stat_activity WHERE pid = $1`, [pid])).rows[0]?.state;
  await expect.poll(isBusy).toBe('active');
  await watcher.end();
  return pid;
}

test('a server that is killed while a session computes comes back, at its address', async () => {
  const database = await superviseDatabase(options(), say);
  undo.push(database.stop);
  const session = await computing(database.url);
  killServer();
  await untilReached(() => checkConnection(database.url));
  expect(isAlive(session)).toBe(false);
  // Once more: what was mended must not wear out.
  const other = await computing(database.url);
  killServer();
  await expect.poll(() => said.length).toBe(2);
  await untilReached(() => checkConnection(database.url));
  expect(isAlive(other)).toBe(false);
  expect(said).toEqual(Array(2).fill('The database stopped; restarting it.'));
}, 60_000);

test('a session that a killed server left is no obstacle to a fresh start', async () => {
  const first = await startPostgres(options());
  const session = await computing(first.url);
  killServer();
  await first.ended;
  expect(isAlive(session)).toBe(true);
  const second = await startPostgres(options());
  undo.push(second.stop);
  expect(isAlive(session)).toBe(false);
  expect(second.url).toBe(first.url);
}, 60_000);

test('a database is started again until it starts, and never elsewhere', async () => {
  const database = await superviseDatabase(options(), say);
  undo.push(database.stop);
  const port = Number(new URL(database.url).port);
  killServer();
  // In its place before it is back.
  let squatter: Server | undefined;
  while (!squatter) {
    const server = createServer().listen(port, '127.0.0.1');
    squatter = await new Promise<Server | undefined>((resolve) => {
      server.once('listening', () => resolve(server)).once('error', () => resolve(undefined));
    });
  }
  const failed = /^✗ The built-in database did not start: .*Retrying until it starts\.$/;
  await expect.poll(() => said, { timeout: 20_000 }).toContainEqual(expect.stringMatching(failed));
  squatter.close();
  await untilReached(() => checkConnection(database.url));
  // Said once, however often it was tried.
  expect(said.filter((line) => failed.test(line))).toHaveLength(1);
}, 60_000);

test('stopping ends a start that is under way', async () => {
  const database = await superviseDatabase(options(), say);
  killServer();
  await expect.poll(() => said).toHaveLength(1);
  await expect.poll(() => isAlive(postmaster()), { timeout: 10_000, interval: 5 }).toBe(true);
  await database.stop();
  expect(ofHome()).toEqual([]);
}, 60_000);

/** Processes that work on this home, as their command lines tell. */
const ofHome = () =>
  spawnSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line.includes(home) && !/^\s*\d+\s+Z/.test(line));

function owner(): ChildProcess {
  const script = path.join(import.meta.dirname, '../support/database-owner.ts');
  const child = spawn(process.execPath, [...typescriptFlags, script, home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  undo.push(() => child.kill('SIGKILL'));
  return child;
}

test('a database ends when whoever runs it is killed, and the next start has it at once', async () => {
  const child = owner();
  await once(child.stdout!, 'data');
  const server = postmaster();
  expect(isAlive(server)).toBe(true);
  child.kill('SIGKILL');
  const next = await startPostgres(options());
  undo.push(next.stop);
  expect(isAlive(server)).toBe(false);
}, 60_000);

test('a database ends when whoever runs it is killed, and nobody starts another', async () => {
  const child = owner();
  await once(child.stdout!, 'data');
  child.kill('SIGKILL');
  await expect.poll(ofHome, { timeout: 20_000 }).toEqual([]);
}, 60_000);

test('one that is being made ends with whoever makes it as well', async () => {
  const child = owner();
  const isBegun = async () => (await readdir(home)).some((name) => name.startsWith('database.new'));
  await expect.poll(isBegun, { timeout: 20_000, interval: 5 }).toBe(true);
  child.kill('SIGKILL');
  await expect.poll(ofHome, { timeout: 20_000 }).toEqual([]);
  const next = await startPostgres(options());
  undo.push(next.stop);
  // Neither half a database nor the file with its password.
  expect((await readdir(home)).filter((name) => name.startsWith('database.new'))).toEqual([]);
}, 60_000);

test.runIf(existsSync('/dev/full'))(
  'a database whose log cannot be written runs all the same',
  async () => {
    const running = await startPostgres({
      ...options(),
      logFile: '/dev/full',
      onLogTrouble: tellLogTrouble(say),
    });
    undo.push(running.stop);
    await checkConnection(running.url);
    expect(said).toEqual([expect.stringMatching(/disk is full/)]);
  },
  60_000,
);

test('a full disk of the database is known as such, by the driver and by Prisma', async ({ skip }) => {
  const small = path.join(home, 'small');
  await mkdir(small);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', small]).status !== 0)
    skip('needs the right to mount');
  undo.push(() => spawnSync('umount', ['-l', small]));
  const running = await startPostgres(options());
  const { uid, gid } = await stat(path.join(home, 'database'));
  const place = path.join(small, 'tables');
  await mkdir(place, { mode: 0o700 });
  await chown(place, uid, gid);
  const db = createDb(running.url, { max: 2 });
  undo.push(running.stop, () => db.close());
  await db.pool.query(`CREATE TABLESPACE small LOCATION '${place}'`);
  await db.pool.query('CREATE TABLE large (text text) TABLESPACE small');
  const fill = `INSERT INTO large SELECT repeat(md5(i::text), 50) FROM generate_series(1, 10000) i`;
  for (const work of [() => db.pool.query(fill), () => db.prisma.$executeRawUnsafe(fill)]) {
    const error = await work().catch((thrown: unknown) => thrown);
    expect(isDiskFull(error), String(error)).toBe(true);
    expect(isConnectionError(error)).toBe(false);
  }
}, 60_000);
