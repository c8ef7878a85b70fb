import { RuntimeError } from '../../models/runtime/errors';
import { decodeImage, imageLimits, inspectImage } from '../../models/runtime/image/decode';
import { storePicture, type Picture } from '../blobs/pictures';
import { isConnectionError, StudioError } from '../errors/errors';
import type { Services } from '../trpc/context';
import { isSameSite } from '../trpc/visitor';
import { jsonError } from './responses';

/**
 * Takes one picture as the binary body and answers `{hash, width, height}`. The file's name and declared type
 * count for nothing: the bytes decide. Errors are `{code, message}` with a fitting status.
 */
export async function receiveUpload(
  request: Request,
  services: Pick<Services, 'db' | 'blobs' | 'log'>,
): Promise<Response> {
  if (!isSameSite(request.headers))
    return jsonError(403, 'FORBIDDEN', 'This request came from another site and was refused.');
  try {
    const tooLarge = `The file is larger than ${imageLimits.bytes / 1e6} MB. Save it smaller.`;
    const bytes = await readLimited(request, imageLimits.bytes, tooLarge);
    const picture = await acceptPicture(services, bytes);
    return Response.json(picture, { status: 201, headers: { 'cache-control': 'no-store' } });
  } catch (error) {
    if (error instanceof RuntimeError)
      return jsonError(error.code === 'image_too_many_bytes' ? 413 : 400, error.code, error.message);
    if (error instanceof StudioError && error.code === 'TOO_LARGE')
      return jsonError(413, error.code, error.message);
    if (error instanceof StudioError) return jsonError(503, error.code, error.message);
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

/** Checks the bytes of a picture and stores them as they are. @throws ImageError, StudioError */
export async function acceptPicture(
  services: Pick<Services, 'db' | 'blobs'>,
  bytes: Uint8Array,
): Promise<Picture> {
  const { format } = await inspectImage(bytes);
  const { width, height } = await oneAtATime(() => decodeImage(bytes));
  return storePicture(services, bytes, { mediaType: `image/${format}`, width, height });
}

/**
 * Reads the body and stops at the limit, whatever length was declared.
 * @param limit in bytes.
 * @throws StudioError TOO_LARGE with the message given.
 */
export async function readLimited(request: Request, limit: number, message: string): Promise<Buffer> {
  const tooLarge = () => new StudioError('TOO_LARGE', message);
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge();
  const parts: Uint8Array[] = [];
  let total = 0;
  if (request.body) {
    const reader = request.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      total += value.byteLength;
      if (total > limit) {
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
