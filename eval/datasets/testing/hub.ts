/** A hub for tests: the two APIs and the files, on this machine, with faults in the order that a test names them. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

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
}

export interface TestHub {
  address: string;
  /** The requests for files: path and range. */
  requests: { path: string; range: string | undefined }[];
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

export async function startHub(files: Record<string, Buffer>): Promise<TestHub> {
  const server = createServer((request, response) => answer(hub, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hub: TestHub = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    listings: [],
    faults: [],
    files: new Map(Object.entries(files)),
    stalled: [],
    breakStalled: () => hub.stalled.splice(0).forEach((response) => response.destroy()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return hub;
}

function answer(hub: TestHub, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url!, hub.address);
  const path = decodeURIComponent(url.pathname);
  const tree = /^\/api\/datasets\/([^/]+\/[^/]+)\/tree\//.exec(path)?.[1];
  const msTree = /^\/api\/v1\/datasets\/([^/]+\/[^/]+)\/repo\/tree$/.exec(path)?.[1];
  const resolved = /^\/datasets\/([^/]+\/[^/]+)\/resolve\/[^/]+\/(.+)$/.exec(path);
  const msFile = /^\/api\/v1\/datasets\/([^/]+\/[^/]+)\/repo$/.exec(path)?.[1];
  if (resolved) return sendFile(hub, `${resolved[1]}/${resolved[2]}`, request, response);
  if (msFile) return sendFile(hub, `${msFile}/${url.searchParams.get('FilePath')}`, request, response);
  hub.listings.push(request.url!);
  if (tree) return huggingFaceTree(hub, tree, url, response);
  if (msTree) return modelScopeTree(hub, msTree, url, response);
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
    oid: '0'.repeat(40),
    size: bytes.length,
    ...(path.endsWith('.md') ? {} : { lfs: { oid: sha256Of(bytes), size: bytes.length, pointerSize: 130 } }),
  }));
  url.searchParams.set('cursor', String(from + 2));
  const next = `<https://hub.invalid${url.pathname}${url.search}>; rel="next"`;
  response.writeHead(200, {
    'content-type': 'application/json',
    ...(from + 2 < all.length ? { link: next } : {}),
  });
  response.end(JSON.stringify([{ type: 'directory', path: 'Art', oid: '0'.repeat(40), size: 0 }, ...page]));
}

function modelScopeTree(hub: TestHub, repo: string, url: URL, response: ServerResponse): void {
  const all = of(hub, repo);
  const size = 2;
  const from = (Number(url.searchParams.get('PageNumber')) - 1) * size;
  const Files = all.slice(from, from + size).map(([Path, bytes]) => ({
    Type: 'blob',
    Path,
    Size: bytes.length,
    Sha256: sha256Of(bytes),
    Revision: 'f'.repeat(40),
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
  const from = fault.ignoresRange ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  if (from >= file.length && file.length > 0) {
    response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end();
    return;
  }
  const body = file.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': body.length,
    ...(from > 0 ? { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` } : {}),
    ...fault.headers,
  });
  if (fault.stall === undefined) response.end(body);
  else {
    response.write(body.subarray(0, fault.stall));
    hub.stalled.push(response);
  }
}
