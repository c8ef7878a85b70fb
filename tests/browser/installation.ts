import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { root, tinyModel } from '../support/paths';

/** An installation of its own, as `npm start` brings it up. */
export interface Installation {
  /** Where it listens, without a base. */
  address: string;
  /** Everything that the start said. */
  said: string;
  stop: () => Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts one with the model of random weights. @throws Error with what it said where it does not come up */
export async function start(
  home: string,
  port: number,
  settings: Record<string, string> = {},
): Promise<Installation> {
  const child: ChildProcess = spawn(process.execPath, [path.join(root, 'server/start/main.mjs')], {
    env: {
      ...process.env,
      ...{ NODE_ENV: 'production', HOST: '127.0.0.1', DATABASE_URL: '', DEVICE: 'cpu' },
      ...{ STUDIO_HOME: home, PORT: String(port), MODEL_DIR: tinyModel },
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
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
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { address: `http://127.0.0.1:${port}`, said, stop };
}
