import sharp from 'sharp';

import type { RgbImage } from '../runtime';

const escape = (text: string) =>
  text.replace(/[<&>]/g, (c) => ({ '<': '&lt;', '&': '&amp;', '>': '&gt;' })[c]!);

/**
 * Pictures of one size with a caption each, eight in a row.
 * @returns PNG, palette of 256 colours
 */
export async function contactSheet(items: readonly { image: RgbImage; caption: string }[]): Promise<Buffer> {
  const columns = 8;
  const side = 192;
  const label = 26;
  const gap = 6;
  const width = columns * (side + gap) + gap;
  const height = Math.ceil(items.length / columns) * (side + label + gap) + gap;
  const place = (i: number) => ({
    left: gap + (i % columns) * (side + gap),
    top: gap + Math.floor(i / columns) * (side + label + gap),
  });
  const parts = await Promise.all(
    items.map(async ({ image }, i) => ({
      input: await sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 } })
        .resize(side, side)
        .png()
        .toBuffer(),
      ...place(i),
    })),
  );
  const words = items.map(({ caption }, i) => {
    const { left, top } = place(i);
    // About 0.6 of the type size for a Latin letter, all of it for a Chinese character.
    const ems = [...caption].reduce((sum, c) => sum + (c < '\u2e80' ? 0.6 : 1), 0);
    const size = Math.min(10, side / ems).toFixed(2);
    return `<text x="${left + side / 2}" y="${top + side + 17}" text-anchor="middle" font-size="${size}">${escape(caption)}</text>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans, Noto Sans CJK SC, sans-serif" fill="#222">${words.join('')}</svg>`;
  return sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .composite([...parts, { input: Buffer.from(svg), left: 0, top: 0 }])
    .png({ palette: true, compressionLevel: 9 })
    .toBuffer();
}
