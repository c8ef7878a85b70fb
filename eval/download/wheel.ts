import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import yauzl from 'yauzl';
import { CancelledError } from '../../models/runtime';
import { checkRoom, onDisk, type Room } from './disk';
import { DownloadError } from './errors';

export interface Unpacked {
  name: string;
  bytes: number;
  sha256: string;
}

/**
 * Unpacks files of a wheel (a zip) into a folder, each compared with the sum that the wheel's RECORD has of it. They get their names
 * when all of them are there and right, in the order of `wanted`: what is there already is replaced, never written into.
 * @param wanted paths in the wheel; of those that match one pattern, all. Each must match something.
 * @throws DownloadError; CancelledError when the signal aborts
 */
export async function unpackWheel(
  wheel: string,
  wanted: readonly RegExp[],
  folder: string,
  { signal, room }: { signal?: AbortSignal; room?: Room } = {},
): Promise<Unpacked[]> {
  const damaged = (what: string) => new DownloadError(`${basename(wheel)}: ${what}. Download it again.`);
  const archive = await yauzl
    .openPromise(wheel, { lazyEntries: true, autoClose: false })
    .catch((error: Error) => {
      throw damaged(`it cannot be read as a wheel (${error.message})`);
    });
  const written: { part: string; file: string; unpacked: Unpacked }[] = [];
  try {
    const entries: yauzl.Entry[] = [];
    for await (const entry of archive.eachEntry()) entries.push(entry);
    const record = entries.find(({ fileName }) => /^[^/]+\.dist-info\/RECORD$/.test(fileName));
    if (!record) throw damaged('it has no RECORD');
    const sums = sumsOf(await text(await archive.openReadStreamPromise(record)));
    const chosen = wanted.flatMap((pattern) => {
      const found = entries.filter(({ fileName }) => pattern.test(fileName));
      if (found.length === 0) throw damaged(`it has no ${pattern.source.replaceAll('\\', '')}`);
      return found;
    });
    await onDisk(folder, () => mkdir(folder, { recursive: true }));
    const bytes = chosen.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
    await checkRoom(folder, bytes, room, 'Free some space and install again.');
    for (const entry of chosen) {
      const file = join(folder, basename(entry.fileName));
      const part = `${file}.part`;
      const hash = createHash('sha256');
      const hashing = new Transform({
        transform: (chunk: Buffer, _encoding, next) => (hash.update(chunk), next(null, chunk)),
      });
      written.push({
        ...{ part, file },
        unpacked: { name: basename(file), bytes: entry.uncompressedSize, sha256: '' },
      });
      await rm(part, { force: true });
      await pipeline(await archive.openReadStreamPromise(entry), hashing, createWriteStream(part), {
        signal,
      }).catch(async (error: NodeJS.ErrnoException) => {
        if (signal?.aborted) throw new CancelledError();
        if (error.code !== undefined) return onDisk(part, () => Promise.reject(error));
        throw damaged(`${entry.fileName} cannot be unpacked (${error.message})`);
      });
      const digest = hash.digest();
      if (digest.toString('base64url') !== sums.get(entry.fileName))
        throw damaged(`${entry.fileName} has different content from what its RECORD says`);
      written.at(-1)!.unpacked.sha256 = digest.toString('hex');
      const handle = await open(part, 'r');
      await handle.sync().finally(() => handle.close());
    }
    for (const { part, file } of written) await onDisk(file, () => rename(part, file));
    return written.map(({ unpacked }) => unpacked);
  } finally {
    archive.close();
    for (const { part } of written) await rm(part, { force: true });
  }
}

/** `path,sha256=…,bytes`; a path with a comma is in quotes, and none of those is wanted. */
function sumsOf(record: string): Map<string, string> {
  return new Map(
    record.split('\n').flatMap((line): [string, string][] => {
      const [, path, sum] = /^([^",]+),sha256=([\w-]+)=*,\d+\s*$/.exec(line) ?? [];
      return path === undefined ? [] : [[path, sum!]];
    }),
  );
}
