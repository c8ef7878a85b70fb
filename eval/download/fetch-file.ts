import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bytesOf, onDisk, partOf } from './disk';
import { DownloadError } from './errors';
import { connectionError, PassingError, request, withRetries, type Network } from './http';
import { check, type LockedFile } from './lock';
import { discard, journalOf, openSegments, receivedBytes } from './journal';
import { inParallel } from './parallel';

export interface FetchOptions extends Network {
  /** Bytes of the file that are there; it may fall back where a server cannot resume. */
  onProgress?: (bytes: number) => void;
  /** Requests at once for a file that is larger than a segment. Default: 1. */
  connections?: number;
  /** Bytes of a segment. */
  segment?: number;
}

const segmentBytes = 256 * 2 ** 20;

/** A server without ranges, of which a file comes as a whole only. */
class NoRangesError extends DownloadError {}

/** What the server has is not the file that was begun. */
class OtherFileError extends DownloadError {}

/**
 * Fetches a file into the folder: into `<path>.part`, from where an earlier try ended, and renames it once its sum
 * is right. Whatever ends it, the `.part` stays for the next try, unless its content is wrong.
 * @returns its sha256
 * @throws DownloadError; CancelledError when the signal aborts
 */
export async function fetchFile(
  folder: string,
  file: LockedFile,
  url: string,
  options: FetchOptions = {},
): Promise<string> {
  const part = partOf(folder, file);
  await onDisk(part, () => mkdir(dirname(part), { recursive: true }));
  const resumed = (await receivedBytes(part, file)) > 0;
  await complete(part, file, url, options);
  let { sha256, same } = await check(part, file, options.signal);
  if (!same && resumed) {
    // The start may be of another time or file; from nothing there is no such doubt.
    await discard(part);
    await complete(part, file, url, options);
    ({ sha256, same } = await check(part, file, options.signal));
  }
  if (!same) {
    await discard(part);
    throw new DownloadError(
      `${file.path} from ${new URL(url).origin} has different content (sha256 ${sha256}) from what was announced (${file.sha256 ?? `git ${file.blob}`}), and was deleted: the mirror or the connection altered it.`,
    );
  }
  await onDisk(part, () => rename(part, join(folder, file.path)));
  await rm(journalOf(part), { force: true });
  return sha256;
}

/** Brings the `.part` to the whole file. */
async function complete(part: string, file: LockedFile, url: string, options: FetchOptions): Promise<void> {
  const { connections = 1, segment = segmentBytes } = options;
  const large = connections > 1 && file.size > segment;
  for (let tries = 0; large || (await bytesOf(journalOf(part))) > 0; tries++)
    try {
      return await inSegments(part, file, url, options);
    } catch (error) {
      const other = error instanceof OtherFileError && tries === 0;
      if (!other && !(error instanceof NoRangesError)) throw error;
      await discard(part);
      if (!other) break;
    }
  await inOneGo(part, file, url, options);
}

/** Several requests, each for a segment, whose bytes go to their places in the `.part`. */
async function inSegments(part: string, file: LockedFile, url: string, options: FetchOptions): Promise<void> {
  const { connections = 1, segment = segmentBytes, onProgress } = options;
  const { journal, save } = await openSegments(part, file, segment);
  const handle = await onDisk(part, () => open(part, 'r+'));
  const progress = () => onProgress?.(journal.done.reduce((sum, bytes) => sum + bytes, 0));
  let saved = performance.now();
  const fetchSegment = async (i: number, signal: AbortSignal) => {
    const start = i * journal.segment;
    const end = Math.min(start + journal.segment, file.size);
    let before = 0;
    await withRetries(
      async (signal, alive) => {
        before = journal.done[i]!;
        if (start + before === end) return;
        const { response } = await answer(file, url, [start + before, end], signal, options);
        const etag = response.headers.get('etag');
        if (journal.etag !== null && etag !== null && journal.etag !== etag) {
          await response.body?.cancel();
          throw new OtherFileError(`${file.path} changed at ${new URL(url).origin} while it was downloaded.`);
        }
        journal.etag ??= etag;
        const at = { handle, part, from: start + before, to: end };
        await receive(at, file, url, response, signal, options, async (bytes) => {
          alive();
          journal.done[i] = bytes - start;
          progress();
          if (performance.now() - saved < saveMs) return;
          saved = performance.now();
          await save(handle);
        });
      },
      { ...options, signal },
      () => journal.done[i]! > before,
    );
  };
  try {
    progress();
    await inParallel(journal.done.keys(), connections, fetchSegment, options.signal);
  } finally {
    await save(handle).finally(() => handle.close());
  }
}

/** What comes within as many milliseconds is lost where the process is killed. */
const saveMs = 1000;

/** One request for all that is missing, appended to the `.part`. */
async function inOneGo(part: string, file: LockedFile, url: string, options: FetchOptions): Promise<void> {
  let furthest = await bytesOf(part);
  let got = furthest;
  await withRetries(
    async (signal, alive) => {
      let from = await bytesOf(part);
      if (from > file.size) {
        await rm(part);
        from = 0;
      }
      furthest = Math.max(furthest, got);
      got = from;
      options.onProgress?.(got);
      if (from === file.size && from > 0) return;
      const { response, at } = await answer(file, url, [from], signal, options).catch(
        async (error: unknown) => {
          if (!(error instanceof OtherFileError)) throw error;
          await rm(part);
          throw new PassingError(error.message);
        },
      );
      const handle = await onDisk(part, () => open(part, at > 0 ? 'r+' : 'w'));
      try {
        const to = file.size;
        await receive({ handle, part, from: at, to }, file, url, response, signal, options, (bytes) => {
          alive();
          got = bytes;
          options.onProgress?.(bytes);
        });
        await onDisk(part, () => handle.sync());
      } finally {
        await handle.close();
      }
    },
    options,
    () => got > furthest,
  );
}

/**
 * What the server sends from a byte on, or from one byte to before another, and at which byte that begins.
 * @throws NoRangesError when it sends a whole file in place of a segment; OtherFileError
 */
async function answer(
  file: LockedFile,
  url: string,
  [from, to]: [from: number, to?: number],
  signal: AbortSignal,
  network: Network,
): Promise<{ response: Response; at: number }> {
  const { origin } = new URL(url);
  const range = `bytes=${from}-${to === undefined ? '' : to - 1}`;
  const whole = from === 0 && to === undefined;
  const response = await request(url, signal, network, whole ? {} : { range }).catch((error: unknown) => {
    // The server has a shorter file.
    throw error instanceof RangeError ? new OtherFileError(`${error.message}.`) : error;
  });
  const refuse = async (error: DownloadError) => {
    await response.body?.cancel();
    return error;
  };
  if (/^text\/html\b/.test(response.headers.get('content-type') ?? ''))
    throw await refuse(
      new DownloadError(`${origin} sent a web page instead of ${file.path}: it may ask you to sign in.`),
    );
  if (response.status !== 206) {
    if (to !== undefined) throw await refuse(new NoRangesError(`${origin} sends whole files only.`));
    return { response, at: 0 };
  }
  const sent = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  if (Number(sent?.[1]) !== from || (sent?.[2] !== '*' && Number(sent?.[2]) !== file.size))
    throw await refuse(new OtherFileError(`${origin} sent a different part of ${file.path} than requested.`));
  return { response, at: from };
}

/** Writes a response to its place, from byte `from` to before byte `to`. @param onBytes gets the byte that comes next */
async function receive(
  { handle, part, from, to }: { handle: FileHandle; part: string; from: number; to: number },
  file: LockedFile,
  url: string,
  response: Response,
  signal: AbortSignal,
  network: Network,
  onBytes: (bytes: number) => void | Promise<void>,
): Promise<void> {
  const { origin } = new URL(url);
  let at = from;
  for await (const chunk of chunksOf(response, url, signal, network)) {
    if (at + chunk.byteLength > to)
      throw new DownloadError(
        `${origin} sent more than the ${to - from} bytes of ${file.path} that were asked for.`,
      );
    for (let written = 0; written < chunk.byteLength;) {
      const left = chunk.subarray(written);
      written += (await onDisk(part, () => handle.write(left, 0, left.byteLength, at + written)))
        .bytesWritten;
    }
    at += chunk.byteLength;
    await onBytes(at);
  }
  if (at < to) throw new PassingError(`${origin} ended ${file.path} after ${at} of ${to} bytes.`);
}

async function* chunksOf(
  response: Response,
  url: string,
  signal: AbortSignal,
  network: Network,
): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  // Otherwise the next chunk would be waited for without end where the last one is there when the signal aborts.
  const stop = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      signal.throwIfAborted();
      yield next.value;
    }
    signal.throwIfAborted();
  } catch (error) {
    throw signal.aborted ? error : connectionError(error, url, network);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}
