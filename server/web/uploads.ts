import { RuntimeError } from '../../models/runtime/errors';
import { decodeImage, imageLimits, inspectImage } from '../../models/runtime/image/decode';
import { storePicture } from '../blobs/pictures';
import { isConnectionError, StudioError } from '../errors/errors';
import type { Services } from '../trpc/context';
import { checkStorage, recordUpload } from '../limits/storage';
import { addressOf, isSameSite, isSecure, visitorOf } from '../trpc/visitor';
import { jsonError } from './responses';

/**
 * Takes one picture as the binary body and answers `{hash, width, height}`. The file's name and declared type
 * count for nothing: the bytes decide. Errors are `{code, message}` with a fitting status.
 */
export async function receiveUpload(
  request: Request,
  services: Pick<Services, 'db' | 'blobs' | 'log' | 'limits'>,
): Promise<Response> {
  if (!isSameSite(request.headers))
    return jsonError(403, 'FORBIDDEN', 'This request came from another site and was refused.');
  const visitor = visitorOf(request.headers, isSecure(request));
  try {
    await services.limits.takeUpload({ visitorId: visitor.id, address: addressOf(request.headers) });
    const bytes = await readLimited(request);
    await checkStorage(services, visitor.id, bytes.byteLength);
    const { format } = await inspectImage(bytes);
    const { width, height } = await oneAtATime(() => decodeImage(bytes));
    const picture = await storePicture(services, bytes, { mediaType: `image/${format}`, width, height });
    await recordUpload(services.db, visitor.id, picture.hash);
    const headers = new Headers({ 'cache-control': 'no-store' });
    if (visitor.setCookie) headers.append('set-cookie', visitor.setCookie);
    return Response.json(picture, { status: 201, headers });
  } catch (error) {
    if (error instanceof RuntimeError)
      return jsonError(error.code === 'image_too_many_bytes' ? 413 : 400, error.code, error.message);
    if (error instanceof StudioError) return refusal(error);
    if (isConnectionError(error))
      return jsonError(
        503,
        'DATABASE_UNREACHABLE',
        'The database cannot be reached just now. Try again soon.',
      );
    services.log.error({ err: error }, 'upload failed');
    return jsonError(500, 'INTERNAL', 'The upload failed on the server. Try again.');
  }
}

const statuses: Partial<Record<StudioError['code'], number>> = {
  TOO_LARGE: 413,
  TOO_MANY: 429,
  STORAGE_FULL: 507,
};

/** With the reason and values for the page's own words, and when to come again. */
function refusal(error: StudioError): Response {
  const { code, message, reason, params, retryAfterSeconds } = error;
  const headers = new Headers({ 'cache-control': 'no-store' });
  if (retryAfterSeconds !== undefined) headers.set('retry-after', String(retryAfterSeconds));
  return Response.json(
    { code, message, reason, params, retryAfterSeconds },
    { status: statuses[code] ?? 503, headers },
  );
}

/** Reads the body and stops at the limit, whatever length was declared. */
async function readLimited(request: Request): Promise<Buffer> {
  const tooLarge = () =>
    new StudioError('TOO_LARGE', `The file is larger than ${imageLimits.bytes / 1e6} MB. Save it smaller.`);
  if (Number(request.headers.get('content-length') ?? 0) > imageLimits.bytes) throw tooLarge();
  const parts: Uint8Array[] = [];
  let total = 0;
  if (request.body) {
    const reader = request.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      total += value.byteLength;
      if (total > imageLimits.bytes) {
        await reader.cancel();
        throw tooLarge();
      }
      parts.push(value);
    }
  }
  return Buffer.concat(parts);
}

let previous: Promise<unknown> = Promise.resolve();

/** 40 megapixels are 120 MB while they are decoded: one picture at a time keeps the server small. */
function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const mine = previous.then(work, work);
  previous = mine.catch(() => undefined);
  return mine;
}
