import { createHash } from 'node:crypto';
import type { GenerationEventView, GenerationView, SubmitInput } from '../../demo/schema';
import { cancel, submit } from '../../demo/jobs/service';
import { streamEvents } from '../../demo/jobs/stream';
import { oneLine } from '../../platform/errors/errors';
import type { ApiContext } from './context';
import { ApiError, badField, noRetry } from './errors';

/** A job that was submitted for a request, and how the request follows it. */
export interface Job {
  id: string;
  /** Its events up to and including `end`. @throws ApiError 504 when the time is over, 499 when the caller left. */
  events: () => AsyncGenerator<GenerationEventView>;
}

/** The jobs of one request: they are followed together and given up together. */
export interface Jobs {
  list: Job[];
  /**
   * To be called when the request is over, however it ended: what has not ended by then is cancelled.
   * @param callerLeft whether the caller went away, where the signal of the request may not tell.
   */
  close: (callerLeft?: boolean) => Promise<void>;
}

/**
 * Submits the jobs of a request, all or none of them.
 * @throws ApiError, StudioError, RuntimeError as `submit` does
 */
export async function startJobs(ctx: ApiContext, inputs: SubmitInput[]): Promise<Jobs> {
  const { request, visitorId, log } = ctx;
  const idempotencyKey = readIdempotencyKey(request);
  const timeLimit = AbortSignal.timeout(ctx.timeLimitMs);
  const over = new AbortController();
  const signal = AbortSignal.any([request.signal, timeLimit, over.signal]);
  const open = new Set<string>();

  async function* events(id: string): AsyncGenerator<GenerationEventView> {
    for await (const { event } of streamEvents(ctx, visitorId, { id, after: 0, signal })) {
      if (event.type === 'end') open.delete(id);
      yield event;
      if (event.type === 'end') return;
    }
    if (!timeLimit.aborted)
      throw new ApiError(499, 'The client closed the connection.', { code: 'client_closed_request' });
    const seconds = Math.round(ctx.timeLimitMs / 1000);
    throw new ApiError(
      504,
      `The job did not finish within ${seconds} s and was cancelled. Use fewer steps or a smaller image, or try again when fewer jobs are waiting.`,
      { type: 'timeout', code: 'timeout', headers: noRetry },
    );
  }

  async function close(callerLeft = request.signal.aborted): Promise<void> {
    over.abort();
    // A caller who gave an Idempotency-Key and lost the connection may come back with it for the result.
    if (idempotencyKey !== null && callerLeft && !timeLimit.aborted) return;
    for (const id of open)
      await cancel(ctx, visitorId, id).catch((error: unknown) =>
        log.warn({ id, reason: oneLine(error) }, 'a job of the HTTP API could not be cancelled'),
      );
    open.clear();
  }

  const list: Job[] = [];
  try {
    for (const [index, input] of inputs.entries()) {
      const requestId = idempotencyKey === null ? undefined : requestIdOf(idempotencyKey, index, input);
      const { id } = await submit(ctx, visitorId, { ...input, requestId });
      open.add(id);
      list.push({ id, events: () => events(id) });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { list, close };
}

/** Codes of jobs that may end well when they are sent again later. */
const passingCodes = new Set(['INFERENCE_UNAVAILABLE', 'DATABASE_UNREACHABLE', 'DISK_FULL']);

/** The job as it ended well. @throws ApiError for one that failed or was cancelled */
export function doneOrThrow(generation: GenerationView): GenerationView {
  if (generation.state === 'done') return generation;
  if (generation.state === 'cancelled')
    throw new ApiError(409, 'The job was cancelled.', { code: 'cancelled', headers: noRetry });
  const code = generation.errorCode ?? 'internal_error';
  const isCallers = /^(image|prompt|parameter)_/.test(code);
  const isPassing = passingCodes.has(code);
  throw new ApiError(isCallers ? 400 : isPassing ? 503 : 500, generation.error ?? 'The job failed.', {
    code: code.toLowerCase(),
    headers: isPassing ? { 'retry-after': '5' } : noRetry,
  });
}

/** Follows a job to its end. @throws ApiError where it did not end well */
export async function resultOf(job: Job): Promise<GenerationView> {
  for await (const event of job.events()) if (event.type === 'end') return doneOrThrow(event.generation);
  throw new ApiError(500, 'The job ended without a result.', { code: 'internal_error' });
}

function readIdempotencyKey(request: Request): string | null {
  const key = request.headers.get('idempotency-key');
  if (key === null) return null;
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw badField(
      'Idempotency-Key',
      'Idempotency-Key must be 1 to 255 printable characters without spaces.',
    );
  return key;
}

/**
 * The same key with the same request is the same job; with another request it is another. RFC 9562, version 8:
 * the first bits of a sha256.
 */
export function requestIdOf(key: string, index: number, input: SubmitInput): string {
  const named = JSON.stringify([key, index, Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1))]);
  const bytes = createHash('sha256').update(named).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
