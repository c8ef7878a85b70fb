import { randomUUID } from 'node:crypto';
import OpenAI, { toFile } from 'openai';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { serveHttpApi, type HttpApiServer } from '../support/http-api';
import { createStudio, type TestStudio } from '../support/studio';

/** The official client of OpenAI against the HTTP API, with a stub in place of the model. */
let database: TestDatabase;
let studio: TestStudio;
let server: HttpApiServer;
let hasty: HttpApiServer;
let client: OpenAI;
let secret: string;
const owner = randomUUID();

beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  server = await serveHttpApi(studio.services);
  hasty = await serveHttpApi(studio.services, { timeLimitMs: 300 });
  ({ secret } = await studio.as(owner).keys.create({ name: 'tests' }));
  client = new OpenAI({ apiKey: secret, baseURL: server.baseUrl, maxRetries: 0 });
  await studio.worker();
});
afterAll(async () => {
  await server.close();
  await hasty.close();
  await studio.close();
  await database.drop();
});

const solid = (format: 'png' | 'jpeg' | 'webp' = 'png', color = '#c02020') =>
  sharp({ create: { width: 64, height: 48, channels: 3, background: color } })
    .toFormat(format)
    .toBuffer();
const dataUrl = async (color?: string) =>
  `data:image/png;base64,${(await solid('png', color)).toString('base64')}`;
const sizeOf = async (b64: string | undefined) => {
  const { width, height, format } = await sharp(Buffer.from(b64 ?? '', 'base64')).metadata();
  return { width, height, format };
};
const newest = async (visitorId = owner) => {
  const { items } = await studio.as(visitorId).demo.list({ limit: 1 });
  const [item] = items;
  if (!item) throw new Error('no job');
  return item;
};
const failureOf = async (call: Promise<unknown>) => {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof OpenAI.APIError)) throw new Error(`not an APIError: ${String(error)}`);
  return error;
};
const post = (path: string, body: unknown, headers: Record<string, string> = {}, at = server) =>
  fetch(`${at.baseUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof FormData ? body : JSON.stringify(body),
  });
/** With fields that the client's types do not know. */
const asked = <T>(fields: T) => fields;

test('images.generate gives a picture, its seed, and a job in the history of the key’s owner', async () => {
  const body = asked({ prompt: 'a red apple', size: '64x64' as const, seed: 7, steps: 2, guidance: 3 });
  const answer = await client.images.generate(body);
  expect(answer).toMatchObject({ size: '16x16', output_format: 'png', background: 'opaque' });
  expect(answer.created).toBeGreaterThan(1.6e9);
  expect(answer.data).toEqual([{ b64_json: expect.any(String), seed: 7 }]);
  expect(await sizeOf(answer.data?.[0]?.b64_json)).toEqual({ width: 16, height: 16, format: 'png' });
  expect(await newest()).toMatchObject({
    task: 'generate',
    state: 'done',
    prompt: 'a red apple',
    parameters: { width: 64, height: 64, seed: 7, steps: 2, guidance: 3 },
  });
  expect(answer._request_id).toMatch(/^req_[0-9a-f]{24}$/);
});

test('n pictures have n seeds, and links lead to them', async () => {
  const body = asked({ prompt: 'two pears', n: 2, seed: 40, response_format: 'url' as const });
  const answer = await client.images.generate(body);
  expect(answer.data).toMatchObject([{ seed: 40 }, { seed: 41 }]);
  const urls = answer.data?.map(({ url }) => url ?? '') ?? [];
  expect(new Set(urls).size).toBe(2);
  for (const url of urls) {
    expect(url).toMatch(new RegExp(`^${server.origin}/api/images/[0-9a-f]{64}\\?visitor=[\\w-]+$`));
    // The link is for that picture alone, and for whoever has it.
    expect((await fetch(url.replace(/\?.*/, ''))).status).toBe(404);
    const picture = await fetch(url);
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(await sizeOf(Buffer.from(await picture.arrayBuffer()).toString('base64'))).toMatchObject({
      width: 16,
    });
  }
});

test('links go by the address that the proxy was asked for', async () => {
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'studio.example' };
  const ask = async (more: Record<string, string>) => {
    const response = await post('/images/generations', { prompt: 'x', response_format: 'url' }, more);
    return ((await response.json()) as { data: { url: string }[] }).data[0]?.url;
  };
  expect(await ask(headers)).toMatch(/^https:\/\/studio\.example\/api\/images\//);
  expect(await ask({ 'x-forwarded-host': 'evil.example/"><script>' })).toMatch(server.origin);
});

test.each(['webp', 'jpeg'] as const)('pictures come as %s on request', async (output_format) => {
  const answer = await client.images.generate({ prompt: 'a plum', output_format, output_compression: 80 });
  expect(answer.output_format).toBe(output_format);
  expect((await sizeOf(answer.data?.[0]?.b64_json)).format).toBe(output_format);
});

test('images are streamed with previews', async () => {
  const stream = await client.images.generate({ prompt: 'steps=8', stream: true, partial_images: 2 });
  const events = [];
  for await (const event of stream) events.push(event);
  expect(events.map(({ type }) => type)).toEqual([
    'image_generation.partial_image',
    'image_generation.partial_image',
    'image_generation.completed',
  ]);
  expect(await sizeOf(events[0]?.b64_json)).toEqual({ width: 8, height: 8, format: 'png' });
  expect(await sizeOf(events[2]?.b64_json)).toEqual({ width: 16, height: 16, format: 'png' });
});

test('images.edit takes a file, whatever its name', async () => {
  const image = await toFile(await solid('jpeg'), '../../etc/passwd');
  const answer = await client.images.edit(
    asked({ image, prompt: 'make it green', seed: 3, decoder: 'generation' }),
  );
  expect(answer.data).toMatchObject([{ b64_json: expect.any(String), seed: 3 }]);
  expect(await newest()).toMatchObject({
    task: 'edit',
    prompt: 'make it green',
    source: { width: 64, height: 48 },
    parameters: { width: 64, height: 48, decoder: 'generation' },
  });
  const stream = await client.images.edit({ image: [image], prompt: 'steps=4', stream: true });
  const types = [];
  for await (const { type } of stream) types.push(type);
  expect(types).toEqual(['image_edit.completed']);
});

test('an edit by JSON takes a data URL, or a picture of this server, whose job becomes its parent', async () => {
  const byData = await post('/images/edits', { prompt: 'bluer', images: [{ image_url: await dataUrl() }] });
  expect(byData.status).toBe(200);
  const parent = await newest();
  const image = `${server.origin}/api/images/${parent.picture?.hash}`;
  expect((await post('/images/edits', { prompt: 'bluer still', image })).status).toBe(200);
  expect(await newest()).toMatchObject({ parentId: parent.id, source: parent.picture });
});

const question = (url: string, text = 'what is this?') => [
  {
    role: 'user' as const,
    content: [
      { type: 'text' as const, text },
      { type: 'image_url' as const, image_url: { url } },
    ],
  },
];

test('chat.completions answers, with or without a picture, and counts tokens', async () => {
  const plain = await client.chat.completions.create({
    model: 'tiny-random',
    messages: [
      { role: 'system', content: 'You are a pirate.' },
      { role: 'user', content: 'hello there' },
    ],
  });
  expect(plain).toMatchObject({
    id: expect.stringMatching(/^chatcmpl-[0-9a-f]{32}$/),
    object: 'chat.completion',
    model: 'tiny-random',
    choices: [
      { index: 0, message: { role: 'assistant', content: 'word1 word2 word3 ' }, finish_reason: 'stop' },
    ],
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
  });
  expect(await newest()).toMatchObject({ task: 'understand', prompt: 'hello there', source: null });
  const cut = await client.chat.completions.create({
    model: 'tiny-random',
    max_completion_tokens: 3,
    messages: question(await dataUrl()),
  });
  expect(cut.choices[0]?.finish_reason).toBe('length');
  expect(await newest()).toMatchObject({ source: { width: 64 }, parameters: { maxNewTokens: 3 } });
});

test('the newest picture of a conversation is looked at', async () => {
  await client.chat.completions.create({
    model: 'tiny-random',
    messages: [
      ...question(await dataUrl('#00ff00'), 'first'),
      ...question(await dataUrl('#0000ff'), 'second'),
      { role: 'assistant', content: 'blue' },
      { role: 'user', content: 'are you sure?' },
    ],
  });
  const job = await newest();
  expect(job.prompt).toBe('are you sure?');
  const source = await studio.services.blobs.get(job.source?.hash ?? '');
  expect(source?.equals(await solid('png', '#0000ff'))).toBe(true);
});

test('chat.completions streams chunks, and usage on request', async () => {
  const stream = await client.chat.completions.create({
    model: 'tiny-random',
    messages: [{ role: 'user', content: 'steps=5 delay=5' }],
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' });
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(
    'word1 word2 word3 word4 word5 ',
  );
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
  expect(chunks.at(-1)).toMatchObject({
    choices: [],
    usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 },
  });
  expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
});

test.each<[string, object]>([
  ['safety_identifier', { safety_identifier: 'u' }],
  ['prompt_cache_key', { prompt_cache_key: 'k' }],
  ['prompt_cache_retention', { prompt_cache_retention: '24h', prompt_cache_options: { mode: 'explicit' } }],
  ['service_tier', { service_tier: 'auto' }],
  ['parallel_tool_calls', { parallel_tool_calls: false }],
  ['logit_bias', { logit_bias: {} }],
  ['a bias of nothing', { logit_bias: { 50256: 0 } }],
  ['logprobs', { logprobs: false, top_logprobs: 0 }],
  ['stop', { stop: [] }],
  ['an empty stop', { stop: '' }],
  ['no tools', { tools: [], functions: [] }],
  ['tools that may not be called', { tools: [{ type: 'function' }], tool_choice: 'none' }],
  ['functions that may not be called', { functions: [{ name: 'f' }], function_call: 'none' }],
  ['tool_choice', { tool_choice: 'auto', function_call: 'auto' }],
  ['modalities', { modalities: ['text'] }],
  ['a voice without speech', { modalities: ['text'], audio: { voice: 'alloy', format: 'mp3' } }],
  ['reasoning_effort', { reasoning_effort: 'low', verbosity: 'low' }],
  ['prediction', { prediction: { type: 'content', content: 'x' } }],
  ['response_format', { response_format: { type: 'text' } }],
  ['store and metadata', { store: false, metadata: { a: 'b' }, user: 'u' }],
  [
    'null everywhere',
    { tools: null, stop: null, logprobs: null, n: null, stream: null, stream_options: null },
  ],
  [
    'an earlier refusal',
    {
      messages: [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }] },
        { role: 'user', content: 'hi' },
      ],
    },
  ],
])('a chat with %s is answered as without', async (_name, fields) => {
  const response = await post('/chat/completions', {
    messages: [{ role: 'user', content: 'hi' }],
    ...fields,
  });
  const answer = (await response.json()) as { choices: { message: { content: string } }[] };
  expect([response.status, answer.choices?.map(({ message }) => message.content)]).toEqual([
    200,
    ['word1 word2 word3 '],
  ]);
});

test('n choices are n equal answers, whole and streamed, and each counts', async () => {
  const ask = { model: 'tiny-random', messages: [{ role: 'user' as const, content: 'hi' }], n: 3 };
  const whole = await client.chat.completions.create(ask);
  expect(whole.choices.map(({ index, message }) => [index, message.content])).toEqual(
    [0, 1, 2].map((index) => [index, 'word1 word2 word3 ']),
  );
  expect(whole.usage).toEqual({ prompt_tokens: 7, completion_tokens: 9, total_tokens: 16 });
  const said = ['', '', ''];
  const ends: string[] = [];
  const options = { stream: true as const, stream_options: { include_usage: true } };
  let tokens = 0;
  for await (const { choices, usage } of await client.chat.completions.create({ ...ask, ...options })) {
    for (const { index, delta, finish_reason } of choices) {
      said[index] += delta.content ?? '';
      if (finish_reason) ends.push(`${index} ${finish_reason}`);
    }
    tokens = usage?.completion_tokens ?? tokens;
  }
  expect([said, ends, tokens]).toEqual([
    Array.from({ length: 3 }, () => 'word1 word2 word3 '),
    ['0 stop', '1 stop', '2 stop'],
    9,
  ]);
});

test('an edit takes fields without a value, and a mask without a byte', async () => {
  const form = new FormData();
  form.append('prompt', 'steps=1');
  form.append('image', new Blob([new Uint8Array(await solid())]), 'a.png');
  form.append('mask', new Blob([]), '');
  for (const name of ['n', 'seed', 'quality', 'user', 'negative_prompt', 'stream']) form.append(name, '');
  const response = await fetch(`${server.baseUrl}/images/edits`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}` },
    body: form,
  });
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('b64_json')]);
});

test('a stream ends with [DONE] and has no usage unasked', async () => {
  const body = { messages: [{ role: 'user', content: 'hi' }], stream: true };
  const response = await post('/chat/completions', body);
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const text = await response.text();
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  expect(text).not.toContain('usage');
});

test('models are listed and found', async () => {
  const { data } = await client.models.list();
  expect(data).toEqual([
    { id: 'tiny-random', object: 'model', created: expect.any(Number), owned_by: 'nexus-gen-studio' },
  ]);
  expect(await client.models.retrieve('tiny-random')).toMatchObject({ id: 'tiny-random' });
  const error = await failureOf(client.models.retrieve('gpt-image-1'));
  expect(error).toBeInstanceOf(OpenAI.NotFoundError);
  expect(error).toMatchObject({ code: 'model_not_found', param: 'model', type: 'invalid_request_error' });
});

test('a missing, malformed, wrong or revoked key is an AuthenticationError', async () => {
  const visitor = studio.as();
  const made = await visitor.keys.create({ name: 'short-lived' });
  const using = (apiKey: string) =>
    new OpenAI({ apiKey, baseURL: server.baseUrl, maxRetries: 0 }).models.list();
  await using(made.secret);
  await visitor.keys.revoke({ id: made.id });
  for (const key of [made.secret, `${secret}x`, `ngs_${'A'.repeat(43)}`, 'sk-123', "' OR 1=1"]) {
    const error = await failureOf(using(key).then((list) => list));
    expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(error).toMatchObject({ code: 'invalid_api_key', type: 'invalid_request_error' });
    expect(error.headers?.get('www-authenticate')).toMatch(/^Bearer realm=.*invalid_token/);
  }
  const none = await fetch(`${server.baseUrl}/models`);
  expect([none.status, none.headers.get('www-authenticate')]).toEqual([
    401,
    'Bearer realm="nexus-gen-studio"',
  ]);
  // A cookie is no key: another site's page cannot act for a visitor.
  const cookie = await fetch(`${server.baseUrl}/models`, { headers: { cookie: `studio_visitor=${owner}` } });
  expect(cookie.status).toBe(401);
});

/** Keeps the worker busy while `work` fills the queue: a worker that still looks for its next job would take what waits. */
async function whileBusy(work: () => Promise<void>): Promise<void> {
  const other = studio.as(randomUUID());
  const { id } = await other.demo.submit({ task: 'generate', prompt: 'steps=2000 delay=20' });
  await studio.reaches(id, 'running');
  try {
    await work();
  } finally {
    await other.demo.cancel({ id });
    await studio.reaches(id, 'cancelled');
  }
}

test('too many waiting jobs are a RateLimitError that says when to come again', async () => {
  const visitorId = randomUUID();
  const busy = await studio.as(visitorId).keys.create({ name: 'busy' });
  const { db } = studio.services;
  const { id } = await studio.as(visitorId).demo.submit({ task: 'generate', prompt: 'first' });
  await studio.reaches(id, 'done');
  await whileBusy(async () => {
    await db.pool.query(
      `INSERT INTO generation (id, visitor_id, revision_id, task, prompt, language, parameters, turn)
       SELECT gen_random_uuid(), visitor_id, revision_id, task, prompt, language, parameters, 1e9
       FROM generation, generate_series(1, 20) WHERE id = $1`,
      [id],
    );
    const hurried = new OpenAI({ apiKey: busy.secret, baseURL: server.baseUrl, maxRetries: 0 });
    const error = await failureOf(hurried.images.generate({ prompt: 'one more' }));
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(error).toMatchObject({ type: 'rate_limit_error', code: 'rate_limit_exceeded' });
    expect(Number(error.headers?.get('retry-after'))).toBeGreaterThan(0);
  });
});

test('where only some of n pictures can be queued, none is', async () => {
  const visitorId = randomUUID();
  const { secret: key } = await studio.as(visitorId).keys.create({ name: 'nearly full' });
  const { db } = studio.services;
  const { id } = await studio.as(visitorId).demo.submit({ task: 'generate', prompt: 'first' });
  await studio.reaches(id, 'done');
  await whileBusy(async () => {
    await db.pool.query(
      `INSERT INTO generation (id, visitor_id, revision_id, task, prompt, language, parameters, turn)
       SELECT gen_random_uuid(), visitor_id, revision_id, task, 'parked', language, parameters, 1e9
       FROM generation, generate_series(1, 18) WHERE id = $1`,
      [id],
    );
    const body = { prompt: 'steps=200 delay=20', n: 4 };
    const response = await post('/images/generations', body, { authorization: `Bearer ${key}` });
    if (response.status === 200) throw new Error('four pictures passed a limit of two');
    expect(response.status).toBe(429);
    const { rows } = await db.pool.query<{ id: string }>(
      `SELECT id FROM generation WHERE visitor_id = $1 AND prompt = $2`,
      [visitorId, body.prompt],
    );
    for (const row of rows) expect(await studio.reaches(row.id, 'cancelled')).toBe('cancelled');
  });
});

const running = async (call: () => Promise<unknown>) => {
  const before = new Set((await studio.as(owner).demo.list({ limit: 100 })).items.map((item) => item.id));
  const outcome = call().then(
    () => null,
    (error: unknown) => error,
  );
  let id = '';
  await expect
    .poll(async () => {
      id =
        (await studio.as(owner).demo.list({ limit: 5 })).items.find((item) => !before.has(item.id))?.id ?? '';
      return id;
    })
    .not.toBe('');
  await studio.reaches(id, 'running');
  return { id, outcome };
};

test('a caller who leaves cancels the job', async () => {
  const leave = new AbortController();
  const { id, outcome } = await running(() =>
    client.images.generate({ prompt: 'steps=2000 delay=20' }, { signal: leave.signal }),
  );
  leave.abort();
  expect(await outcome).toBeInstanceOf(OpenAI.APIUserAbortError);
  expect(await studio.reaches(id, 'cancelled', 'done', 'failed')).toBe('cancelled');
});

test('a reader who leaves a stream cancels the job', async () => {
  const stream = await client.chat.completions.create({
    model: 'tiny-random',
    messages: [{ role: 'user', content: 'steps=2000 delay=20' }],
    stream: true,
  });
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
  const { id } = await newest();
  expect(await studio.reaches(id, 'cancelled', 'done', 'failed')).toBe('cancelled');
});

test('a job cancelled on the page ends its request, which is not repeated', async () => {
  const { id, outcome } = await running(() => client.images.generate({ prompt: 'steps=1999 delay=20' }));
  await studio.as(owner).demo.cancel({ id });
  const error = await outcome;
  expect(error).toBeInstanceOf(OpenAI.ConflictError);
  expect(error).toMatchObject({ code: 'cancelled' });
});

test('a job that takes too long is cancelled and told as a timeout', async () => {
  const response = await post('/images/generations', { prompt: 'steps=1998 delay=20' }, {}, hasty);
  expect(response.status).toBe(504);
  expect(response.headers.get('x-should-retry')).toBe('false');
  expect(await response.json()).toMatchObject({ error: { type: 'timeout', code: 'timeout', param: null } });
  expect(await studio.reaches((await newest()).id, 'cancelled', 'done', 'failed')).toBe('cancelled');
  const streamed = new OpenAI({ apiKey: secret, baseURL: hasty.baseUrl, maxRetries: 0 });
  const stream = await streamed.images.generate({ prompt: 'steps=1997 delay=20', stream: true });
  const error = await failureOf(
    (async () => {
      for await (const _ of stream);
    })(),
  );
  expect(error).toMatchObject({ code: 'timeout' });
});

test('a caller with an Idempotency-Key may leave: the job goes on', async () => {
  const leave = new AbortController();
  const options = { signal: leave.signal, headers: { 'Idempotency-Key': randomUUID() } };
  const { id, outcome } = await running(() =>
    client.images.generate({ prompt: 'steps=30 delay=20' }, options),
  );
  leave.abort();
  await outcome;
  expect(await studio.reaches(id, 'cancelled', 'done', 'failed')).toBe('done');
});

test('another model is not found, and the client throws its own class', async () => {
  const error = await failureOf(client.images.generate({ prompt: 'x', model: 'dall-e-3' }));
  expect(error).toBeInstanceOf(OpenAI.NotFoundError);
  expect(error.code).toBe('model_not_found');
  expect(await failureOf(client.images.generate({ prompt: '' }))).toBeInstanceOf(OpenAI.BadRequestError);
});

test('addresses, methods and bodies that are not there are told in the same form', async () => {
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${server.baseUrl}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${secret}`, ...init.headers },
    });
  const unknown = await ask('/embeddings', { method: 'POST', body: '{}' });
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toMatchObject({ error: { code: 'unknown_url' } });
  const wrong = await ask('/images/generations', { method: 'DELETE' });
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  const text = await ask('/images/generations', {
    method: 'POST',
    body: 'prompt=x',
    headers: { 'content-type': 'text/plain' },
  });
  expect(text.status).toBe(415);
  const badForm = await ask('/images/edits', {
    method: 'POST',
    body: 'not a form',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
  });
  expect(await badForm.json()).toMatchObject({ error: { code: 'invalid_form' } });
  const replay = await post('/images/generations', { prompt: 'x' }, { 'idempotency-key': 'x'.repeat(256) });
  expect(await replay.json()).toMatchObject({ error: { param: 'Idempotency-Key' } });
});

test('a page of another site may ask, with a key and without cookies', async () => {
  const preflight = await fetch(`${server.baseUrl}/images/edits`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://other.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,x-stainless-lang',
    },
  });
  expect(preflight.status).toBe(204);
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': 'authorization,x-stainless-lang',
  });
  expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  const refused = await fetch(`${server.baseUrl}/models`, { headers: { origin: 'https://other.example' } });
  expect(refused.headers.get('access-control-allow-origin')).toBe('*');
});

test('what failed without a foreseen reason is told as 500 without its details', async () => {
  const { services } = studio;
  const broken = await serveHttpApi({
    ...services,
    blobs: { ...services.blobs, get: () => Promise.reject(new Error('secret path /srv/x')) },
  });
  const response = await post('/images/generations', { prompt: 'x' }, {}, broken);
  expect(response.status).toBe(500);
  const text = await response.text();
  expect(text).not.toContain('secret');
  expect(JSON.parse(text)).toMatchObject({ error: { type: 'server_error', code: 'internal_error' } });
  await broken.close();
});

test('the jobs of a key are its owner’s alone', async () => {
  await client.images.generate({ prompt: 'private' });
  const { id } = await newest();
  const other = studio.as();
  for (const call of [other.demo.get, other.demo.cancel, other.demo.remove, other.demo.queue])
    await expect(call({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await other.demo.list({})).items).toEqual([]);
});
