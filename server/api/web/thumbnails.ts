import { ImageError } from '../../../models/runtime/errors';
import { thumbnailSizes } from '../../platform/blobs/thumbnails';
import type { Services } from '../../accounts/context';
import { imageHeaders, isKnown } from './image-headers';
import { replacementOf } from '../../evaluation/redraw/redrawable';
import { pictureBytes } from './lazy-picture';
import type { PictureAccess } from '../../demo/sharing/picture-access';
import { comeAgain, elsewhere, jsonError } from './responses';

/**
 * A small copy of a picture, `?size=160` or `?size=320` pixels on its longer side and never larger than the picture.
 * WebP, and for whom the picture is.
 */
export async function serveThumbnail(
  request: Request,
  wanted: { hash: string; size: string; access: PictureAccess },
  services: Pick<Services, 'db' | 'blobs' | 'hub' | 'thumbnails'>,
): Promise<Response> {
  const { db, blobs, thumbnails } = services;
  const { hash } = wanted;
  const size = thumbnailSizes.find((one) => String(one) === wanted.size);
  if (!size)
    return jsonError(
      400,
      'BAD_REQUEST',
      `Thumbnail sizes are ${thumbnailSizes.join(' and ')}; omit the size for the full image.`,
    );
  const etag = `"${hash}-${size}"`;
  const headers = imageHeaders(etag, wanted.access);
  if (isKnown(request, etag)) return new Response(null, { status: 304, headers });
  const row = await db.prisma.blob.findUnique({ where: { hash }, select: { hash: true } });
  let bytes: Buffer | null;
  try {
    bytes = row && (await thumbnails.get(hash, size, () => blobs.get(hash)));
    if (row && !bytes) {
      // Asked for outside of `thumbnails`, which makes only two at once.
      const whole = await pictureBytes(services, hash);
      if (whole === 'pending') return comeAgain();
      bytes = whole && (await thumbnails.get(hash, size, async () => whole));
    }
  } catch (error) {
    if (error instanceof ImageError) return jsonError(422, error.code, error.message);
    throw error;
  }
  if (!bytes) return elsewhere(request, await replacementOf(db, hash));
  return new Response(new Uint8Array(bytes), {
    headers: { ...headers, 'content-type': 'image/webp', 'content-length': String(bytes.byteLength) },
  });
}
