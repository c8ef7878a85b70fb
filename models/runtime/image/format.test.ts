import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage, inspectImage } from './decode';
import { keepable } from './convert';
import { formatOf, isAnimatedFile, type KnownFormat } from './format';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const plain = (background = '#c08040', width = 16, height = 12) =>
  sharp({ create: { width, height, channels: 3, background } });
const frames = () => Promise.all(['#ff0000', '#00ff00'].map((colour) => plain(colour).png().toBuffer()));
const animation = async (format: 'gif' | 'webp') =>
  sharp(await frames(), { join: { animated: true } })
    .toFormat(format)
    .toBuffer();

describe('a file is what its first bytes say:', () => {
  it.each(['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const)('%s of sharp', async (format) => {
    expect(formatOf(await plain().toFormat(format).toBuffer())).toBe(format);
  });

  it.each<[string, KnownFormat | null]>([
    ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'heic'],
    ['\0\0\0\x18ftypmif1\0\0\0\0mif1heic', 'heic'],
    ['\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf', 'avif'],
    ['\0\0\0\x18ftypavis\0\0\0\0avifavis', 'avif'],
    ['\0\0\0\x18ftypisom\0\0\x02\0isomiso2', 'video'],
    ['\0\0\0\x18ftypqt  \0\0\0\0qt  ', 'video'],
    ['\0\0\0\x18ftypcrx \0\0\0\x01crx isom', 'raw'],
    ['II*\0\x10\0\0\0CR\x02\0', 'raw'],
    ['BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0', 'bmp'],
    ['BMW drives past', null],
    ['\xff\x0a\xfa\x1f', 'jxl'],
    ['\0\0\0\x0cJXL \x0d\x0a\x87\x0a', 'jxl'],
    ['\0\0\0\x0cjP  \x0d\x0a\x87\x0a', 'jp2'],
    ['<?xml version="1.0"?>\n<!-- a --><svg xmlns="x">', 'svg'],
    ['<svg xmlns="x">', 'svg'],
    ['<html><svg></svg>', null],
    ['8BPS\0\x01', 'psd'],
    ['%PDF-1.7', 'pdf'],
    ['\0\0\x01\0\x01\0', 'ico'],
    ['RIFF\0\0\0\0WAVE', null],
    ['hello', null],
    ['', null],
  ])('%j', (text, format) => expect(formatOf(bytes(text))).toBe(format));
});

describe('frames are counted:', () => {
  it.each(['gif', 'webp'] as const)('of a %s', async (format) => {
    expect(isAnimatedFile(await animation(format), format)).toBe(true);
    expect(isAnimatedFile(await plain().toFormat(format).toBuffer(), format)).toBe(false);
  });

  it('of a GIF that is cut off', async () => {
    const file = await animation('gif');
    for (let end = 0; end < file.length; end++) isAnimatedFile(file.subarray(0, end), 'gif');
    expect(isAnimatedFile(file.subarray(0, 30), 'gif')).toBe(false);
  });
});

describe('what is sent', () => {
  it.each(['png', 'jpeg', 'webp'] as const)('stays as it is when it is a %s', async (format) => {
    const file = await plain().toFormat(format).toBuffer();
    expect(await keepable(file)).toBe(file);
  });

  it('becomes JPEG when it is an AVIF, and PNG when that is transparent', async () => {
    const kept = await keepable(await plain().avif({ quality: 100 }).toBuffer());
    expect(await inspectImage(kept)).toEqual({ format: 'jpeg', width: 16, height: 12 });
    const { data } = await decodeImage(kept);
    [0xc0, 0x80, 0x40].forEach((value, c) => expect(Math.abs(data[c]! - value)).toBeLessThan(6));
    const clear = await plain().ensureAlpha(0.5).avif().toBuffer();
    expect(await inspectImage(await keepable(clear))).toMatchObject({ format: 'png' });
  });

  it('is refused with its format when it is an AVIF that cannot be used', async () => {
    const file = await plain('#123456', 64, 64).avif().toBuffer();
    await expect(keepable(file.subarray(0, file.length - 40))).rejects.toMatchObject({
      code: 'image_damaged',
      message: expect.stringContaining('AVIF'),
    });
    const sequence = Buffer.from(file);
    sequence.write('avis', 8, 'latin1');
    await expect(keepable(sequence)).rejects.toMatchObject({ code: 'image_animated' });
    const large = Buffer.from(file);
    // The box of the size: version and flags, width, height.
    const size = large.indexOf('ispe') + 8;
    large.writeUInt32BE(8000, size);
    large.writeUInt32BE(6000, size + 4);
    await expect(keepable(large)).rejects.toMatchObject({ code: 'image_too_many_pixels' });
    large.writeUInt32BE(1, size);
    large.writeUInt32BE(39_999_999, size + 4);
    await expect(keepable(large)).rejects.toMatchObject({ code: 'image_too_long' });
  });

  it.each([
    ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'HEIC', 'Most Compatible'],
    ['%PDF-1.7', 'PDF', 'PNG, JPEG or WebP'],
  ])('%j is refused with its format and what to do', async (text, name, how) => {
    const refused = decodeImage(await keepable(bytes(text)));
    await expect(refused).rejects.toMatchObject({
      code: 'image_format',
      message: expect.stringMatching(new RegExp(`${name} format.*${how}`)),
    });
  });

  it('names the format that is animated', async () => {
    await expect(decodeImage(await animation('webp'))).rejects.toMatchObject({
      code: 'image_animated',
      message: expect.stringContaining('WebP'),
    });
  });
});
