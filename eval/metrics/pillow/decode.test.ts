import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../models/runtime';
import { vectorBytes, vectorJson } from '../../testing/vectors';
import { decodeAsPillow } from './decode';

type Case = [name: string, offset: number, length: number, width: number, height: number, sha256: string];

const { cases } = vectorJson<{ cases: (Case | [string, number, number])[] }>('pillow-decode/cases.json');
const bytes = vectorBytes('pillow-decode/files.bin.gz');
const fileOf = ([, offset, length]: Case | [string, number, number]) =>
  bytes.subarray(offset, offset + length);
const named = (name: string) => fileOf(cases.find(([one]) => one === name)!);

describe("files are read as Pillow's convert('RGB') reads them, to the byte:", () => {
  const read = cases.filter((one): one is Case => one.length > 3);
  it.each(read)('%s', async (...one) => {
    const { width, height, data } = await decodeAsPillow(fileOf(one));
    const sha256 = createHash('sha256').update(data).digest('hex');
    expect([width, height, sha256]).toEqual(one.slice(3));
  });

  it.each(cases.filter(({ length }) => length === 3))('%s is refused, as by Pillow', async (...one) => {
    await expect(decodeAsPillow(fileOf(one))).rejects.toMatchObject({ code: 'image_damaged' });
  });
});

it.each(['rgba.png', 'icc.png', 'exif6.jpg', 'cmyk.jpg', '16-0.png'])(
  'a person sees %s in another way',
  async (name) => {
    const file = named(name);
    expect((await decodeAsPillow(file)).data).not.toEqual((await decodeImage(file)).data);
  },
);

it.each([
  ['', 'image_empty', 'empty'],
  ['\0\0\0\x1cftypavif\0\0\0\0avifmif1', 'image_format', 'AVIF'],
  ['hello', 'image_format', 'not an image'],
])('%j is refused by content', async (text, code, word) => {
  await expect(decodeAsPillow(Buffer.from(text, 'latin1'))).rejects.toMatchObject({
    code,
    message: expect.stringContaining(word),
  });
});

it('an image above the limit of Pillow is refused before any pixel is decoded', async () => {
  const file = Buffer.from(named('24.bmp'));
  file.writeInt32LE(20_000, 18);
  file.writeInt32LE(20_000, 22);
  await expect(decodeAsPillow(file)).rejects.toMatchObject({ code: 'image_too_many_pixels' });
});
