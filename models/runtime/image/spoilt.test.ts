import sharp from 'sharp';
import { expect, test } from 'vitest';
import { ImageError } from '../errors';
import { xoshiro128 } from '../random';
import { spoil } from '../testing/spoil';
import { testImage } from '../testing/tiny';
import { keepable } from './convert';
import { decodeImage, inspectImage } from './decode';
import { withoutMetadata } from './metadata';
import { withPngTexts } from './png-text';

/** Small, so that there is time for many, and with every part that a camera or an editor writes. */
const whole = (format: 'png' | 'jpeg' | 'webp' | 'avif') =>
  sharp(testImage(24, 16).data, { raw: { width: 24, height: 16, channels: 3 } })
    .withExif({ IFD0: { Artist: 'Ann' } })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')
    .withIccProfile('p3')
    .withMetadata({ orientation: 6 })
    .toFormat(format)
    .toBuffer();

/** What is sent passes all of these, on one way or another. */
const readers = { inspectImage, keepable, decodeImage, withoutMetadata };

test.each([
  ['png', 250],
  ['jpeg', 250],
  ['webp', 250],
  ['avif', 60],
] as const)('a spoilt %s is a picture, or is refused as one: %i ways to spoil it', async (format, count) => {
  const plain = await whole(format);
  const file = format === 'png' ? withPngTexts(plain, [{ keyword: 'Author', text: 'Ann' }]) : plain;
  await expect(decodeImage(await keepable(file))).resolves.toBeTruthy();
  const random = xoshiro128(2026);
  const refused = new Set<string>();
  for (let n = 0; n < count; n++) {
    const spoilt = spoil(file, random);
    for (const [name, read] of Object.entries(readers))
      await read(spoilt).catch((error: unknown) => {
        if (!(error instanceof ImageError))
          throw new Error(`${name} of ${spoilt.toString('base64')}`, { cause: error });
        refused.add(error.code);
      });
  }
  // Where nothing is refused, nothing was spoilt.
  expect([...refused]).toContain('image_damaged');
});
