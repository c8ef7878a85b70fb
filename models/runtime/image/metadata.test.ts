import sharp from 'sharp';
import { expect, test } from 'vitest';
import { decodeImage } from './decode';
import { withoutMetadata } from './metadata';
import { withPngTexts } from './png-text';

const secret = 'GPS 48.8584 2.2945 of Ann';
const formats = ['png', 'jpeg', 'webp'] as const;

/** Red on the left, blue on the right: an orientation shows. */
const plain = (format: (typeof formats)[number]) =>
  sharp(Buffer.from([255, 0, 0, 0, 0, 255]), { raw: { width: 2, height: 1, channels: 3 } })
    .resize(32, 16, { kernel: 'nearest' })
    .toFormat(format);
const told = (format: (typeof formats)[number], orientation: number) =>
  plain(format)
    .withExif({ IFD0: { ImageDescription: secret, Artist: secret } })
    .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>${secret}</a></x:xmpmeta>`)
    .withMetadata({ orientation })
    .toBuffer();

test.each(formats)('a %s without metadata stays as it is', async (format) => {
  const bytes = await plain(format).toBuffer();
  expect((await withoutMetadata(bytes)).equals(bytes)).toBe(true);
});

test.each(formats.flatMap((format) => [1, 6, 8].map((orientation) => [format, orientation] as const)))(
  'a %s of orientation %i keeps its pixels and its profile alone',
  async (format, orientation) => {
    const bytes = Buffer.concat([await told(format, orientation), Buffer.from(secret)]);
    const file = format === 'png' ? withPngTexts(bytes, [{ keyword: 'Author', text: secret }]) : bytes;
    expect(file.includes(secret)).toBe(true);
    const clean = await withoutMetadata(file);
    expect(clean.includes(secret)).toBe(false);
    expect(clean.includes('Ann')).toBe(false);
    expect(await decodeImage(clean)).toEqual(await decodeImage(file));
    const { icc } = await sharp(clean).metadata();
    expect(icc?.equals((await sharp(file).metadata()).icc ?? Buffer.alloc(0))).toBe(icc && true);
    expect((await withoutMetadata(clean)).equals(clean)).toBe(true);
  },
);

test('a JPEG with stray bytes between its parts, which decoders forgive, is refused as damaged', async () => {
  const file = await plain('jpeg').toBuffer();
  const at = file.indexOf(Buffer.from([0xff, 0xc4]));
  const stray = Buffer.concat([file.subarray(0, at), Buffer.alloc(7, 0x41), file.subarray(at)]);
  await expect(withoutMetadata(stray)).rejects.toMatchObject({ name: 'ImageError', code: 'image_damaged' });
});
