import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import OpenAI, { toFile } from 'openai';
import sharp from 'sharp';
import { apiUrl, newVisitor, picture, readToEnd, type Visitor } from './product';
import { pythonWithOpenAi } from './python';

/** Streams of the HTTP API, read to the end of the body: what comes after the last event is that the server closes it. */
let visitor: Visitor & { key: string };
let client: OpenAI;
test.beforeAll(async () => {
  visitor = await newVisitor();
  client = new OpenAI({ apiKey: visitor.key, baseURL: apiUrl, maxRetries: 0, timeout: 120_000 });
});

const question = {
  model: 'nexus-gen-nano',
  messages: [{ role: 'user' as const, content: 'What can you draw?' }],
};
/** With fields that the client's types do not know. */
const quick = { steps: 8, seed: 5 };
const isPng = async (b64: string | undefined) =>
  (await sharp(Buffer.from(b64 ?? '', 'base64')).metadata()).format === 'png';

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const events: T[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

test('chat ends, with OpenAI’s client of Node', async () => {
  const chunks = await all(await client.chat.completions.create({ ...question, stream: true }));
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).not.toBe('');
  expect(chunks.at(-1)?.choices[0]?.finish_reason).toMatch(/^(stop|length)$/);
});

test('a generation ends, with OpenAI’s client of Node', async () => {
  const asked = { prompt: 'a photo of a dog', stream: true as const, partial_images: 2, ...quick };
  const events = await all(await client.images.generate(asked));
  expect(events.map(({ type }) => type)).toEqual([
    ...['image_generation.partial_image', 'image_generation.partial_image', 'image_generation.completed'],
  ]);
  for (const { b64_json } of events) expect(await isPng(b64_json)).toBe(true);
});

test('an edit ends, with OpenAI’s client of Node', async () => {
  const image = await toFile(await picture(), 'plain.png');
  const asked = { image, prompt: 'make it blue', stream: true as const, partial_images: 1, ...quick };
  const events = await all(await client.images.edit(asked));
  expect(events.map(({ type }) => type)).toEqual(['image_edit.partial_image', 'image_edit.completed']);
  for (const { b64_json } of events) expect(await isPng(b64_json)).toBe(true);
});

test('chat, generation and edit end, with OpenAI’s client of Python', async ({}, info) => {
  // The first time makes a virtual environment.
  info.setTimeout(900_000);
  const found = pythonWithOpenAi();
  if ('missing' in found && !process.env.CI)
    console.log(`  OpenAI’s client of Python is left out: ${found.missing}`);
  test.skip('missing' in found && !process.env.CI, 'missing' in found ? found.missing : undefined);
  if ('missing' in found) throw new Error(found.missing);
  const file = info.outputPath('plain.png');
  await writeFile(file, await picture());
  const script = `${import.meta.dirname}/openai_client.py`;
  const child = spawn(found.python, [script, apiUrl, visitor.key, file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [said, complaints, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number]>,
  ]);
  expect(code, complaints).toBe(0);
  expect(JSON.parse(said)).toEqual({
    answer: expect.stringMatching(/\S/),
    finished: expect.stringMatching(/^(stop|length)$/),
    generated: [
      ...['image_generation.partial_image', 'image_generation.partial_image', 'image_generation.completed'],
    ],
    edited: ['image_edit.partial_image', 'image_edit.completed'],
  });
});

const post = (path: string, body: object, signal?: AbortSignal) =>
  fetch(`${apiUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${visitor.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, stream: true }),
    signal,
  });

test('bodies read byte by byte end after their last event', async () => {
  const chat = await post('/chat/completions', question);
  expect(chat.headers.get('content-type')).toMatch(/^text\/event-stream/);
  expect((await readToEnd(chat)).toString()).toMatch(/data: \[DONE\]\n\n$/);
  const image = `data:image/png;base64,${(await picture()).toString('base64')}`;
  for (const [path, body, last] of [
    ['/images/generations', { prompt: 'a photo of a cat', ...quick }, 'image_generation.completed'],
    ['/images/edits', { prompt: 'make it green', image, ...quick }, 'image_edit.completed'],
  ] as const) {
    const events = (await readToEnd(await post(path, body))).toString().trimEnd().split('\n\n');
    expect(events.at(-1)?.split('\n')[0]).toBe(`event: ${last}`);
  }
});

test('a stream that fails ends after the event that says so', async () => {
  const stream = await client.images.generate({ prompt: 'a photo of a bird', stream: true, ...long });
  const outcome = all(stream).then(
    () => null,
    (error: unknown) => error,
  );
  const { id } = await newest();
  await visitor.trpc.demo.cancel.mutate({ id });
  expect(await outcome).toMatchObject({ code: 'cancelled' });
});

test('a reader who leaves in mid-stream cancels the job', async () => {
  const left = new AbortController();
  const answer = await post('/images/generations', { prompt: 'a photo of a bear', ...long }, left.signal);
  await answer.body?.getReader().read();
  const { id } = await newest();
  left.abort();
  const state = async () => (await visitor.trpc.demo.get.query({ id })).state;
  await expect.poll(state, { timeout: 60_000 }).toBe('cancelled');
});

/** As long as the model allows. */
const long = { steps: 50, guidance: 5, size: '256x256' as const };

async function newest() {
  const { items } = await visitor.trpc.demo.list.query({ limit: 1 });
  if (!items[0]) throw new Error('no job');
  return items[0];
}
