import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strToU8, unzipSync, zipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readUnifiedEdits } from '../../eval/datasets/unified-edits';
import { receiveConversation, serveConversation } from '../../server/api/web/conversations';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { insertResult, storeColour } from '../support/results';
import { createStudio, type TestStudio } from '../support/studio';

let database: TestDatabase;
let studio: TestStudio;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
});
afterAll(async () => {
  await studio.close();
  await database.drop();
});

const cookie = (visitorId: string) => ({ cookie: `studio_visitor=${visitorId}` });
const download = (visitorId: string, id: string) =>
  serveConversation(
    new Request(`http://localhost/api/conversations/${id}`, { headers: cookie(visitorId) }),
    id,
    studio.services,
  );
const unzipped = async (response: Response) => {
  expect(response.status).toBe(200);
  return unzipSync(new Uint8Array(await response.arrayBuffer()));
};
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
async function send(visitorId: string, body: Uint8Array | string, headers: Record<string, string> = {}) {
  const response = await receiveConversation(
    new Request('http://localhost/api/conversations', {
      method: 'POST',
      body: body as BodyInit,
      headers: { ...cookie(visitorId), ...headers },
    }),
    studio.services,
  );
  return { status: response.status, body: (await response.json()) as { ids: string[]; code?: string } };
}
const all = async (visitorId: string) => (await studio.as(visitorId).history.search({})).items.reverse();

/** generate → edit → question → edit of the same picture, and a branch that does not belong to the way. */
async function makeConversation(visitorId = randomUUID()) {
  const add = (result: Parameters<typeof insertResult>[2]) =>
    insertResult(studio.services, visitorId, result);
  const [red, green, blue] = await Promise.all(
    ['red', 'green', 'blue'].map((colour) => storeColour(studio.services, colour)),
  );
  const first = await add({ prompt: 'two <image> apples', picture: red, parameters: { seed: 3, steps: 4 } });
  const edit = await add({ task: 'edit', prompt: 'greener', source: red, picture: green, parentId: first });
  const asked = { task: 'understand', prompt: '有几个苹果？', language: 'zh', text: '两个 <image>' } as const;
  const question = await add({ ...asked, source: green, parentId: edit });
  const last = await add({ task: 'edit', prompt: 'bluer', source: green, picture: blue, parentId: question });
  await add({ prompt: 'a secret branch', parentId: first });
  return { visitorId, first, edit, question, last };
}

test('the way to a result is one conversation in the unified format', async () => {
  const { visitorId, last } = await makeConversation();
  const response = await download(visitorId, last);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/zip',
    'cache-control': 'private, no-store',
    'content-disposition': expect.stringMatching(/^attachment; filename="conversation-\w+\.zip"$/),
  });
  const files = await unzipped(response);
  expect(Object.keys(files).sort()).toEqual([
    'conversation.json',
    'editing.jsonl',
    'generation.jsonl',
    'images/01.png',
    'images/02.png',
    'images/03.png',
    'understanding.jsonl',
  ]);
  const { images, messages } = JSON.parse(text(files['conversation.json']));
  expect(images).toEqual(['images/01.png', 'images/02.png', 'images/03.png']);
  expect(messages).toEqual([
    { role: 'user', content: expect.stringContaining('two < image > apples') },
    { role: 'assistant', content: '<image>' },
    { role: 'user', content: expect.stringContaining('greener') },
    { role: 'assistant', content: '<image>' },
    { role: 'user', content: expect.stringContaining('有几个苹果？') },
    { role: 'assistant', content: '两个 < image >' },
    { role: 'user', content: expect.stringContaining('bluer') },
    { role: 'assistant', content: '<image>' },
  ]);
  expect(text(files['conversation.json'])).not.toContain('secret');
  expect(Object.values(files).every((bytes) => !text(bytes).includes(visitorId))).toBe(true);
  expect(await unzipped(await download(visitorId, last))).toEqual(files);
});

test('the evaluation reads the exported edits as they are', async () => {
  const { visitorId, edit, last } = await makeConversation();
  const files = await unzipped(await download(visitorId, last));
  const folder = await mkdtemp(path.join(tmpdir(), 'studio-exported-'));
  try {
    await mkdir(path.join(folder, 'images'));
    for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(folder, name), bytes);
    const dataset = await readUnifiedEdits(path.join(folder, 'editing.jsonl'));
    const items = [];
    for await (const item of dataset.items()) items.push(item);
    expect(dataset.problems).toEqual([]);
    expect(items.map(({ key, group, data }) => ({ key, group, data }))).toEqual([
      {
        ...{ key: edit, group: 'studio' },
        data: {
          instruction: expect.stringContaining('greener'),
          caption: expect.any(String),
          language: 'en',
        },
      },
      {
        ...{ key: last, group: 'studio' },
        data: {
          instruction: expect.stringContaining('bluer'),
          caption: 'two <image> apples; greener; bluer',
          language: 'en',
        },
      },
    ]);
    expect(items[1]?.pictures.map(({ name }) => name)).toEqual(['source', 'target']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('what was exported comes back whole, linked, and once, whoever imports it', async () => {
  const { visitorId, last } = await makeConversation();
  const zip = new Uint8Array(await (await download(visitorId, last)).arrayBuffer());
  const other = randomUUID();
  const [first, second] = await Promise.all([send(other, zip), send(other, zip)]);
  expect(first.status).toBe(201);
  expect(second.body).toEqual(first.body);
  const results = await all(other);
  expect(results).toMatchObject([
    { task: 'generate', prompt: 'two < image > apples', parameters: { seed: 3, steps: 4 }, parentId: null },
    { task: 'edit', prompt: 'greener', parentId: results[0]?.id, text: null },
    { task: 'understand', prompt: '有几个苹果？', text: '两个 < image >', language: 'zh', picture: null },
    { task: 'edit', prompt: 'bluer', parentId: results[2]?.id },
  ]);
  expect(results.every(({ imported, state }) => imported && state === 'done')).toBe(true);
  const originals = (await all(visitorId)).filter(({ prompt }) => prompt !== 'a secret branch');
  const hashes = (items: typeof results) => items.map(({ source, picture }) => [source?.hash, picture?.hash]);
  expect(hashes(results)).toEqual(hashes(originals));
  // What was removed since comes back, and what is there stays.
  await studio.as(other).demo.remove({ id: results[1]?.id ?? '' });
  await send(other, zip);
  const again = await all(other);
  expect(again).toHaveLength(4);
  expect(again.find(({ task }) => task === 'understand')?.parentId).toBe(
    again.find(({ prompt }) => prompt === 'greener')?.id,
  );
  // And goes out again as it came in.
  const out = await unzipped(await download(other, results[3]?.id ?? ''));
  expect(text(out['conversation.json'])).toBe(text(unzipSync(zip)['conversation.json']));
});

test('a job without a result ends the way: its last preview is the user’s own picture', async () => {
  const visitorId = randomUUID();
  const picture = await storeColour(studio.services, 'orange');
  const stopped = await insertResult(studio.services, visitorId, { state: 'cancelled', picture });
  const edit = { task: 'edit', prompt: 'sharper', source: picture, picture, parentId: stopped } as const;
  const id = await insertResult(studio.services, visitorId, edit);
  const { messages } = JSON.parse(text((await unzipped(await download(visitorId, id)))['conversation.json']));
  expect(messages).toEqual([
    { role: 'user', content: expect.stringMatching(/^<image> .*sharper/) },
    { role: 'assistant', content: '<image>' },
  ]);
  expect((await download(visitorId, stopped)).status).toBe(409);
});

test('nobody exports another’s conversation', async () => {
  const { last } = await makeConversation();
  for (const id of [last, randomUUID(), 'x', '../../etc/passwd'])
    expect((await download(randomUUID(), id)).status).toBe(404);
});

const png = (side = 8, background = '#0a0b0c') =>
  sharp({ create: { width: side, height: side, channels: 3, background } })
    .png()
    .toBuffer();
const dataUrl = async (side?: number) => `data:image/png;base64,${(await png(side)).toString('base64')}`;
const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });

test('conversations of other programs are taken, with pictures as data URLs', async () => {
  const visitorId = randomUUID();
  const conversation = {
    images: [await dataUrl(), await dataUrl(9)],
    messages: [
      { role: 'system', content: 'You are helpful.' },
      user('<image>What is this?'),
      assistant('A square.'),
      user('And its colour?'),
      assistant('Black.'),
      user('Make it larger.'),
      assistant('Here is the image: <image>'),
    ],
  };
  const list = [conversation, { images: [], messages: [user('Hello'), assistant('Hello.')] }];
  expect((await send(visitorId, JSON.stringify(list))).status).toBe(201);
  const [first, second, third, other] = await all(visitorId);
  expect(first).toMatchObject({ task: 'understand', prompt: 'What is this?', text: 'A square.' });
  expect(second).toMatchObject({ prompt: 'And its colour?', parentId: first?.id, source: first?.source });
  expect(third).toMatchObject({ task: 'edit', parentId: second?.id, picture: { width: 9 }, text: null });
  expect(other).toMatchObject({ task: 'understand', prompt: 'Hello', parentId: null, source: null });
});

const zipOf = (files: Record<string, Uint8Array | string>) =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, body]) => [name, typeof body === 'string' ? strToU8(body) : body]),
    ),
  );
const asking = (image: string) =>
  JSON.stringify({ images: [image], messages: [user('<image> What is it?'), assistant('A square.')] });

test.each<[string, () => Promise<Uint8Array | string> | Uint8Array | string, number, string]>([
  ['nothing', () => '', 400, 'IMPORT_UNREADABLE'],
  ['a text', () => 'hello', 400, 'IMPORT_UNREADABLE'],
  ['bytes that are no text', () => new Uint8Array([1, 255, 254]), 400, 'IMPORT_UNREADABLE'],
  ['other JSON', () => '{"a": 1}', 400, 'IMPORT_UNREADABLE'],
  [
    'a ZIP file cut off',
    () => zipOf({ 'conversation.json': asking('a.png') }).subarray(0, 40),
    400,
    'IMPORT_UNREADABLE',
  ],
  ['an empty ZIP file', () => zipSync({}), 400, 'IMPORT_UNREADABLE'],
  [
    'a ZIP file without a conversation',
    async () => zipOf({ 'a.png': await png() }),
    400,
    'IMPORT_UNREADABLE',
  ],
  [
    'a picture outside the file',
    () => zipOf({ 'conversation.json': asking('../../../../etc/hostname') }),
    400,
    'IMPORT_PICTURE_MISSING',
  ],
  ['a path in JSON', () => asking('/etc/passwd'), 400, 'IMPORT_PICTURE_MISSING'],
  ['an address in JSON', () => asking('http://127.0.0.1/a.png'), 400, 'IMPORT_PICTURE_MISSING'],
  [
    'a picture that is text',
    () => zipOf({ 'conversation.json': asking('a.png'), 'a.png': 'not a picture' }),
    400,
    'image_format',
  ],
  [
    'a picture cut off',
    async () => zipOf({ 'conversation.json': asking('a.png'), 'a.png': (await png(64)).subarray(0, 90) }),
    400,
    'image_damaged',
  ],
  [
    'more entries than a conversation has',
    () => zipOf(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}.txt`, 'x']))),
    400,
    'IMPORT_TOO_LARGE',
  ],
  [
    'a bomb',
    () => zipOf({ 'conversation.json': asking('a.png'), 'a.png': new Uint8Array(60_000_000) }),
    400,
    'IMPORT_TOO_LARGE',
  ],
  [
    'too many answers',
    () =>
      JSON.stringify({
        messages: Array.from({ length: 202 }, (_, i) => (i % 2 ? assistant('a') : user('q'))),
      }),
    400,
    'IMPORT_TOO_LARGE',
  ],
  [
    'more places than pictures',
    () => JSON.stringify({ images: [], messages: [user('<image> What?'), assistant('That.')] }),
    400,
    'IMPORT_UNREADABLE',
  ],
  ['an answer to nothing', () => JSON.stringify({ messages: [assistant('a')] }), 400, 'IMPORT_UNREADABLE'],
  ['a question without an answer', () => JSON.stringify({ messages: [user('q')] }), 400, 'IMPORT_UNREADABLE'],
  [
    'a prompt that is too long',
    () => JSON.stringify({ messages: [user('x'.repeat(20_000)), assistant('a')] }),
    400,
    'prompt_too_long',
  ],
  [
    'notes that do not fit',
    () =>
      JSON.stringify({
        messages: [user('q'), assistant('a')],
        studio: { turns: [{ task: 'generate', language: 'en', linked: true, parameters: {} }] },
      }),
    400,
    'IMPORT_UNREADABLE',
  ],
])('%s is refused and leaves nothing', async (_name, make, status, code) => {
  const visitorId = randomUUID();
  const answer = await send(visitorId, await make());
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  expect(await all(visitorId)).toEqual([]);
});

test('one bad conversation of several keeps the others out too', async () => {
  const visitorId = randomUUID();
  const good = { messages: [user('q'), assistant('a')] };
  const bad = { images: ['data:image/png;base64,AAAA'], messages: [user('<image> q'), assistant('a')] };
  expect((await send(visitorId, [good, bad].map((one) => JSON.stringify(one)).join('\n'))).status).toBe(400);
  expect(await all(visitorId)).toEqual([]);
});

test('a bomb that declares another size is stopped as it comes out', async () => {
  const bomb = zipOf({ 'conversation.json': asking('a.png'), 'a.png': new Uint8Array(150_000_000) });
  // The declared size is no more than ten bytes, in the entry and in the directory.
  const view = new DataView(bomb.buffer);
  for (let at = 0; at + 30 < bomb.length; at++) {
    const sign = view.getUint32(at, true);
    if (sign === 0x04034b50) view.setUint32(at + 22, 10, true);
    if (sign === 0x02014b50) view.setUint32(at + 24, 10, true);
  }
  expect((await send(randomUUID(), bomb)).body.code).toBe('IMPORT_TOO_LARGE');
});

test('a file that is too large is refused by what it declares and by what comes', async () => {
  const visitorId = randomUUID();
  expect((await send(visitorId, 'x', { 'content-length': '200000000' })).status).toBe(413);
});

test('a request from another site is refused', async () => {
  const answer = await send(randomUUID(), '{}', { 'sec-fetch-site': 'cross-site' });
  expect(answer.status).toBe(403);
});

test('a prompt that is markup stays a text', async () => {
  const visitorId = randomUUID();
  const prompt = '<script>alert(1)</script>';
  await send(visitorId, JSON.stringify({ messages: [user(prompt), assistant('\u0000\ud800 no')] }));
  expect(await all(visitorId)).toMatchObject([{ prompt, text: '\ufffd\ufffd no' }]);
});
