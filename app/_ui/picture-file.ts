import {
  formatBytes,
  formatNames,
  formatOf,
  imageLimits,
  isAnimatedFile,
  takenFormats,
  type KnownFormat,
} from '@/server/api/web/picture-formats';
import type { Problem } from './error-text';

/** To how many pixels a larger image is scaled: what a canvas of a phone holds, and far above what a model sees. */
const scaledPixels = 16_000_000;

/** What dialogs for files offer: HEIC and others are converted, where the browser reads them. */
export const acceptedTypes = 'image/*,.heic,.heif,.avif';

/** A file that can be sent, and what was done to it in words; or why it cannot be. */
export type Prepared =
  | { file: Blob; notes: Problem[]; problem?: undefined }
  | { problem: Problem; /** Its first frame can be taken. */ animated?: boolean };

const isTaken = (format: KnownFormat) => (takenFormats as readonly KnownFormat[]).includes(format);

/** What no browser draws, or what is no photograph. */
const neverDrawn: readonly KnownFormat[] = ['svg', 'psd', 'pdf', 'raw', 'video'];

/**
 * Makes of a file what the server takes: by content, whatever it is called. Images above its limits are scaled, formats
 * that only this browser reads are converted, of moving ones the first frame is taken, if that is wanted.
 * @param firstFrame whether the first frame of a moving image is wanted
 */
export async function preparePicture(
  file: File,
  { firstFrame = false }: { firstFrame?: boolean } = {},
): Promise<Prepared> {
  const { name } = file;
  if (file.size === 0) return { problem: { reason: 'upload_empty', params: { name } } };
  const format = formatOf(new Uint8Array(await file.slice(0, formatBytes).arrayBuffer()));
  if (!format || neverDrawn.includes(format)) return { problem: unusable(file, format) };
  // Frames of these are counted; of others the header tells.
  const looked = format === 'png' || format === 'gif' ? file : file.slice(0, formatBytes);
  const animated = isAnimatedFile(new Uint8Array(await looked.arrayBuffer()), format);
  if (animated && !firstFrame)
    return {
      problem: { reason: 'upload_animated', params: { name, format: formatNames[format] } },
      animated: true,
    };
  const url = URL.createObjectURL(file);
  try {
    const image = await load(url);
    const large = file.size > imageLimits.bytes || (image !== null && scaleOf(image, imageLimits.pixels) < 1);
    // What the browser does not read, the server may; its reasons are better than "it did not load".
    if (isTaken(format) && !animated && !large) return { file, notes: [] };
    if (!image) return { problem: unusable(file, format) };
    return await draw(image, file, format, animated);
  } finally {
    URL.revokeObjectURL(url);
  }
}

function unusable({ name, size }: File, format: KnownFormat | null): Problem {
  if (size > imageLimits.bytes && (!format || isTaken(format)))
    return { reason: 'upload_large', params: { name, megabytes: (size / 1e6).toFixed(1) } };
  if (!format) return { reason: 'upload_format', params: { name } };
  if (format === 'heic') return { reason: 'upload_heic', params: { name } };
  return { reason: 'upload_other', params: { name, format: formatNames[format] } };
}

/** Reads the header; pixels are decoded when they are drawn, at the size of the drawing where the browser can. */
function load(url: string): Promise<HTMLImageElement | null> {
  const image = new Image();
  return new Promise((resolve) => {
    image.onload = () => resolve(image.naturalWidth > 0 && image.naturalHeight > 0 ? image : null);
    image.onerror = () => resolve(null);
    image.src = url;
  });
}

/** By how much it has to be scaled to have so many pixels, and no side that is too long. */
function scaleOf({ naturalWidth, naturalHeight }: HTMLImageElement, pixels: number): number {
  const longest = imageLimits.side / Math.max(naturalWidth, naturalHeight);
  return Math.min(1, Math.sqrt(pixels / (naturalWidth * naturalHeight)), longest);
}

/** Draws it upright, small enough, and writes it as PNG where that is small, else as WebP or JPEG. */
async function draw(
  image: HTMLImageElement,
  { name }: File,
  format: KnownFormat,
  animated: boolean,
): Promise<Prepared> {
  const { naturalWidth, naturalHeight } = image;
  const scale = scaleOf(image, scaledPixels);
  const width = Math.max(1, Math.round(naturalWidth * scale));
  const height = Math.max(1, Math.round(naturalHeight * scale));
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  const photo = format === 'jpeg' || format === 'heic';
  try {
    if (!context) throw new Error('no canvas');
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, width, height);
    // Where memory does not suffice nothing is drawn, and nothing is thrown.
    if (photo && context.getImageData(width >> 1, height >> 1, 1, 1).data[3] === 0)
      throw new Error('not drawn');
    const blob = await encode(canvas, photo);
    if (!blob) throw new Error('not written');
    return { file: blob, notes: notesOf() };
  } catch {
    return { problem: { reason: 'upload_unscalable', params: { name } } };
  } finally {
    // Some browsers keep the memory until a collection otherwise.
    canvas.width = 0;
    canvas.height = 0;
  }

  function notesOf(): Problem[] {
    const megapixels = (pixels: number) => (pixels / 1e6).toFixed(pixels < 10e6 ? 1 : 0);
    const notes: Problem[] = [];
    if (animated) notes.push({ reason: 'upload_first_frame', params: { format: formatNames[format] } });
    if (scale < 1)
      notes.push({
        reason: 'upload_scaled',
        params: { from: megapixels(naturalWidth * naturalHeight), to: megapixels(width * height) },
      });
    if (notes.length === 0)
      notes.push(
        isTaken(format)
          ? { reason: 'upload_compressed' }
          : { reason: 'upload_converted', params: { format: formatNames[format] } },
      );
    return notes;
  }
}

/** The first of these that is small enough; only a photograph is surely opaque. */
async function encode(canvas: HTMLCanvasElement, photo: boolean): Promise<Blob | null> {
  const to = (type: string, quality?: number) =>
    new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
  const ways = photo
    ? [() => to('image/jpeg', 0.95), () => to('image/jpeg', 0.8)]
    : [() => to('image/png'), () => to('image/webp', 0.95), () => to('image/webp', 0.8)];
  for (const way of ways) {
    const blob = await way();
    if (blob && blob.size <= imageLimits.bytes) return blob;
  }
  return null;
}
