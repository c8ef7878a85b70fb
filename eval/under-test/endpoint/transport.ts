import { fetch, type BodyInit, type Dispatcher, type Headers } from 'undici';
import { AttemptFailure, networkFailure, timeOut } from './failures';

export interface Answer {
  status: number;
  headers: Headers;
  /** Lower case, without parameters; empty when there is none. */
  mediaType: string;
  body: Uint8Array;
}

export interface Exchange {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: BodyInit;
  dispatcher: Dispatcher;
  /** From the connection to the last byte. */
  timeoutMs: number;
  /** After decompression. */
  maxBodyBytes: number;
  signal: AbortSignal;
}

/**
 * One request and its whole answer. Redirects are answers like any other.
 * @throws AttemptFailure; the reason of `signal` when it aborts
 */
export async function exchange(
  url: URL,
  { timeoutMs, maxBodyBytes, signal, ...init }: Exchange,
): Promise<Answer> {
  signal.throwIfAborted();
  // Not AbortSignal.any: on Node 20 a run's signal would hold on to every request that was made with it.
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = setTimeout(abort, timeoutMs);
  signal.addEventListener('abort', abort);
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal: stop.signal });
    const { body, whole } = await read(response.body, maxBodyBytes);
    // What an error says matters less than that it is one.
    if (!whole && response.ok)
      throw new AttemptFailure('item', `The answer is larger than ${megabytes(maxBodyBytes)} MB.`);
    const mediaType = response.headers.get('content-type')?.split(';', 1)[0] ?? '';
    return {
      status: response.status,
      headers: response.headers,
      mediaType: mediaType.trim().toLowerCase(),
      body,
    };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AttemptFailure) throw error;
    throw stop.signal.aborted ? timeOut(timeoutMs) : networkFailure(error, url.host);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

async function read(
  stream: AsyncIterable<Uint8Array> | null,
  most: number,
): Promise<{ body: Uint8Array; whole: boolean }> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream ?? []) {
    bytes += chunk.length;
    // Leaving the loop ends the connection.
    if (bytes > most) return { body: Buffer.concat(chunks), whole: false };
    chunks.push(chunk);
  }
  return { body: Buffer.concat(chunks), whole: true };
}

function megabytes(bytes: number): number {
  return Number((bytes / 2 ** 20).toPrecision(3));
}
