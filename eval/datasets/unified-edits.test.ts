import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodePng } from '../../models/runtime';
import { seededImage } from '../testing/images';
import { openEdits } from './imagepulse';
import { readUnifiedEdits } from './unified-edits';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'unified-'));
  await mkdir(join(dir, 'images'));
  const [a, b] = [1, 2].map((seed) => seededImage('RGB', 16, 12, seed));
  await writeFile(join(dir, 'images', 'a.png'), await encodePng(a!));
  await writeFile(join(dir, 'images', 'b.png'), await encodePng(b!));
  await writeFile(join(dir, 'images', 'cut.png'), (await encodePng(a!)).subarray(0, 60));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });
const edit = (more: Record<string, unknown> = {}) => ({
  images: ['images/a.png', 'images/b.png'],
  messages: [user('<image> Make it green.'), assistant('Here is the image: <image>')],
  caption: 'a green apple',
  ...more,
});

async function read(lines: unknown[]) {
  const file = join(dir, 'edits.jsonl');
  await writeFile(
    file,
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  );
  const dataset = await openEdits(file);
  const items = [];
  for await (const item of dataset.items()) items.push(item);
  return { items, problems: dataset.problems };
}

it('reads edits in the format of Nexus-Gen', async () => {
  const { items, problems } = await read([
    edit({ id: 'one', source: 'ImagePulseChangeAddRemove' }),
    '',
    edit({ messages: [user('<image> 把它换成绿色。'), assistant('以下为编辑后的图像：<image>')] }),
    edit({
      id: 7,
      messages: [
        user('<image> What is it?'),
        assistant('An apple.'),
        user('Make\u2028it red.'),
        assistant('<image>'),
      ],
    }),
  ]);
  expect(problems).toEqual([]);
  expect(items.map(({ key, group, data }) => [key, group, data.instruction, data.language])).toEqual([
    ['one', 'ImagePulseChangeAddRemove', 'Make it green.', 'en'],
    ['line-3', 'edit', '把它换成绿色。', 'zh'],
    ['7', 'edit', 'Make\u2028it red.', 'en'],
  ]);
  expect(items[0]!.data.caption).toBe('a green apple');
  expect(items[0]!.pictures.map(({ name }) => name)).toEqual(['source', 'target']);
});

it.each<[string, unknown, string]>([
  ['no JSON', '{"images":', 'is not JSON'],
  ['another format', { prompt: 'x' }, 'is no edit in the unified format: images'],
  ['no caption', edit({ caption: undefined }), 'has no caption'],
  ['no instruction', edit({ messages: [user('<image>'), assistant('<image>')] }), 'has no instruction'],
  ['fewer images than places', edit({ images: ['images/a.png'] }), 'has 1 images and 2 places'],
  [
    'no edit',
    edit({ images: ['images/a.png'], messages: [user('Draw an apple.'), assistant('<image>')] }),
    'is no edit',
  ],
  ['no such image', edit({ images: ['images/a.png', 'images/z.png'] }), 'images/z.png, which is not there'],
  ['a folder for an image', edit({ images: ['images', 'images/b.png'] }), 'cannot be read: EISDIR'],
  ['a damaged image', edit({ images: ['images/cut.png', 'images/b.png'] }), 'unusable source image'],
  ['an image elsewhere', edit({ images: ['../a.png', 'images/b.png'] }), 'outside its folder'],
  ['an absolute path', edit({ images: ['/etc/hostname', 'images/b.png'] }), 'outside its folder'],
])('marks a line with %s, and goes on', async (_, line, reason) => {
  const { items, problems } = await read([line, edit({ id: 'good' }), edit({ id: 'good' })]);
  expect(items.map(({ key }) => key)).toEqual(['good']);
  expect(problems).toEqual([
    { where: 'line 1', reason: expect.stringContaining(reason) },
    { where: 'good', reason: 'stands in the dataset more than once' },
  ]);
});

it('says that there is no file', async () => {
  await expect(readUnifiedEdits(join(dir, 'nowhere.jsonl'))).rejects.toThrow('file not found');
});
