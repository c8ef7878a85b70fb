/** Wheels for tests, and an index on this machine that has them. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { zipSync } from 'fflate';

/** The smallest 64-bit Linux library that names others as needed: a header, two segments, the names. */
export function libraryNeeding(...names: string[]): Buffer {
  const strings = Buffer.from(`\0${names.map((name) => `${name}\0`).join('')}`, 'latin1');
  const header = Buffer.alloc(64 + 2 * 56);
  header.write('\x7fELF\x02\x01', 'latin1');
  header.writeBigUInt64LE(64n, 32);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(2, 56);
  const entries = [
    ...names.map((name) => [1, strings.indexOf(`\0${name}\0`) + 1]),
    [5, 0],
    [10, strings.length],
  ];
  const dynamic = Buffer.alloc((entries.length + 1) * 16);
  const namesAt = header.length + dynamic.length;
  for (const [i, [tag, value]] of entries.entries()) {
    dynamic.writeBigUInt64LE(BigInt(tag!), i * 16);
    // Addresses are as places in the file, moved by a page.
    dynamic.writeBigUInt64LE(BigInt(tag === 5 ? namesAt + 4096 : value!), i * 16 + 8);
  }
  for (const [i, [type, from, bytes]] of [
    [1, 0, namesAt + strings.length],
    [2, header.length, dynamic.length],
  ].entries()) {
    const at = 64 + i * 56;
    header.writeUInt32LE(type!, at);
    header.writeBigUInt64LE(BigInt(from!), at + 8);
    header.writeBigUInt64LE(BigInt(from! + 4096), at + 16);
    header.writeBigUInt64LE(BigInt(bytes!), at + 32);
  }
  return Buffer.concat([header, dynamic, strings]);
}

/** A wheel with files and their sums; `record` changes what RECORD says. */
export function wheel(files: Record<string, Uint8Array>, record = (text: string) => text): Buffer {
  const lines = Object.entries(files).map(
    ([name, bytes]) =>
      `${name},sha256=${createHash('sha256').update(bytes).digest('base64url')},${bytes.length}\n`,
  );
  return Buffer.from(zipSync({ ...files, 'some-1.dist-info/RECORD': Buffer.from(record(lines.join(''))) }));
}

/** Of PyPI's simple API, as JSON. */
export interface TestIndex {
  address: string;
  /** By the names of projects and files. */
  projects: Record<string, Record<string, Buffer>>;
  /** Of files: the name and the range. */
  requests: string[];
  /** Ends the next answer after so many bytes. */
  breakAfter: number | null;
  /** Sends other bytes than it announces. */
  altered: boolean;
  close(): Promise<void>;
}

export async function startIndex(projects: TestIndex['projects']): Promise<TestIndex> {
  const server = createServer((request, response) => {
    const [, kind, project = '', file] = request.url!.split('/');
    const files = index.projects[project];
    if (!files) return void response.writeHead(404).end();
    if (kind === 'simple') {
      if (request.headers.accept !== 'application/vnd.pypi.simple.v1+json')
        return void response.end('<html>');
      const list = Object.entries(files).map(([filename, bytes]) => ({
        filename,
        // Relative, as mirrors have it.
        url: `../../files/${project}/${filename}`,
        size: bytes.length,
        hashes: { sha256: createHash('sha256').update(bytes).digest('hex') },
        yanked: filename.includes('yanked') ? 'it is broken' : false,
      }));
      return void response.end(
        JSON.stringify({ meta: { 'api-version': '1.1' }, name: project, files: list }),
      );
    }
    const { range } = request.headers;
    index.requests.push(`${file} ${range ?? ''}`.trim());
    const from = Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    const whole = files[file!]!;
    const bytes = (index.altered ? Buffer.alloc(whole.length) : whole).subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': bytes.length,
      ...(from > 0 && { 'content-range': `bytes ${from}-${whole.length - 1}/${whole.length}` }),
    });
    const { breakAfter } = index;
    index.breakAfter = null;
    if (breakAfter === null) return void response.end(bytes);
    response.write(bytes.subarray(0, breakAfter), () => setTimeout(() => response.destroy(), 20));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const index: TestIndex = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`,
    ...{ projects, requests: [], breakAfter: null, altered: false },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return index;
}
