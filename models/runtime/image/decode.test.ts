import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { animatedPng, pngClaiming } from '../testing/files';
import { testImage } from '../testing/tiny';
import { decodeImage, imageLimits, inspectImage } from './decode';
import { encodePng } from './encode';
import { refusalOf } from './refuse';

const raw = (width: number, height: number) =>
  sharp(testImage(width, height).data, { raw: { width, height, channels: 3 } });

/** A picture of one colour. */
const plain = (background: string, width = 4, height = 2) =>
  sharp({ create: { width, height, channels: background.length > 7 ? 4 : 3, background } });

const refusal = async (file: Uint8Array, code: string, ...words: string[]) => {
  const error = await decodeImage(file).then(
    () => null,
    (thrown: unknown) => thrown as Error,
  );
  expect(error).toMatchObject({ name: 'ImageError', code });
  expect(error?.message).not.toContain('\n');
  for (const word of words) expect(error?.message).toContain(word);
};

describe('a picture is decoded', () => {
  it('from PNG and lossless WebP to its very pixels', async () => {
    const image = testImage(9, 7);
    expect(await decodeImage(await encodePng(image))).toEqual(image);
    expect(await decodeImage(await raw(9, 7).webp({ lossless: true }).toBuffer())).toEqual(image);
  });

  it('from JPEG', async () => {
    const { data } = await decodeImage(await plain('#c08040').jpeg({ quality: 100 }).toBuffer());
    expect([...data.subarray(0, 3)]).toEqual([
      expect.closeTo(0xc0, -1),
      expect.closeTo(0x80, -1),
      expect.closeTo(0x40, -1),
    ]);
  });

  it('of 1×1', async () => {
    expect(await decodeImage(await encodePng(testImage(1, 1)))).toEqual(testImage(1, 1));
  });

  it('of 16 bits', async () => {
    const file = await plain('#ff8000').toColourspace('rgb16').png().toBuffer();
    expect((await sharp(file).metadata()).depth).toBe('ushort');
    const image = await decodeImage(file);
    expect(image.data).toHaveLength(24);
    expect([...image.data.subarray(0, 3)]).toEqual([255, 128, 0]);
  });

  it('of grey', async () => {
    const file = await plain('#808080').toColourspace('b-w').png().toBuffer();
    expect((await sharp(file).metadata()).channels).toBe(1);
    expect([...(await decodeImage(file)).data.subarray(0, 6)]).toEqual([128, 128, 128, 128, 128, 128]);
  });

  it('of CMYK', async () => {
    const file = await plain('#ff0000').toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(file).metadata()).space).toBe('cmyk');
    const { data } = await decodeImage(file);
    expect(data).toHaveLength(24);
    expect(data[0]!).toBeGreaterThan(200);
    expect(data[1]!).toBeLessThan(80);
  });

  it('with its transparent parts on white', async () => {
    const file = await sharp({
      create: { width: 1, height: 1, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.5 } },
    })
      .png()
      .toBuffer();
    const [r] = (await decodeImage(file)).data;
    expect(r).toBeGreaterThanOrEqual(126);
    expect(r).toBeLessThanOrEqual(128);
  });

  it('turned as its EXIF orientation says', async () => {
    const upright = testImage(4, 2);
    const file = await raw(4, 2).withMetadata({ orientation: 6 }).png().toBuffer();
    const turned = await decodeImage(file);
    expect([turned.width, turned.height]).toEqual([2, 4]);
    // A quarter turn clockwise: the first pixel is the one at the bottom left.
    expect(turned.data.subarray(0, 3)).toEqual(upright.data.subarray(4 * 3, 5 * 3));
  });
});

describe('a picture is refused', () => {
  it('when it is empty', () => refusal(new Uint8Array(0), 'image_empty', 'empty'));

  it.each(['hello, I am text', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'GIF89a\u0001\u0000'])(
    'when it is another kind of file under a picture name: %j',
    (text) => refusal(Buffer.from(text), 'image_format', 'PNG, JPEG or WebP'),
  );

  it('when it has too many bytes', async () => {
    const file = Buffer.concat([await encodePng(testImage(2, 2)), Buffer.alloc(imageLimits.bytes)]);
    await refusal(file, 'image_too_many_bytes', '20.0 MB', 'the limit is 20 MB');
  });

  it('when it has too many pixels, by its header alone', async () => {
    const file = pngClaiming(30_000, 30_000);
    expect(file.length).toBeLessThan(100);
    await refusal(file, 'image_too_many_pixels', '30000×30000', '40 megapixels');
    expect(await inspectImage(pngClaiming(8000, 5000))).toEqual({ format: 'png', width: 8000, height: 5000 });
  });

  it.each([
    [1, 39_999_999],
    [16_385, 1],
  ])('when a side is far too long, by its header alone: %i×%i', async (width, height) => {
    await refusal(pngClaiming(width, height), 'image_too_long', `${width}×${height}`, '16384 per side');
    expect(await inspectImage(pngClaiming(16_384, 2441))).toMatchObject({ width: 16_384 });
  });

  it('when it takes too long', () => {
    expect(refusalOf(new Error('timeout: 12% complete'))).toMatchObject({
      name: 'ImageError',
      code: 'image_too_slow',
    });
  });

  it.each(['png', 'jpeg', 'webp'] as const)('when it is a truncated %s', async (format) => {
    const file = await raw(64, 64).toFormat(format).toBuffer();
    await expect(decodeImage(file)).resolves.toBeTruthy();
    await refusal(file.subarray(0, Math.floor(file.length * 0.6)), 'image_damaged', 'incomplete');
    await refusal(file.subarray(0, 20), 'image_damaged', 'incomplete');
  });

  it('when it is an animated WebP', async () => {
    const frames = await Promise.all(['#ff0000', '#00ff00'].map((c) => plain(c, 4, 4).png().toBuffer()));
    const file = await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer();
    expect((await sharp(file).metadata()).pages).toBe(2);
    await refusal(file, 'image_animated', 'still frame');
  });

  it('when it is an animated PNG', async () => {
    await refusal(animatedPng(await encodePng(testImage(4, 4))), 'image_animated', 'still frame');
  });
});

it('the same pixels give the same PNG file', async () => {
  expect(await encodePng(testImage(40, 30))).toEqual(await encodePng(testImage(40, 30)));
});
