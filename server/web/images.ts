import type { Services } from '../trpc/context';
import { imageHeaders, isKnown } from './image-headers';
import { jsonError } from './responses';
import { serveThumbnail } from './thumbnails';

/** The bytes of a picture. They never change under their hash, so browsers keep them for good. */
export async function serveImage(
  request: Request,
  hash: string,
  services: Pick<Services, 'db' | 'blobs' | 'thumbnails'>,
): Promise<Response> {
  const { db, blobs } = services;
  if (!/^[0-9a-f]{64}$/.test(hash)) return jsonError(404, 'NOT_FOUND', 'There is no such picture.');
  const size = new URL(request.url).searchParams.get('size');
  if (size !== null) return serveThumbnail(request, { hash, size }, services);
  const etag = `"${hash}"`;
  const headers = imageHeaders(etag);
  if (isKnown(request, etag)) return new Response(null, { status: 304, headers });
  const [row, bytes] = await Promise.all([
    db.prisma.blob.findUnique({ where: { hash }, select: { mediaType: true } }),
    blobs.get(hash),
  ]);
  if (!row || !bytes) return jsonError(404, 'NOT_FOUND', 'There is no such picture.');
  const name = new URL(request.url).searchParams.get('download');
  if (name !== null) headers['content-disposition'] = attachment(name);
  return new Response(new Uint8Array(bytes), {
    headers: { ...headers, 'content-type': row.mediaType, 'content-length': String(bytes.byteLength) },
  });
}

/** RFC 6266: a plain name for old clients and the full one in UTF-8. */
function attachment(name: string): string {
  const clean = name.replace(/[/\\:*?"<>|\p{Cc}]/gu, '_').slice(0, 120) || 'picture.png';
  const plain = clean.replace(/[^\x20-\x7e]/g, '_').replace(/%/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(clean).replace(/['()*]/g, '_')}`;
}
