import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHub } from '../../server/platform/db/hub';
import { buildPages, generateClient } from '../../server/start/build';
import { startPostgres, type RunningPostgres } from '../../server/start/postgres';
import { isAlive } from '../../server/platform/processes/identity';
import { lockedBy } from '../../server/start/postmaster';
import { root, tinyModel } from '../support/paths';

/** `npm start` as a person runs it, with the model of random weights. */
const main = path.join(root, 'server/start/main.mjs');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-start-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const environment = (settings: Record<string, string>) => ({
  ...process.env,
  // What the test runner sets would put Next.js into its test mode.
  NODE_ENV: 'production' as const,
  ...{ PORT: '0', HOST: '127.0.0.1', DATABASE_URL: '', MODEL_DIR: tinyModel, DEVICE: 'cpu' },
  STUDIO_HOME: path.join(folder, 'home'),
  ...settings,
});

/** Runs a start that must fail, and gives the one line that it says. */
function refusal(settings: Record<string, string>): string {
  const done = spawnSync(process.execPath, [main], { env: environment(settings), encoding: 'utf8' });
  expect(done.status, done.stdout + done.stderr).toBe(1);
  const lines = done.stderr.trim().split('\n');
  expect(lines).toHaveLength(1);
  return lines[0]!;
}

describe('a start that cannot be says why and what to do, in one line', () => {
  test.each([
    [{ PORT: 'eighty' }, /PORT .*eighty.*number from 0 to 65535/],
    [{ PORT: '70000' }, /PORT/],
    [{ DEVICE: 'tpu' }, /DEVICE .*tpu.*cpu, webgpu or cuda/],
    [{ DATABASE_URL: 'mysql://localhost/x' }, /DATABASE_URL .*postgresql:\/\//],
    [{ HOST: 'no such host' }, /HOST/],
    [{ MODEL_DIR: 'no/such/model' }, /no\/such\/model.*MODEL_DIR/],
  ])('wrong setting %j', (settings, line) => {
    expect(refusal(settings as Record<string, string>)).toMatch(line);
  });

  test('a password in DATABASE_URL is not repeated', () => {
    expect(refusal({ DATABASE_URL: 'mysql://me:secret@localhost/x' })).not.toContain('secret');
    expect(refusal({ DATABASE_URL: 'postgresql://me:secret@127.0.0.1:1/x' })).not.toContain('secret');
  });

  test('port taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    expect(refusal({ PORT: String(port) })).toMatch(new RegExp(`Port ${port} is in use.*PORT=`));
    server.close();
  });

  test('unreachable database', () => {
    expect(refusal({ DATABASE_URL: 'postgresql://me@127.0.0.1:1/x' })).toMatch(/127\.0\.0\.1:1/);
  });

  test('a home that cannot be written', () => {
    expect(refusal({ STUDIO_HOME: path.join(main, 'home') })).toMatch(/STUDIO_HOME .*is not writable/);
  });

  test('an altered and a missing model file', async () => {
    const model = path.join(folder, 'model');
    await cp(tinyModel, model, { recursive: true });
    await appendFile(path.join(model, 'vision_head.onnx'), 'x');
    expect(refusal({ MODEL_DIR: model })).toMatch(/vision_head\.onnx/);
    await unlink(path.join(model, 'vision_head.onnx'));
    expect(refusal({ MODEL_DIR: model })).toMatch(/vision_head\.onnx/);
  });

  test('disk full', async ({ skip }) => {
    const small = path.join(folder, 'small');
    await mkdir(small);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', small]).status === 0;
    if (!mounted) skip('needs the right to mount');
    try {
      expect(refusal({ STUDIO_HOME: small })).toMatch(/disk of STUDIO_HOME .* is full/);
    } finally {
      spawnSync('umount', [small]);
    }
  });
});

test('a database whose number another program has by now starts, and one that runs on is ended first', async () => {
  const home = path.join(folder, 'stale');
  await mkdir(home);
  const begin = () => startPostgres({ home, database: 'stale', logFile: path.join(home, 'database.log') });
  const first = await begin();
  const lock = path.join(home, 'database/postmaster.pid');
  process.kill(lockedBy(path.dirname(lock)) ?? 0, 'SIGKILL');
  await first.ended;
  const owner = await stat(path.dirname(lock));
  const other = spawn('sleep', ['300'], { stdio: 'ignore', uid: owner.uid, gid: owner.gid });
  await once(other, 'spawn');
  const [, ...rest] = (await readFile(lock, 'utf8')).split('\n');
  await writeFile(lock, [other.pid, ...rest].join('\n'));
  const second = await begin();
  expect(other.exitCode ?? other.signalCode).toBeNull();
  other.kill();
  const third = await begin();
  expect(await second.ended).toBe(0);
  await third.stop();
}, 60_000);

describe('start and stop', () => {
  let database: RunningPostgres;
  const running: ChildProcess[] = [];
  beforeAll(async () => {
    await generateClient(root);
    await buildPages(root, () => undefined);
    const home = path.join(folder, 'database-home');
    await mkdir(home);
    database = await startPostgres({
      home,
      database: 'start_test',
      logFile: path.join(home, 'database.log'),
    });
  }, 900_000);
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
    await database.stop();
  });

  /** Resolves when it says that it is ready. */
  async function start(home: string, port: number): Promise<ChildProcess> {
    const child = spawn(process.execPath, [main], {
      env: environment({ STUDIO_HOME: home, DATABASE_URL: database.url, PORT: String(port) }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    let said = '';
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('is ready at')) resolve();
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.once('exit', () => reject(new Error(said)));
    });
    return child;
  }

  const family = (pid: number): number[] => {
    const listed = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).stdout.trim().split('\n');
    const pairs = listed.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
    const below = (parent: number): number[] =>
      pairs.filter(([, ppid]) => ppid === parent).flatMap(([child]) => [child, ...below(child)]);
    return below(pid);
  };
  /** A port that nobody has. */
  async function freePort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    return port;
  }

  test('a job in hand when Ctrl-C comes is finished by the next start, and no child is left', async () => {
    const home = path.join(folder, 'home-stop');
    const port = await freePort();
    const first = await start(home, port);
    expect(refusal({ STUDIO_HOME: home })).toMatch(/is already running on/);

    const url = `http://127.0.0.1:${port}`;
    const submitted = await fetch(`${url}/api/trpc/demo.submit`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({
        json: { task: 'generate', prompt: `hello ${randomUUID()}`, width: 128, height: 128, steps: 50 },
      }),
    });
    expect(submitted.status, await submitted.clone().text()).toBe(200);
    const { id } = ((await submitted.json()) as { result: { data: { json: { id: string } } } }).result.data
      .json;
    const children = family(first.pid!);
    expect(children.length).toBeGreaterThan(1);
    const gone = once(first, 'exit');
    first.kill('SIGINT');
    expect(await gone).toEqual([0, null]);
    // The inference child ends by itself when its worker is gone.
    await expect.poll(() => children.filter(isAlive), { timeout: 10_000 }).toEqual([]);

    const second = await start(home, port);
    const hub = createHub(database.url);
    const bell = hub.subscribe(id);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      await hub.listener.ready;
      for (;;) {
        const { rows } = await client.query('SELECT state FROM generation WHERE id = $1', [id]);
        expect(['queued', 'running', 'done']).toContain(rows[0].state);
        if (rows[0].state === 'done') break;
        await bell.next(AbortSignal.timeout(60_000));
      }
    } finally {
      bell.close();
      await hub.close();
      await client.end();
    }
    const ended = once(second, 'exit');
    second.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  }, 600_000);

  test('killed with all that it started, it starts again at once', async () => {
    const home = path.join(folder, 'home-killed');
    const port = await freePort();
    const first = await start(home, port);
    for (const pid of [first.pid!, ...family(first.pid!)]) process.kill(pid, 'SIGKILL');
    const second = await start(home, port);
    const ended = once(second, 'exit');
    second.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  }, 600_000);

  test('killed alone while it starts, it leaves nobody behind', async () => {
    const home = path.join(folder, 'home-orphans');
    const child = spawn(process.execPath, [main], {
      env: environment({ STUDIO_HOME: home, PORT: String(await freePort()) }),
      stdio: 'ignore',
    });
    running.push(child);
    // The database with its sessions and the guard, the web server and the worker, neither of them ready.
    const isWorking = (pid: number) =>
      spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout.includes(
        'worker-main',
      );
    await expect
      .poll(() => family(child.pid!).some(isWorking), { timeout: 120_000, interval: 20 })
      .toBe(true);
    const children = family(child.pid!);
    child.kill('SIGKILL');
    await expect.poll(() => children.filter(isAlive), { timeout: 20_000 }).toEqual([]);
  }, 600_000);
});
