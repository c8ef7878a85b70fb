import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CancelledError } from '../../models/runtime';
import { DatasetError } from './dataset';
import { connectionError, PassingError, request, withRetries, type Network } from './http';
import { hashFile, type LockedFile } from './lock';

export interface FetchOptions extends Network {
  /** Bytes of the file that are there; it may fall back where a server cannot resume. */
  onProgress?: (bytes: number) => void;
}

/** Where a file is until it is whole. */
export const partOf = (folder: string, file: LockedFile): string => join(folder, `${file.path}.part`);

/**
 * Fetches a file into the folder: into `<path>.part`, from where an earlier try ended, and renames it once its sha256
 * is right. Whatever ends it, the `.part` stays for the next try, unless its content is wrong.
 * @throws DatasetError; CancelledError when the signal aborts
 */
export async function fetchFile(
  folder: string,
  file: LockedFile,
  url: string,
  options: FetchOptions = {},
): Promise<void> {
  const part = partOf(folder, file);
  await onDisk(part, () => mkdir(dirname(part), { recursive: true }));
  const resumed = (await sizeOf(part)) > 0;
  await complete(part, file, url, options);
  let sum = await hashFile(part, options.signal).catch(cancelledIf(options.signal));
  if (sum !== file.sha256 && resumed) {
    // The start may be of another time or file; from nothing there is no such doubt.
    await rm(part);
    await complete(part, file, url, options);
    sum = await hashFile(part, options.signal).catch(cancelledIf(options.signal));
  }
  if (sum !== file.sha256) {
    await rm(part);
    throw new DatasetError(
      `${file.path} from ${new URL(url).origin} has different content (sha256 ${sum}) from the dataset (${file.sha256}): the mirror or the connection altered it.`,
    );
  }
  await onDisk(part, () => rename(part, join(folder, file.path)));
}

/** Brings the `.part` to the file's size. */
async function complete(part: string, file: LockedFile, url: string, options: FetchOptions): Promise<void> {
  let furthest = await sizeOf(part);
  let got = furthest;
  await withRetries(
    async (signal, alive) => {
      let from = await sizeOf(part);
      if (from > file.size) {
        await rm(part);
        from = 0;
      }
      furthest = Math.max(furthest, got);
      got = from;
      options.onProgress?.(got);
      if (from === file.size && from > 0) return;
      await receive(part, file, url, from, signal, (bytes) => {
        alive();
        got = bytes;
        options.onProgress?.(bytes);
      });
    },
    options,
    () => got > furthest,
  );
}

async function receive(
  part: string,
  file: LockedFile,
  url: string,
  from: number,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const response = await request(url, signal, from > 0 ? { range: `bytes=${from}-` } : {}).catch(
    async (error: unknown) => {
      if (!(error instanceof RangeError)) throw error;
      // The server has a shorter file than the part: it is of something else.
      await rm(part);
      throw new PassingError(`${error.message}.`);
    },
  );
  // Without 206, or with another range, the file comes from its start.
  const resumes =
    response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${from}-`);
  if (response.status === 206 && !resumes) {
    await response.body?.cancel();
    await rm(part);
    throw new PassingError(`${new URL(url).origin} sent a different part of ${file.path} than requested.`);
  }
  const handle = await onDisk(part, () => open(part, resumes ? 'a' : 'w'));
  let bytes = resumes ? from : 0;
  try {
    for await (const chunk of chunksOf(response, url, signal)) {
      bytes += chunk.byteLength;
      if (bytes > file.size)
        throw new DatasetError(
          `${new URL(url).origin} sent more than the ${file.size} bytes of ${file.path}.`,
        );
      await onDisk(part, () => handle.writeFile(chunk));
      onBytes(bytes);
    }
    await onDisk(part, () => handle.sync());
  } finally {
    await handle.close();
  }
  if (bytes < file.size)
    throw new PassingError(`${new URL(url).origin} ended ${file.path} after ${bytes} of ${file.size} bytes.`);
}

async function* chunksOf(response: Response, url: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  try {
    yield* response.body as unknown as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw signal.aborted ? error : connectionError(error, url);
  }
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** Errors of the disk, as what can be done. */
async function onDisk<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw diskError(error as NodeJS.ErrnoException, path);
  }
}

/** @param path of what was being written */
export function diskError(error: NodeJS.ErrnoException, path: string): DatasetError {
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT')
    return new DatasetError(
      `The disk is full (${path}). Free some space and pull again; downloaded files are kept.`,
    );
  return new DatasetError(`Cannot write ${path}: ${error.code ?? error.message}.`);
}

const cancelledIf =
  (signal: AbortSignal | undefined) =>
  (error: unknown): never => {
    throw signal?.aborted ? new CancelledError() : error;
  };
