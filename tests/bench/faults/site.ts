/** A studio as `npm start` brings it up, in a home of its own, for faults and attacks. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort, start, type Installation } from '../../browser/installation';
import { kill, treeOf } from './processes';

export interface Site {
  home: string;
  port: number;
  /** Starts it where it is down. @returns seconds until it said that it is ready */
  up(): Promise<number>;
  /** Ends it at once with everything below it. */
  fell(): void;
}

/** No rates, so that it is the server that is looked at. */
const settings = {
  ...{ JOBS_PER_MINUTE: '0', JOBS_PER_MINUTE_ADDRESS: '0', UPLOADS_PER_MINUTE: '0', MAX_WAITING: '1000' },
  LOG_LEVEL: 'warn',
};

export async function withSite<T>(work: (site: Site) => Promise<T>, at?: string): Promise<T> {
  const home = at ?? (await mkdtemp(path.join(tmpdir(), 'bench-faults-')));
  const port = await freePort();
  let running: Installation | undefined;
  const site: Site = {
    home,
    port,
    async up() {
      const began = performance.now();
      running = await start(home, port, settings);
      return (performance.now() - began) / 1000;
    },
    fell() {
      const { supervisor, all } = treeOf(home);
      for (const pid of [supervisor, ...all]) kill(pid);
    },
  };
  try {
    await site.up();
    return await work(site);
  } finally {
    if (treeOf(home).supervisor !== undefined) await running?.stop();
    if (at === undefined) await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** A small job that no other request is: sent again with its `requestId` it is the same job. */
export const jobOf = (seed: number) => ({
  ...{ task: 'generate', prompt: 'a photo of a cat', width: 32, height: 32, steps: 2, seed },
  requestId: randomUUID(),
});

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

interface Asked {
  method?: string;
  path: string;
  headers?: http.OutgoingHttpHeaders;
  body?: string | Uint8Array;
  signal?: AbortSignal;
}

/** One request as it is written here, with nothing corrected. @throws where no whole answer comes */
export const ask = (port: number, { body, path: at, ...options }: Asked): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port, agent: false, path: at, ...options },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });

/** Whether an answer of 500 and above says to a program what it is. */
export function hasCode({ status, body }: Answer): boolean {
  if (status < 500) return true;
  const text = body.toString();
  return (
    /"(code|reason|error)":/.test(text) &&
    !/"code":"(INTERNAL|INTERNAL_SERVER_ERROR)"|"reason":"INTERNAL"/.test(text)
  );
}

/** Seconds until `works` is true, asked every 50 ms. @throws after `limit` seconds */
export async function secondsUntil(works: () => Promise<boolean>, limit = 120): Promise<number> {
  const began = performance.now();
  for (;;) {
    if (await works().catch(() => false)) return (performance.now() - began) / 1000;
    if (performance.now() - began > limit * 1000) throw new Error(`not within ${limit} s`);
    await wait(50);
  }
}
