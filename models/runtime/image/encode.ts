import sharp, { type Sharp } from 'sharp';
import type { RgbImage } from '../types';

/** PNG bytes without timestamps or other metadata: the same pixels give the same bytes on the same machine. */
export async function encodePng(image: RgbImage): Promise<Buffer> {
  return sharpOf(image).png({ compressionLevel: 6, adaptiveFiltering: false, palette: false }).toBuffer();
}

/** A small lossy file for previews that are looked at for a moment. `quality` is 1 to 100. */
export async function encodeWebp(image: RgbImage, quality = 80): Promise<Buffer> {
  return sharpOf(image).webp({ quality, effort: 1 }).toBuffer();
}

function sharpOf(image: RgbImage): Sharp {
  const { data, width, height } = image;
  return sharp(data, { raw: { width, height, channels: 3 } });
}
