/** A hub for tests: the two APIs and the files, on this machine, with faults in the order that a test names them. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What becomes of one request for a file. */
export interface Fault {
  status?: number;
  headers?: Record<string, string>;
  /** Sends nothing more after as many bytes, and keeps the connection until `breakStalled`. */
  stall?: number;
  /** Sends the whole file whatever range was asked for. */
  ignoresRange?: true;
  /** Sends these bytes in place of the file. */
  bytes?: Buffer;
  /** Sends as many bytes and breaks the connection. */
  breakAfter?: number;
}

export interface TestHub {
  address: string;
  /** The requests for files that were answered with them: path and range. */
  requests: { path: string; range: string | undefined }[];
  /** Each request's server and `Authorization`. */
  asked: { at: 'hub' | 'cdn'; authorization: string | undefined }[];
  /** Whether files come from a second address, to which the hub redirects. */
  redirects: boolean;
  /** Repositories whose files need the token `good`. */
  gated: Set<string>;
  /** Sent with files. */
  etag: string;
  /** Milliseconds between two pieces of 32 kB of a file. */
  paceMs: number;
  /** Of the commit that branches are at. */
  commit: string;
  /** Requests that were no files'. */
  listings: string[];
  /** Taken one after the other by requests for files; null for none. */
  faults: (Fault | null)[];
  /** By repository and path, e.g. `MMMU/MMMU/Art/validation-00000-of-00001.parquet`; may be changed. */
  files: Map<string, Buffer>;
  /** Breaks the connections that stall: to be called when what they sent has arrived. */
  breakStalled(): void;
  stalled: ServerResponse[];
  close(): Promise<void>;
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The id that git gives to a file. */
const blobOf = (bytes: Uint8Array): string =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

export async function startHub(files: Record<string, Buffer>): Promise<TestHub> {
  const servers = (['hub', 'cdn'] as const).map((at) =>
    createServer((request, response) => {
      hub.asked.push({ at, authorization: request.headers.authorization });
      answer(hub, at === 'hub' && hub.redirects ? addresses[1]! : null, request, response);
    }),
  );
  for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const addresses = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const hub: TestHub = {
    address: addresses[0]!,
    asked: [],
    redirects: false,
    gated: new Set(),
    etag: '"1"',
    paceMs: 0,
    commit: 'abcdef01'.repeat(5),
    requests: [],
    listings: [],
    faults: [],
    files: new Map(Object.entries(files)),
    stalled: [],
    breakStalled: () => hub.stalled.splice(0).forEach((response) => response.destroy()),
    close: async () => {
      for (const server of servers)
        await new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        });
    },
  };
  return hub;
}

/** @param cdn the address that files come from, if they do not come from here */
function answer(hub: TestHub, cdn: string | null, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url!, hub.address);
  const path = decodeURIComponent(url.pathname);
  const tree = /^\/api\/(?:datasets|models)\/([^/]+\/[^/]+)\/tree\//.exec(path)?.[1];
  const branch = /^\/api\/models\/[^/]+\/[^/]+\/revision\/main$/.test(path);
  const msTree = /^\/api\/v1\/datasets\/([^/]+\/[^/]+)\/repo\/tree$/.exec(path)?.[1];
  const msFiles = /^\/api\/v1\/models\/([^/]+\/[^/]+)\/repo\/files$/.exec(path)?.[1];
  const resolved = /^(?:\/datasets)?\/([^/]+\/[^/]+)\/resolve\/[^/]+\/(.+)$/.exec(path);
  const msFile = /^\/api\/v1\/(?:datasets|models)\/([^/]+\/[^/]+)\/repo$/.exec(path)?.[1];
  const repo = resolved?.[1] ?? msFile;
  if (repo !== undefined) {
    const denied = hub.gated.has(repo) && request.headers.authorization !== 'Bearer good';
    if (cdn === null)
      sendFile(hub, `${repo}/${resolved?.[2] ?? url.searchParams.get('FilePath')}`, request, response);
    else if (denied) response.writeHead(401).end();
    else response.writeHead(302, { location: `${cdn}${request.url}` }).end();
    return;
  }
  hub.listings.push(request.url!);
  if (tree) return huggingFaceTree(hub, tree, url, response);
  if (branch) return void response.end(JSON.stringify({ sha: hub.commit }));
  if (msTree) return modelScopeTree(hub, msTree, url, response);
  if (msFiles) return modelScopeTree(hub, msFiles, null, response);
  response.writeHead(404).end();
}

const of = (hub: TestHub, repo: string): [path: string, bytes: Buffer][] =>
  [...hub.files]
    .filter(([name]) => name.startsWith(`${repo}/`))
    .map(([name, bytes]) => [name.slice(repo.length + 1), bytes]);

/** In pages of two files, which the real hub has, too, only longer. */
function huggingFaceTree(hub: TestHub, repo: string, url: URL, response: ServerResponse): void {
  const from = Number(url.searchParams.get('cursor') ?? 0);
  const all = of(hub, repo);
  const page = all.slice(from, from + 2).map(([path, bytes]) => ({
    type: 'file',
    path,
    oid: blobOf(bytes),
    size: bytes.length,
    ...(/\.(md|json)$/.test(path)
      ? {}
      : { lfs: { oid: sha256Of(bytes), size: bytes.length, pointerSize: 130 } }),
  }));
  url.searchParams.set('cursor', String(from + 2));
  const next = `<https://hub.invalid${url.pathname}${url.search}>; rel="next"`;
  response.writeHead(200, {
    'content-type': 'application/json',
    ...(from + 2 < all.length ? { link: next } : {}),
  });
  response.end(JSON.stringify([{ type: 'directory', path: 'Art', oid: '0'.repeat(40), size: 0 }, ...page]));
}

/** In pages of two files, or all at once without an address. */
function modelScopeTree(hub: TestHub, repo: string, url: URL | null, response: ServerResponse): void {
  const all = of(hub, repo);
  const size = url === null ? all.length : 2;
  const from = url === null ? 0 : (Number(url.searchParams.get('PageNumber')) - 1) * size;
  const Files = all.slice(from, from + size).map(([Path, bytes]) => ({
    Type: 'blob',
    Path,
    Size: bytes.length,
    Sha256: sha256Of(bytes),
    Revision: url === null ? hub.commit : 'f'.repeat(40),
  }));
  const LatestCommitter = { Id: '', ShortId: 'abcdef01' };
  response.end(JSON.stringify({ Code: 200, Data: { Files, LatestCommitter }, TotalCount: all.length }));
}

function sendFile(hub: TestHub, name: string, request: IncomingMessage, response: ServerResponse): void {
  const { range } = request.headers;
  hub.requests.push({ path: name, range });
  const fault = hub.faults.shift() ?? {};
  const file = fault.bytes ?? hub.files.get(name);
  if (fault.status !== undefined || file === undefined) {
    response.writeHead(fault.status ?? 404, fault.headers).end();
    return;
  }
  const [, first, last] = (fault.ignoresRange ? null : /^bytes=(\d+)-(\d*)$/.exec(range ?? '')) ?? [];
  const from = Number(first ?? 0);
  if (from >= file.length && file.length > 0) {
    response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end();
    return;
  }
  const body = file.subarray(from, last ? Number(last) + 1 : undefined);
  const partial = first !== undefined;
  response.writeHead(partial ? 206 : 200, {
    'content-length': body.length,
    etag: hub.etag,
    ...(partial ? { 'content-range': `bytes ${from}-${from + body.length - 1}/${file.length}` } : {}),
    ...fault.headers,
  });
  if (fault.stall !== undefined) {
    response.write(body.subarray(0, fault.stall));
    hub.stalled.push(response);
  } else if (fault.breakAfter !== undefined)
    response.write(body.subarray(0, fault.breakAfter), () => setTimeout(() => response.destroy(), 20));
  else if (hub.paceMs > 0) void sendSlowly(response, body, hub.paceMs);
  else response.end(body);
}

async function sendSlowly(response: ServerResponse, body: Buffer, paceMs: number): Promise<void> {
  for (let at = 0; at < body.length && !response.destroyed; at += 32_768) {
    response.write(body.subarray(at, at + 32_768));
    await sleep(paceMs);
  }
  response.end();
}
