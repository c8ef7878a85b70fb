import { withoutPngTexts } from '../../../models/runtime/image/png-text';
import type { Services } from '../../accounts/context';
import { imageHeaders, isKnown } from './image-headers';
import { replacementOf } from '../../evaluation/redraw/redrawable';
import { pictureBytes } from './lazy-picture';
import { accessOf } from './picture-reader';
import { comeAgain, elsewhere, failureOf, jsonError } from './responses';
import { serveThumbnail } from './thumbnails';

type Needs = Pick<Services, 'db' | 'blobs' | 'hub' | 'thumbnails' | 'auth' | 'log'>;

/** A download that is made while its reader waits: nothing asks again for them. */
const downloadPatienceMs = 20_000;

/**
 * The bytes of a picture, for who may see it: its owner, everybody where it is shared or of a published run, the team
 * where it is of the team's runs, reviews and reports. They never change under their hash, but whom they are for does.
 * `download=NAME` makes it a file to keep, `plain=1` takes the text chunks out of a PNG: those with the settings that a
 * result carries.
 */
export async function serveImage(request: Request, hash: string, services: Needs): Promise<Response> {
  try {
    return await answer(request, hash, services);
  } catch (error) {
    return failureOf(
      error,
      services,
      'an image could not be read',
      'The image could not be read. Try again.',
    );
  }
}

async function answer(request: Request, hash: string, services: Needs): Promise<Response> {
  const { db } = services;
  if (!/^[0-9a-f]{64}$/.test(hash)) return jsonError(404, 'NOT_FOUND', 'This image doesn’t exist.');
  const access = await accessOf(request, hash, services);
  if (access === null) {
    // A picture that was removed takes its copies with it.
    if ((await db.prisma.blob.count({ where: { hash } })) === 0) await services.thumbnails.remove(hash);
    return jsonError(404, 'NOT_FOUND', 'This image doesn’t exist.');
  }
  const { searchParams } = new URL(request.url);
  const size = searchParams.get('size');
  if (size !== null) return serveThumbnail(request, { hash, size, access }, services);
  const plain = searchParams.get('plain') === '1';
  const etag = plain ? `"${hash}-plain"` : `"${hash}"`;
  const headers = imageHeaders(etag, access);
  if (isKnown(request, etag)) return new Response(null, { status: 304, headers });
  const name = searchParams.get('download');
  const [row, bytes] = await Promise.all([
    db.prisma.blob.findUnique({ where: { hash }, select: { mediaType: true } }),
    pictureBytes(services, hash, name === null ? 0 : downloadPatienceMs),
  ]);
  if (bytes === 'pending') return comeAgain();
  if (!row || !bytes) return elsewhere(request, await replacementOf(db, hash));
  if (name !== null) headers['content-disposition'] = attachment(name);
  const body = plain ? withoutPngTexts(bytes) : bytes;
  return new Response(new Uint8Array(body), {
    headers: { ...headers, 'content-type': row.mediaType, 'content-length': String(body.byteLength) },
  });
}

/** RFC 6266: a plain name for old clients and the full one in UTF-8. */
function attachment(name: string): string {
  const clean = name.replace(/[/\\:*?"<>|\p{Cc}]/gu, '_').slice(0, 120) || 'picture.png';
  const plain = clean.replace(/[^\x20-\x7e]/g, '_').replace(/%/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(clean).replace(/['()*]/g, '_')}`;
}
