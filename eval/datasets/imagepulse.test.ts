import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodePng } from '../../models/runtime';
import { seededImage } from '../testing/images';
import { openEdits, readImagePulse } from './imagepulse';
import { lockName } from './lock';
import type { Dataset, EditItem } from './types';

let dir: string;
const png: Buffer[] = [];
beforeAll(async () => {
  for (const seed of [1, 2, 3, 4]) png.push(Buffer.from(await encodePng(seededImage('RGB', 16, 12, seed))));
});
beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'pulse-'))));
afterEach(() => rm(dir, { recursive: true, force: true }));

type Files = [name: string, content: Buffer | string][];

async function writeArchive(path: string, files: Files): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  const tar = pack();
  tar.entry({ name: 'unused', type: 'directory' });
  for (const [name, content] of files) tar.entry({ name }, content as string);
  tar.finalize();
  await pipeline(tar, createGzip(), createWriteStream(join(dir, path)));
}

const sample = (more: Record<string, unknown> = {}) =>
  JSON.stringify({
    editing_instruction: 'Remove the necklace.',
    reverse_editing_instruction: 'Add a necklace.',
    image_1_caption: 'a woman with a necklace',
    image_2_caption: 'a woman',
    image_1: '11.png',
    image_2: '12.png',
    mask: '13.png',
    ...more,
  });
/** In the order of the official archives: pictures, then the JSON that names them. */
const good = (n = 14): Files => [
  ['100/11.png', png[0]!],
  ['100/12.png', png[1]!],
  ['100/13.png', png[2]!],
  [`100/${n}.json`, sample()],
];

async function readAll(dataset: Dataset<EditItem>) {
  const items = [];
  for await (const item of dataset.items()) items.push(item);
  return { items, problems: dataset.problems };
}
const read = async () => readAll(await readImagePulse(dir));

describe('ImagePulse', () => {
  it('reads a sample of each set', async () => {
    await writeArchive('ChangeAddRemove/data/100.tar.gz', good());
    const mask = undefined;
    const zoom = sample({ mask: '13.png', image_cropped: '13.png' });
    const style = sample({
      mask,
      image_2_caption: undefined,
      image_4_caption: 'in oil',
      image_3: '13.png',
      image_4: '14.png',
    });
    const face = sample({ mask, image_face: '13.png' });
    await writeArchive('other/5.tar.gz', [
      ...good().slice(0, 3),
      ['100/21.json', zoom],
      ['100/22.json', face],
      ['100/14.png', png[3]!],
      ['100/23.json', style],
    ]);
    const { items, problems } = await read();
    expect(problems).toEqual([]);
    expect(items.map(({ key, group }) => [key, group])).toEqual([
      ['ImagePulseChangeAddRemove_100_14_0', 'change-add-remove'],
      ['ImagePulseZoominZoomout_5_21_0', 'zoom-in-zoom-out'],
      ['ImagePulseFaceID_5_22_0', 'face-id'],
      ['ImagePulseStyleTransfer_5_23_0', 'style-transfer'],
    ]);
    expect(items[0]!.data).toEqual({
      instruction: 'Remove the necklace.',
      caption: 'a woman',
      language: 'en',
    });
    expect(items[3]!.data.caption).toBe('in oil');
    expect(
      items.map(({ pictures }) =>
        pictures.map(({ name, bytes }) => [name, png.findIndex((one) => one.equals(bytes))]),
      ),
    ).toEqual([
      ...Array.from({ length: 3 }, () => [
        ['source', 0],
        ['target', 1],
      ]),
      [
        ['source', 0],
        ['target', 3],
      ],
    ]);
  });

  it('marks what cannot be used, and goes on', async () => {
    await writeArchive('1.tar.gz', [
      ['100/11.png', png[0]!],
      ['100/12.png', png[1]!],
      ['100/13.png', png[2]!.subarray(0, 60)],
      ['100/15.png', 'text'],
      ['100/20.json', '{'],
      ['100/21.json', '[]'],
      ['100/22.json', sample({ mask: undefined })],
      ['100/23.json', sample({ editing_instruction: ' ' })],
      ['100/24.json', sample({ image_2_caption: undefined })],
      ['100/25.json', sample({ image_1: '99.png' })],
      ['100/26.json', sample({ image_1: '../100/11.png' })],
      ['100/27.json', sample({ image_2: '13.png' })],
      ['100/28.json', sample({ image_2: '15.png' })],
      ['100/29.json', sample()],
    ]);
    const { items, problems } = await read();
    expect(items.map(({ key }) => key)).toEqual(['ImagePulseChangeAddRemove_1_29_0']);
    const expected = [
      [20, 'is not JSON'],
      [21, 'is not a JSON object'],
      [22, 'no known set'],
      [23, 'has no editing_instruction'],
      [24, 'has no image_2_caption'],
      [25, 'names the source image 99.png, which is not there'],
      [26, 'no plain file name'],
      [27, 'unusable target image'],
      [28, 'unusable target image'],
    ] as const;
    expect(problems).toHaveLength(expected.length);
    for (const [n, reason] of expected)
      expect(problems).toContainEqual({
        where: `1.tar.gz, 100/${n}.json`,
        reason: expect.stringContaining(reason),
      });
  });

  it('reads what comes before the damage of an archive, and the next one', async () => {
    const noise = (seed: number) => Buffer.from(seededImage('RGB', 200, 200, seed * 3).data);
    await writeArchive('1.tar.gz', [...good(), ['100/15.png', noise(1)], ['100/16.json', sample()]]);
    await writeArchive('2.tar.gz', good(14));
    const bytes = await readFile(join(dir, '1.tar.gz'));
    await writeFile(join(dir, '1.tar.gz'), bytes.subarray(0, bytes.length - 50_000));
    const { items, problems } = await read();
    expect(items.map(({ key }) => key)).toEqual(['1', '2'].map((n) => `ImagePulseChangeAddRemove_${n}_14_0`));
    expect(problems).toEqual([{ where: '1.tar.gz', reason: expect.stringContaining('is damaged') }]);
  });

  it.each(['', 'not an archive'])('marks an archive that is %j', async (text) => {
    await writeFile(join(dir, '1.tar.gz'), text);
    await writeArchive('2.tar.gz', good());
    const { items, problems } = await read();
    expect(items).toHaveLength(1);
    expect(problems).toEqual([{ where: '1.tar.gz', reason: expect.stringContaining('is damaged') }]);
  });

  it('can be left in the middle', async () => {
    await writeArchive('1.tar.gz', [...good(), ...good(15), ...good(16)]);
    const dataset = await readImagePulse(dir);
    for await (const { key } of dataset.items()) {
      expect(key).toBe('ImagePulseChangeAddRemove_1_14_0');
      break;
    }
    expect(dataset.problems).toEqual([]);
  });

  it('reads unpacked folders, but not beside their archive', async () => {
    await writeArchive('data/100.tar.gz', good());
    for (const name of ['data/100', 'data/101']) {
      await mkdir(join(dir, name), { recursive: true });
      for (const [path, content] of good()) await writeFile(join(dir, name, path.slice(4)), content);
    }
    await writeFile(join(dir, 'data/101/15.json'), sample({ image_1: '99.png' }));
    const { items, problems } = await read();
    expect(items.map(({ key }) => key)).toEqual(
      ['100', '101'].map((n) => `ImagePulseChangeAddRemove_${n}_14_0`),
    );
    expect(problems).toEqual([{ where: 'data/101/15.json', reason: expect.stringContaining('99.png') }]);
  });

  it('refuses an archive that the lock does not know as it is', async () => {
    await writeArchive('data/100.tar.gz', good());
    const file = { path: 'data/100.tar.gz', size: 1, sha256: '0'.repeat(64) };
    await writeFile(
      join(dir, lockName),
      JSON.stringify({ version: 1, source: 's', revision: 'r', commit: 'c', files: [file] }),
    );
    await expect(read()).rejects.toThrow(/data\/100\.tar\.gz doesn’t match/);
  });

  it('says how to get it where there is none', async () => {
    await expect(read()).rejects.toThrow(/No ImagePulse archives or samples .*studio data pull imagepulse/);
    await expect(openEdits(join(dir, 'nowhere'))).rejects.toThrow('folder not found');
  });
});
