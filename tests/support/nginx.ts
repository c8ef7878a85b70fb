import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';

const places = [
  '/usr/sbin/nginx',
  '/usr/local/sbin/nginx',
  '/usr/local/bin/nginx',
  '/opt/homebrew/bin/nginx',
];

/** The path of nginx, after an attempt to install Debian's as root; null where there is none. */
export function findNginx(): string | null {
  const found = () => process.env.NGINX_PATH ?? places.find((place) => existsSync(place)) ?? null;
  if (found() || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return found();
  const run = (...args: string[]) => spawnSync('apt-get', args, { stdio: 'ignore', timeout: 300_000 });
  run('update', '-qq');
  run('install', '-y', '-qq', '--no-install-recommends', 'nginx-light');
  return found();
}

/**
 * nginx with a configuration of servers, in the foreground until `stop`.
 * @param folder of its own, for its temporary files and log
 * @param servers the `server { … }` blocks
 * @param ports on which they listen: it is up once it answers on each
 */
export async function startNginx(
  nginx: string,
  folder: string,
  servers: string,
  ports: number[],
): Promise<{ stop: () => Promise<void> }> {
  await mkdir(folder, { recursive: true });
  const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const temporary = kept.map((name) => `${name}_temp_path ${path.join(folder, name)};`).join(' ');
  const file = path.join(folder, 'nginx.conf');
  await writeFile(
    file,
    `${process.getuid?.() === 0 ? 'user root;' : ''} daemon off; pid ${path.join(folder, 'pid')}; error_log ${path.join(folder, 'error.log')};
     worker_processes 1; events { worker_connections 256; }
     http { access_log off; ${temporary} ${servers} }`,
  );
  const child: ChildProcess = spawn(nginx, ['-c', file, '-p', folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const answers = (port: number) =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy() !== undefined));
      socket.once('error', () => resolve(false));
    });
  for (const port of ports)
    while (!(await answers(port))) if (child.exitCode !== null) throw new Error(`nginx ended: ${said}`);
  return {
    async stop() {
      child.kill('SIGQUIT');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
