import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { serveHttpApi, type HttpApiServer } from '../support/http-api';
import { createStudio, type TestStudio } from '../support/studio';

/** What the HTTP API refuses, and how it says so. Nothing here gets as far as the model. */
let database: TestDatabase;
let studio: TestStudio;
let server: HttpApiServer;
let secret: string;

beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  server = await serveHttpApi(studio.services);
  ({ secret } = await studio.as(randomUUID()).keys.create({ name: 'tests' }));
});
afterAll(async () => {
  await server.close();
  const { rows } = await studio.services.db.pool.query('SELECT id FROM generation');
  await studio.close();
  await database.drop();
  expect(rows).toEqual([]);
});

const solid = () =>
  sharp({ create: { width: 64, height: 48, channels: 3, background: '#c02020' } })
    .png()
    .toBuffer();
const post = (path: string, body: unknown) =>
  fetch(`${server.baseUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const question = (url: string) => [
  {
    role: 'user',
    content: [
      { type: 'text', text: 'what is this?' },
      { type: 'image_url', image_url: { url } },
    ],
  },
];

test.each<[string, unknown, string | null, RegExp]>([
  ['{"prompt": ', '{"prompt": ', null, /not valid UTF-8 JSON/],
  ['a list', '[]', null, /must be a JSON object/],
  ['no prompt', {}, 'prompt', /prompt is missing/],
  ['a number as prompt', { prompt: 5 }, 'prompt', /expected string/],
  ['an empty prompt', { prompt: '  ' }, 'prompt', /prompt is empty/],
  ['a prompt that is too long', { prompt: 'x'.repeat(501) }, 'prompt', /501 characters/],
  ['n of 11', { prompt: 'x', n: 11 }, 'n', /whole number from 1 to 10/],
  ['n of 0', { prompt: 'x', n: 0 }, 'n', /whole number from 1 to 10/],
  ['half a picture', { prompt: 'x', n: 1.5 }, 'n', /whole number/],
  ['a size in words', { prompt: 'x', size: 'large' }, 'size', /WIDTHxHEIGHT/],
  ['a size above the limit', { prompt: 'x', size: '1024x1024' }, 'size', /multiple of 8 from 32 to 128/],
  ['a huge size', { prompt: 'x', size: '99999x99999' }, 'size', /from 32 to 128/],
  ['a size between the steps', { prompt: 'x', size: '65x64' }, 'size', /multiple of 8/],
  ['a negative seed', { prompt: 'x', seed: -1 }, 'seed', /from 0 to 4294967295/],
  ['a seed above 32 bits', { prompt: 'x', seed: 2 ** 32 }, 'seed', /from 0 to 4294967295/],
  ['seeds that run over', { prompt: 'x', seed: 2 ** 32 - 1, n: 2 }, 'seed', /seed must be at most/],
  ['a seed in words', { prompt: 'x', seed: 'one' }, 'seed', /whole number/],
  ['too many steps', { prompt: 'x', steps: 51 }, 'steps', /from 1 to 50/],
  ['much guidance', { prompt: 'x', guidance: 11 }, 'guidance', /from 1 to 10/],
  ['transparency', { prompt: 'x', background: 'transparent' }, 'background', /no transparency/],
  ['a link to webp', { prompt: 'x', response_format: 'url', output_format: 'webp' }, 'output_format', /PNG/],
  ['an unknown format', { prompt: 'x', output_format: 'gif' }, 'output_format', /png/],
  ['an unknown field', { prompt: 'x', lora: 'y' }, 'lora', /Unknown parameter: lora/],
  ['a prototype', '{"prompt": "x", "__proto__": {"n": 9}}', '__proto__', /Unknown parameter/],
  ['a stream of two', { prompt: 'x', stream: true, n: 2 }, 'n', /one image/],
  [
    'a negative prompt too long',
    { prompt: 'x', negative_prompt: 'y'.repeat(9000) },
    'negative_prompt',
    /the limit is/,
  ],
])('a generation with %s is refused', async (_name, body, param, message) => {
  const response = await post('/images/generations', body);
  const { error } = (await response.json()) as { error: Record<string, unknown> };
  expect(response.status).toBe(400);
  expect(error).toMatchObject({ type: 'invalid_request_error', param });
  expect(error.message).toMatch(message);
});

const form = (fields: Record<string, string | Blob>) => {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.append(name, value);
  return made;
};
const postForm = (body: FormData) =>
  fetch(`${server.baseUrl}/images/edits`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}` },
    body,
  });

test.each<[string, () => Promise<FormData> | FormData, number, string, RegExp]>([
  ['no picture', () => form({ prompt: 'x' }), 400, 'image', /needs an image/],
  [
    'text as a picture',
    () => form({ prompt: 'x', image: new Blob(['text']) }),
    400,
    'image_format',
    /not a PNG/,
  ],
  ['an empty file', () => form({ prompt: 'x', image: new Blob([]) }), 400, 'image_empty', /empty/],
  [
    'a mask',
    async () => form({ prompt: 'x', image: new Blob([await solid()]), mask: new Blob([await solid()]) }),
    400,
    'mask',
    /edits from text and doesn’t support masks/,
  ],
  [
    'two pictures',
    async () => {
      const made = form({ prompt: 'x', 'image[]': new Blob([await solid()]) });
      made.append('image[]', new Blob([await solid()]));
      return made;
    },
    400,
    'image',
    /one image at a time/,
  ],
  ['no prompt', async () => form({ image: new Blob([await solid()]) }), 400, 'prompt', /missing/],
  [
    'words for n',
    async () => form({ prompt: 'x', n: 'two', image: new Blob([await solid()]) }),
    400,
    'n',
    /whole/,
  ],
  [
    'more than 30 MB',
    () => form({ prompt: 'x', image: new Blob([new Uint8Array(31e6)]) }),
    413,
    'too_large',
    /30 MB/,
  ],
  [
    'a picture above 20 MB',
    () => form({ prompt: 'x', image: new Blob([new Uint8Array(21e6)]) }),
    413,
    'image_too_many_bytes',
    /20 MB/,
  ],
])('an edit with %s is refused', async (_name, make, status, at, message) => {
  const response = await postForm(await make());
  const { error } = (await response.json()) as {
    error: { param: string | null; code: string; message: string };
  };
  expect(response.status).toBe(status);
  expect([error.param, error.code]).toContain(at);
  expect(error.message).toMatch(message);
});

test.each<[string, string, RegExp]>([
  ['another server', 'https://example.com/cat.png', /doesn’t fetch external URLs/],
  ['this machine', 'http://127.0.0.1:1/api/images/x', /doesn’t fetch external URLs/],
  ['a file', 'file:///etc/passwd', /doesn’t fetch external URLs/],
  ['an unknown picture', `/api/images/${'f'.repeat(64)}`, /no such image/],
  ['another page of this server', '/api/health', /no such image/],
  ['a data URL without base64', 'data:image/png,abc', /base64/],
  ['a data URL of text', 'data:image/png;base64,aGVsbG8=', /not a PNG/],
  ['a data URL with markup', 'data:image/png;base64,<svg>', /base64/],
])('a picture at %s is refused', async (_name, url, message) => {
  const edit = await post('/images/edits', { prompt: 'x', image: url });
  const chat = await post('/chat/completions', { messages: question(url) });
  for (const response of [edit, chat]) {
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: { message: string } }).error.message).toMatch(message);
  }
});

const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });
test.each<[string, unknown, string, RegExp]>([
  ['no messages', {}, 'messages', /missing/],
  ['an empty list', { messages: [] }, 'messages', />=1/],
  ['no question', { messages: [{ role: 'assistant', content: 'x' }] }, 'messages', /must be from the user/],
  ['an empty question', user(' '), 'messages[0].content', /no text/],
  [
    'a part of another kind',
    user([{ type: 'input_audio' }]),
    'messages[0].content',
    /list of text and image_url parts/,
  ],
  ['another role', { messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].role', /expected one of/],
  ['tools', { ...user('x'), tools: [{ type: 'function' }] }, 'tools', /doesn’t support tools/],
  [
    'a tool that must be called',
    { ...user('x'), tool_choice: 'required' },
    'tool_choice',
    /doesn’t support tools/,
  ],
  [
    'tools, one of them chosen',
    {
      ...user('x'),
      tools: [{ type: 'function' }],
      tool_choice: { type: 'function', function: { name: 'f' } },
    },
    'tool_choice',
    /doesn’t support tools/,
  ],
  ['functions', { ...user('x'), functions: [{ name: 'f' }] }, 'functions', /doesn’t support functions/],
  ['a bias', { ...user('x'), logit_bias: { 7: -100 } }, 'logit_bias', /doesn’t support logit biases/],
  ['token probabilities', { ...user('x'), logprobs: true }, 'logprobs', /not available/],
  ['most likely tokens', { ...user('x'), top_logprobs: 3 }, 'top_logprobs', /not available/],
  ['an end of its own', { ...user('x'), stop: ['\n'] }, 'stop', /end by themselves/],
  ['speech', { ...user('x'), modalities: ['text', 'audio'] }, 'modalities', /answers in text/],
  ['a search', { ...user('x'), web_search_options: {} }, 'web_search_options', /doesn’t search/],
  ['storing', { ...user('x'), store: true }, 'store', /not stored/],
  ['a word for a flag', { ...user('x'), logprobs: 'no' }, 'logprobs', /expected boolean/],
  ['a field of nobody', { ...user('x'), top_k: 5 }, 'top_k', /Unknown parameter: top_k/],
  ['129 answers', { ...user('x'), n: 129 }, 'n', /whole number from 1 to 128/],
  [
    'JSON as the answer',
    { ...user('x'), response_format: { type: 'json_object' } },
    'response_format.type',
    /doesn’t write JSON/,
  ],
  ['a long answer', { ...user('x'), max_tokens: 65 }, 'max_completion_tokens', /from 1 to 64/],
  ['no tokens', { ...user('x'), max_tokens: 0 }, 'max_tokens', /whole number from 1\./],
  ['usage without a stream', { ...user('x'), stream_options: {} }, 'stream_options', /stream: true/],
  [
    'two pictures',
    user([
      { type: 'text', text: 'x' },
      ...[1, 2].map(() => ({ type: 'image_url', image_url: { url: 'data:x' } })),
    ]),
    'messages[0].content',
    /one image per message/,
  ],
])('a chat with %s is refused', async (_name, body, param, message) => {
  const response = await post('/chat/completions', body);
  const { error } = (await response.json()) as { error: { message: string } };
  expect(response.status).toBe(400);
  expect(error).toMatchObject({ param });
  expect(error.message).toMatch(message);
});
