import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { decompressLz4, decompressLz4Raw } from './lz4';
import { readMmmu } from './mmmu';

const fixture = (name: string) => fileURLToPath(new URL(`testing/lz4/${name}.parquet`, import.meta.url));

async function questionsOf(name: string) {
  const dir = await mkdtemp(join(tmpdir(), 'lz4-'));
  try {
    await mkdir(join(dir, 'Art'));
    await copyFile(fixture(name), join(dir, 'Art', 'validation-00000-of-00001.parquet'));
    const dataset = await readMmmu(dir, { subjects: ['Art'] });
    const items = [];
    for await (const item of dataset.items()) items.push(item);
    return { items, problems: dataset.problems.map(({ where, reason }) => `${where} ${reason}`) };
  } finally {
    await rm(dir, { recursive: true });
  }
}

it('reads LZ4 columns that hold nothing', async () => {
  const { items, problems } = await questionsOf('nulls');
  expect(problems).toEqual([]);
  expect(items.map(({ data, pictures }) => [data.options, pictures.map(({ name }) => name)])).toEqual([
    [['red', 'blue'], ['image_1']],
    [['1', '2.5', 'None'], ['image_1']],
    [['ab', 'c'], ['image_1']],
  ]);
});

it('loses of a column that cannot be decoded its values, and the questions that show them', async () => {
  const { items, problems } = await questionsOf('broken');
  expect(items.map(({ key, pictures }) => [key, pictures.length])).toEqual([
    ['validation_Art_1', 1],
    ['validation_Art_3', 1],
  ]);
  const where = 'Art/validation-00000-of-00001.parquet, rows 1 to 3 have a column';
  expect(problems).toEqual([
    expect.stringMatching(
      new RegExp(`^${where} explanation that cannot be decoded, and are read without it: `),
    ),
    expect.stringMatching(new RegExp(`^${where} image_2 that cannot be decoded, and are read without it: `)),
    'validation_Art_2 shows <image 2>, whose column cannot be decoded',
  ]);
});

it('decompresses LZ4 by one block and by frames', () => {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
  // Four literals and a match that runs into itself, then literals alone.
  const block = Uint8Array.from([0x44, ...Buffer.from('abcd'), 4, 0, 0x20, ...Buffer.from('xy')]);
  expect(text(decompressLz4Raw(block, 14))).toBe('abcdabcdabcdxy');
  expect(text(decompressLz4(block, 14))).toBe('abcdabcdabcdxy');
  const frame = Uint8Array.from([0, 0, 0, 14, 0, 0, 0, block.length, ...block]);
  expect(text(decompressLz4(Uint8Array.from([...frame, ...frame]), 28))).toBe('abcdabcdabcdxy'.repeat(2));
  for (const nothing of [[], [0]]) {
    expect(decompressLz4Raw(Uint8Array.from(nothing), 0)).toEqual(new Uint8Array());
    expect(decompressLz4(Uint8Array.from(nothing), 0)).toEqual(new Uint8Array());
  }
  expect(decompressLz4(Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 1, 0]), 0)).toEqual(new Uint8Array());
  const long = Uint8Array.from([0xf0, 255, 5, ...Buffer.alloc(275, 'z')]);
  expect(text(decompressLz4Raw(long, 275))).toBe('z'.repeat(275));
  expect(() => decompressLz4Raw(block.subarray(0, 6), 14)).toThrow('cut off');
  expect(() => decompressLz4Raw(block, 15)).toThrow('instead of 15');
  expect(() => decompressLz4Raw(Uint8Array.from([0x10, 97, 9, 0, 0]), 20)).toThrow('not there');
});
