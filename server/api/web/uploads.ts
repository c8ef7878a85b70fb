import { RuntimeError } from '../../../models/runtime/errors';
import { keepable } from '../../../models/runtime/image/convert';
import { decodeImage, inspectImage } from '../../../models/runtime/image/decode';
import { cleanPicture, storePicture, type Picture } from '../../platform/blobs/pictures';
import { queuePictureCheck } from '../../demo/jobs/picture-check';
import { StudioError } from '../../platform/errors/errors';
import type { Services } from '../../accounts/context';
import type { Asker } from '../../platform/limits/limits';
import { checkStorage, recordUpload } from '../../platform/limits/storage';
import { bodyLimits } from '../../platform/limits/body-limits.mjs';
import { addressOf, isSameSite } from '../../accounts/visitor';
import { failureOf, jsonError } from './responses';
import { whoAsks } from './requester';

/**
 * Takes one picture as the binary body and answers `{hash, width, height}`. The file's name and declared type
 * count for nothing: the bytes decide. Errors are `{code, message}` with a fitting status.
 */
export async function receiveUpload(
  request: Request,
  services: Pick<Services, 'db' | 'blobs' | 'log' | 'limits' | 'turns' | 'auth'>,
): Promise<Response> {
  if (!isSameSite(request.headers))
    return jsonError(403, 'FORBIDDEN', 'This request came from another site and was rejected.');
  try {
    const who = await whoAsks(request, services);
    const asker = { visitorId: who.visitorId, address: addressOf(request.headers) };
    await services.limits.takeUpload(asker);
    const picture = await acceptPicture(services, asker, await readLimited(request));
    const headers = new Headers({ 'cache-control': 'no-store' });
    who.introduce(headers);
    who.release(headers);
    return Response.json(picture, { status: 201, headers });
  } catch (error) {
    return uploadRefusal(error, services);
  }
}

/** What is answered to an upload that failed: a code for programs, a message for people. @param what an export, say */
export function uploadRefusal(error: unknown, services: Pick<Services, 'log'>, what = 'upload'): Response {
  if (error instanceof RuntimeError)
    return jsonError(error.code === 'image_too_many_bytes' ? 413 : 400, error.code, error.message);
  return failureOf(error, services, `${what} failed`, `The ${what} failed on the server. Try again.`);
}

/**
 * Checks the bytes of a picture and stores them without their metadata, as this visitor's.
 * @throws ImageError, StudioError STORAGE_FULL, PICTURES_BUSY
 */
export async function acceptPicture(
  services: Pick<Services, 'db' | 'blobs' | 'log' | 'limits' | 'turns'>,
  asker: Asker,
  sent: Uint8Array,
): Promise<Picture> {
  const { visitorId } = asker;
  await checkStorage(services, visitorId, sent.byteLength);
  const picture = await storeSent(services, asker, sent);
  await recordUpload(services.db, visitorId, picture.hash);
  await queuePictureCheck(services, picture.hash).catch((error: unknown) =>
    // The picture is there; that nobody checks it is no reason to refuse it.
    services.log.warn({ err: error }, 'the check of an upload could not be queued'),
  );
  return picture;
}

/**
 * Checks the bytes of a picture and stores them without their metadata, as nobody's yet.
 * @throws ImageError, StudioError PICTURES_BUSY
 */
export async function storeSent(
  services: Pick<Services, 'db' | 'blobs' | 'turns'>,
  asker: Asker,
  sent: Uint8Array,
): Promise<Picture> {
  const { bytes, ...info } = await services.turns.pictures.take(lineOf(asker), () =>
    checkPicture(services, sent),
  );
  return storePicture(services, bytes, info);
}

/** Whose turn it is: an address', where it is known, so that throwing the cookie away gains none. */
export const lineOf = ({ visitorId, address }: Asker): string => address ?? visitorId;

/** Decodes a picture that was sent, which is to be done in turns: the bytes to keep of it, and what it is. @throws ImageError */
export async function checkPicture(
  { db }: Pick<Services, 'db'>,
  sent: Uint8Array,
): Promise<{ bytes: Uint8Array; mediaType: string; width: number; height: number }> {
  const kept = await keepable(sent);
  const { width, height } = await decodeImage(kept);
  const bytes = await cleanPicture(db, kept);
  const { format } = await inspectImage(bytes);
  return { bytes, mediaType: `image/${format}`, width, height };
}

/**
 * Reads the body and stops at the limit, whatever length was declared. In the product all of it is there by then, and of
 * no more than the limit (server/start/bodies.mjs).
 * @param limit in bytes; a picture's by default.
 * @throws StudioError TOO_LARGE
 */
export async function readLimited(
  request: Request,
  limit: number = bodyLimits.picture,
  message = `The file is larger than ${limit / 1e6} MB. Reduce its size.`,
): Promise<Buffer> {
  const tooLarge = () => new StudioError('TOO_LARGE', message, { params: { megabytes: limit / 1e6 } });
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
