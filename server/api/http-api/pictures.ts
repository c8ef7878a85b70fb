import sharp from 'sharp';

import { imageLimits } from '../../../models/runtime/image/decode';
import type { StoredFormat } from '../../../models/runtime/image/format';
import type { Picture } from '../../platform/blobs/pictures';
import { withoutBase } from '../../platform/env/site-path';
import { recordUpload } from '../../platform/limits/storage';
import { pictureAccesses } from '../../demo/sharing/picture-access';
import { visitorParameter } from '../../demo/sharing/picture-access';
import { acceptPicture } from '../web/uploads';
import type { ApiContext } from './context';
import { ApiError, badField, noRetry } from './errors';

/** Stores a picture that a caller sent, after the same checks as an upload of the page. */
export async function receivePicture(ctx: ApiContext, bytes: Uint8Array): Promise<Picture> {
  await ctx.limits.takeUpload(ctx);
  return acceptPicture(ctx, ctx, bytes);
}

/**
 * The picture that a field names: a data URL, or the URL of a picture of this server. Nothing is fetched.
 * @throws ApiError 400 or 413 naming `param`; ImageError
 */
export async function pictureAt(ctx: ApiContext, url: string, param: string): Promise<Picture> {
  if (/^data:/i.test(url)) return receivePicture(ctx, bytesOfDataUrl(url, param));
  const own = URL.canParse(url, ctx.site) ? new URL(url, ctx.site) : null;
  if (!own || own.host !== new URL(ctx.site).host)
    throw badField(
      param,
      `${param}: this server doesn’t fetch external URLs. Send the image as a data: URL, or use the URL of one of this server’s images.`,
      'invalid_image_url',
    );
  const hash = /^\/api\/images\/([0-9a-f]{64})$/.exec(withoutBase(own.pathname))?.[1];
  const picture = hash ? await readable(ctx, hash, own.searchParams.get(visitorParameter)) : null;
  if (!picture) throw badField(param, `${param}: this server has no such image.`, 'image_not_found');
  return picture;
}

/** A picture that the caller may see, or whose address they were given. @param token in the address */
async function readable(ctx: ApiContext, hash: string, token: string | null): Promise<Picture | null> {
  const { db, auth, visitorId } = ctx;
  const giver = auth.visitors.read(token, `picture ${hash}`);
  const visitorIds = [visitorId, ...(giver === null ? [] : [giver])];
  if (!(await pictureAccesses(db, { user: null, visitorIds }, [hash])).has(hash)) return null;
  if (giver !== null && giver !== visitorId) await recordUpload(db, visitorId, hash);
  return db.prisma.blob.findUnique({ where: { hash }, select: { hash: true, width: true, height: true } });
}

function bytesOfDataUrl(url: string, param: string): Buffer {
  const comma = url.indexOf(',');
  const isBase64 = comma > 0 && /;base64$/i.test(url.slice(0, comma));
  const data = url.slice(comma + 1);
  // Checked piece by piece: a regular expression over 27 MB is slow where it repeats groups.
  if (!isBase64 || data === '' || /[^A-Za-z0-9+/=\s_-]/.test(data))
    throw badField(
      param,
      `${param}: the data: URL must be data:image/png;base64, followed by base64 data.`,
      'invalid_image_url',
    );
  const bytes = Buffer.from(data, 'base64');
  if (bytes.byteLength > imageLimits.bytes)
    throw new ApiError(413, `The image is larger than ${imageLimits.bytes / 1e6} MB. Reduce its size.`, {
      param,
      code: 'image_too_many_bytes',
    });
  return bytes;
}

/** The caller's own newest job with this result, for lineage. */
export async function ownResultWith(ctx: ApiContext, hash: string): Promise<string | undefined> {
  const row = await ctx.db.prisma.generation.findFirst({
    where: { visitorId: ctx.visitorId, pictureHash: hash, state: 'done' },
    orderBy: { id: 'desc' },
    select: { id: true },
  });
  return row?.id;
}

export interface OutputFormat {
  format: StoredFormat;
  /** 0 to 100, of webp and jpeg. */
  compression: number;
}

/** A stored picture in base64. @throws ApiError 500 when its file is gone */
export async function encodedPicture(ctx: ApiContext, hash: string, output: OutputFormat): Promise<string> {
  const bytes = await ctx.blobs.get(hash);
  if (!bytes)
    throw new ApiError(500, 'The image is no longer stored.', {
      code: 'picture_lost',
      headers: noRetry,
    });
  const { format, compression } = output;
  const isPng = bytes[0] === 0x89;
  if (format === 'png') return (isPng ? bytes : await sharp(bytes).png().toBuffer()).toString('base64');
  const quality = Math.max(1, compression);
  return (await sharp(bytes).toFormat(format, { quality }).toBuffer()).toString('base64');
}
