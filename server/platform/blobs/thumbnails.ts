import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LRUCache } from 'lru-cache';
import PQueue from 'p-queue';
import sharp from 'sharp';
import { imageLimits } from '../../../models/runtime/image/decode';
import { checkSize, refusalOf } from '../../../models/runtime/image/refuse';
import { isDiskFull } from '../errors/errors';

/** The longer side of a thumbnail, in pixels. */
export const thumbnailSizes = [160, 320] as const;
export type ThumbnailSize = (typeof thumbnailSizes)[number];

/** Small copies of pictures as WebP, made once and kept while there is room. */
export interface Thumbnails {
  /**
   * @param load the whole picture, asked for when there is no copy yet
   * @returns null when `load` finds nothing
   * @throws ImageError for a picture that was stored before such were refused
   */
  get(hash: string, size: ThumbnailSize, load: () => Promise<Uint8Array | null>): Promise<Buffer | null>;
  /** Forgets the copies of a picture. */
  remove(hash: string): Promise<void>;
}

/**
 * Thumbnails in a folder. Whatever was used longest ago goes when there are more bytes than `maxBytes`; losing any
 * or all of them costs time only. Two are made at once: a picture of 40 megapixels takes much memory.
 */
export function diskThumbnails(folder: string, { maxBytes = 256e6, concurrency = 2 } = {}): Thumbnails {
  const work = new PQueue({ concurrency });
  const making = new Map<string, Promise<Buffer | null>>();
  /** Files for which there was no room any more. */
  const dropped: string[] = [];
  /** Bytes of each file. */
  const sizes = new LRUCache<string, number>({
    maxSize: maxBytes,
    // A crash can leave an empty file.
    sizeCalculation: (bytes) => Math.max(1, bytes),
    dispose: (_bytes, name, reason) => reason === 'evict' && dropped.push(name),
  });
  let known: Promise<void> | undefined;
  const nameOf = (hash: string, size: ThumbnailSize) => `${hash}-${size}.webp`;

  const drop = (name: string) => rm(path.join(folder, name), { force: true });
  const dropOldest = () => Promise.all(dropped.splice(0).map(drop));
  /** What an earlier process left, by when it was made. */
  const scan = async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const names = await readdir(folder);
    const found = await Promise.all(
      names.map(async (name) => ({ name, info: await stat(path.join(folder, name)).catch(() => null) })),
    );
    found.sort((a, b) => (a.info?.mtimeMs ?? 0) - (b.info?.mtimeMs ?? 0));
    for (const { name, info } of found)
      if (!name.endsWith('.webp')) await drop(name);
      else if (info) sizes.set(name, info.size);
    await dropOldest();
  };

  const ready = () =>
    (known ??= scan().catch((error: unknown) => {
      known = undefined;
      throw error;
    }));

  const make = async (name: string, size: number, load: () => Promise<Uint8Array | null>) => {
    const picture = await load();
    if (!picture) return null;
    const bytes = await drawSmall(picture, size);
    if (bytes.length > maxBytes) return bytes;
    const temporary = path.join(folder, randomUUID());
    try {
      await writeFile(temporary, bytes, { mode: 0o600 });
      await rename(temporary, path.join(folder, name));
    } catch (error) {
      await rm(temporary, { force: true });
      // Where nothing can be kept, it is made anew each time: the page still has its picture.
      if (isDiskFull(error)) return bytes;
      throw error;
    }
    sizes.set(name, bytes.length);
    await dropOldest();
    return bytes;
  };

  return {
    async get(hash, size, load) {
      await ready();
      const name = nameOf(hash, size);
      if (sizes.get(name) !== undefined) {
        const kept = await readFile(path.join(folder, name)).catch(() => null);
        if (kept) return kept;
      }
      let made = making.get(name);
      if (!made) {
        made = work.add(() => make(name, size, load)).finally(() => making.delete(name));
        making.set(name, made);
      }
      return made;
    },
    async remove(hash) {
      await ready();
      for (const name of thumbnailSizes.map((size) => nameOf(hash, size))) {
        sizes.delete(name);
        await drop(name);
      }
    },
  };
}

async function drawSmall(picture: Uint8Array, size: number): Promise<Buffer> {
  try {
    const { width, height } = await sharp(picture, { limitInputPixels: false }).metadata();
    checkSize(width, height);
    return await sharp(picture, { limitInputPixels: imageLimits.pixels })
      .timeout({ seconds: imageLimits.seconds })
      .autoOrient()
      .resize(size, size, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer();
  } catch (error) {
    throw refusalOf(error);
  }
}
