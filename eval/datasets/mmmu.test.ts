import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectImage } from '../../models/runtime';
import { readMmmu, type ReadMmmuOptions } from './mmmu';

const fixture = fileURLToPath(new URL('testing/mmmu', import.meta.url));
const name = 'validation-00000-of-00001.parquet';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mmmu-'));
  await cp(join(fixture, 'Art'), join(dir, 'Art'), { recursive: true });
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function readAll(options?: ReadMmmuOptions) {
  const dataset = await readMmmu(dir, options);
  const items = [];
  for await (const item of dataset.items()) items.push(item);
  return { size: dataset.size, items, problems: dataset.problems, dataset };
}

describe('MMMU from parquet', () => {
  it('reads questions with their pictures, in order', async () => {
    const { size, items } = await readAll({ subjects: ['Art'] });
    expect(size).toBe(14);
    expect(items.map(({ key }) => key)).toEqual([1, 2, 3, 4].map((n) => `validation_Art_${n}`));
    const [first, second, third, fourth] = items;
    expect(first).toMatchObject({
      group: 'Art',
      data: {
        question: 'Which, <image 1>?',
        kind: 'multiple-choice',
        options: ["it's", '"two"', '$\\alpha$\n三'],
        answer: 'B',
      },
      pictures: [],
    });
    expect(second!.pictures.map((picture) => picture.name)).toEqual(['image_1', 'image_2', 'image_7']);
    expect(await inspectImage(second!.pictures[1]!.bytes)).toMatchObject({
      format: 'png',
      width: 5,
      height: 3,
    });
    expect(third!.data).toMatchObject({ kind: 'open', options: [], answer: ['24/7', '3.429'] });
    expect(fourth!.data.answer).toBe('0.286');
    expect(JSON.parse(JSON.stringify(items.map(({ data }) => data)))).toEqual(items.map(({ data }) => data));
  });

  it('marks what cannot be used, anew with each reading', async () => {
    const { problems, dataset } = await readAll({ subjects: ['Art'] });
    const expected = [
      ['validation_Art_5', /unusable image_1 image/],
      ['validation_Art_6', /no Python list/],
      ['validation_Music_8', /among the questions of Art, and its id says Music/],
      ['validation_Art_9', /unknown question_type "essay"/],
      ['validation_Art_10', /answer "D", which is none of its 3 options/],
      ['validation_Art_11', /has no answer/],
      ['validation_Art_12', /no bytes for its image_2/],
      ['validation_Art_13', /no options/],
      [`Art/${name}, row 14`, /has no id/],
      ['validation_Art_1', /more than once/],
    ] as const;
    expect(problems).toHaveLength(expected.length);
    for (const [where, reason] of expected)
      expect(problems).toContainEqual({ where, reason: expect.stringMatching(reason) });
    for await (const _item of dataset.items());
    expect(dataset.problems).toHaveLength(expected.length);
  });

  it('names missing and unknown subjects, and missing parts of a split', async () => {
    await mkdir(join(dir, 'Alchemy'));
    await mkdir(join(dir, 'Music'));
    await cp(join(dir, 'Art', name), join(dir, 'Music', 'validation-00001-of-00003.parquet'));
    const { problems } = await readAll();
    expect(problems).toContainEqual({ where: 'Alchemy', reason: 'is no subject of MMMU' });
    expect(problems).toContainEqual({ where: 'Sociology', reason: 'has no validation file' });
    expect(problems).toContainEqual({ where: 'Music', reason: 'has 1 of 3 validation files' });
    expect(problems.filter(({ reason }) => reason === 'has no validation file')).toHaveLength(28);
  });

  it('goes on after rows that cannot be decoded', async () => {
    const path = join(dir, 'Art', name);
    const bytes = await readFile(path);
    bytes.fill(0xff, 4, 60);
    await writeFile(path, bytes);
    const { items, problems } = await readAll({ subjects: ['Art'] });
    expect(items.map(({ key }) => key)).toEqual(['validation_Art_1']);
    expect(problems[0]).toMatchObject({
      where: `Art/${name}, rows 1 to 4`,
      reason: expect.stringContaining('cannot be decoded'),
    });
    expect(problems.at(-1)?.where).toBe(`Art/${name}, row 14`);
  });

  it.each([
    ['no parquet file', Buffer.from('x'.repeat(100))],
    ['an empty file', Buffer.alloc(0)],
  ])('goes on after %s', async (_, bytes) => {
    await mkdir(join(dir, 'Music'));
    await writeFile(join(dir, 'Music', name), bytes);
    const { items, problems } = await readAll({ subjects: ['Music', 'Art'] });
    expect(items).toHaveLength(4);
    expect(problems.at(-1)).toMatchObject({
      where: `Music/${name}`,
      reason: expect.stringContaining('cannot be read'),
    });
  });

  it('says how to get it where there is none', async () => {
    await expect(readMmmu(join(dir, 'nowhere'))).rejects.toThrow(
      /folder not found\. Download it with `studio data pull mmmu/,
    );
    await expect(readMmmu(dir, { split: 'test' })).rejects.toThrow('No MMMU test files');
    await expect(readMmmu(dir, { subjects: ['Alchemy'] })).rejects.toThrow('No MMMU validation files');
  });
});
