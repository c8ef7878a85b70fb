import { randomUUID } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readBody } from '../../server/api/http-api/body';
import { toTrpcError } from '../../server/accounts/trpc-errors';
import { receiveConversation } from '../../server/api/web/conversations';
import { handleTrpc } from '../../server/api/web/trpc-handler';
import { storeSent } from '../../server/api/web/uploads';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { createStudio, type TestStudio } from '../support/studio';

/** What somebody hostile sends, and what comes at the wrong moment. */
let database: TestDatabase;
let studio: TestStudio;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url, { storageBytes: 1_000_000 });
});
afterAll(async () => {
  await studio.close();
  await database.drop();
});

const post = (address: string, body: BodyInit, headers: Record<string, string> = {}) =>
  new Request(`http://localhost${address}`, {
    ...{ method: 'POST', body, duplex: 'half' },
    headers: { 'content-type': 'application/json', ...headers },
  } as RequestInit);

/** As long as one reads on. */
const endless = () =>
  new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(65_536).fill(0x20)),
  });

test('a body of a procedure is read up to a limit', async () => {
  const answer = await handleTrpc(post('/api/trpc/demo.submit', endless()), studio.services);
  expect(answer.status).toBe(413);
  expect(await answer.json()).toMatchObject({ code: 'TOO_LARGE' });
});

test('a body that breaks off is told so', async () => {
  const broken = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.error(new Error('gone')),
  });
  const answer = await handleTrpc(post('/api/trpc/demo.submit', broken), studio.services);
  expect(answer.status).toBe(400);
});

test('who sends slowly keeps nobody from importing', async () => {
  const left: (() => void)[] = [];
  const waiting = Array.from({ length: 4 }, () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => left.push(() => controller.error(new Error('gone'))),
    });
    return receiveConversation(post('/api/conversations', body), studio.services);
  });
  const messages = [
    { role: 'user', content: 'why?' },
    { role: 'assistant', content: 'so.' },
  ];
  const answer = await receiveConversation(
    post('/api/conversations', JSON.stringify({ images: [], messages })),
    studio.services,
  );
  expect(answer.status).toBe(201);
  for (const leave of left) leave();
  await Promise.all(waiting);
});

test('what one address waits for is served in turns with what others wait for', async () => {
  const served: string[] = [];
  let begin!: () => void;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  // Somebody's picture is being decoded, and three of one address and one of another wait.
  const first = studio.services.turns.pictures.take('somebody', () => begun);
  const png = await sharp({ create: { width: 4, height: 3, channels: 3, background: '#c02020' } })
    .png()
    .toBuffer();
  const { turns } = studio.services;
  const noting = {
    ...studio.services,
    turns: {
      ...turns,
      pictures: {
        take: <T>(whose: string, work: () => Promise<T>) =>
          turns.pictures.take(whose, () => {
            served.push(whose);
            return work();
          }),
      },
    },
  };
  const send = (address: string) => storeSent(noting, { visitorId: randomUUID(), address }, png);
  const all = ['10.0.0.1', '10.0.0.1', '10.0.0.1', '10.0.0.2'].map(send);
  begin();
  await Promise.all([first, ...all]);
  expect(served).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.1', '10.0.0.1']);
});

test.each([
  // Where it is looked for in memory, there is just nothing.
  ['runs.list', { query: 'a\0b' }, 200],
  ['runs.list', { tag: '\0' }, 200],
  ['runs.list', { benchmark: '\0' }, 400],
  ['leaderboard.table', { benchmark: 'a\0' }, 400],
  ['leaderboard.history', { benchmark: 'a', model: '\0' }, 404],
])('%s with %o is no fault of the server', async (path, json, status) => {
  const url = `http://localhost/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify({ json }))}`;
  const answer = await handleTrpc(new Request(url), studio.services);
  expect(answer.status).toBe(status);
});

test('a text that the database refuses is told as one', async () => {
  const query = studio.services.db.pool.query('SELECT $1::text', ['a\0b']);
  expect(toTrpcError(await query.catch((error: unknown) => error))).toMatchObject({
    code: 'BAD_REQUEST',
    cause: { reason: 'TEXT_UNUSABLE' },
  });
  const found = studio.services.db.prisma.blob.findUnique({ where: { hash: 'a\0b' } });
  expect(toTrpcError(await found.catch((error: unknown) => error))).toMatchObject({ code: 'BAD_REQUEST' });
});

test.each([
  ['no JSON', '{'],
  ['nothing', 'null'],
  ['a number', '1'],
  [
    'notes of a form that superjson does not write',
    '{"json":{"id":"x"},"meta":{"values":{"id":[["custom","x"]]}}}',
  ],
  ['notes on places that are not there', '{"json":{},"meta":{"referentialEqualities":{"a.b.c":["d.e"]}}}'],
  ['notes that are none', '{"json":{},"meta":{"values":"x"}}'],
])('an input of %s is refused as one', async (_name, input) => {
  const url = `http://localhost/api/trpc/demo.get?input=${encodeURIComponent(input)}`;
  expect((await handleTrpc(new Request(url), studio.services)).status).toBe(400);
  expect((await handleTrpc(post('/api/trpc/demo.cancel', input), studio.services)).status).toBe(400);
});

test('a request does not call a thousand procedures', async () => {
  const names = Array.from({ length: 1000 }, () => 'keys.list').join(',');
  const url = `http://localhost/api/trpc/${names}?batch=1&input=%7B%7D`;
  expect((await handleTrpc(new Request(url), studio.services)).status).toBe(400);
});

const values = () => Buffer.from(`[${'{},'.repeat(2_000_000)}{}]`);

test.each([
  ['a list', values],
  ['lines', () => Buffer.from('1\n'.repeat(2_000_000))],
])('%s of millions of values is refused before it is parsed', async (_name, make) => {
  const answer = await receiveConversation(post('/api/conversations', make()), studio.services);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({
    code: 'IMPORT_TOO_LARGE',
    message: expect.stringMatching(/too many values/),
  });
});

test('the HTTP API parses no body of millions of values', async () => {
  await expect(readBody(post('/api/v1/chat/completions', values()))).rejects.toMatchObject({
    status: 413,
    code: 'too_many_values',
  });
});

const base = { task: 'generate', prompt: 'a cat' } as const;

test.each(['a\0b', 'half \ud83c of a pair'])('a grid over %j is refused in words', async (value) => {
  const x = { parameter: 'prompt' as const, values: [value] };
  await expect(studio.as().grids.submit({ base, x, requestId: randomUUID() })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
});

test('the request of a grid that was removed does not run again', async () => {
  const me = studio.as();
  const request = {
    ...{ base, requestId: randomUUID() },
    x: { parameter: 'seed' as const, values: [1, 2] },
  };
  const { id } = await me.grids.submit(request);
  await me.grids.cancel({ id });
  await me.grids.remove({ id });
  await expect(me.grids.submit(request)).rejects.toMatchObject({
    code: 'CONFLICT',
    cause: { reason: 'REQUEST_REMOVED' },
  });
  expect((await me.demo.list({})).items).toEqual([]);
});

test('an imported text that no database keeps is kept as far as it can be', async () => {
  const visitor = randomUUID();
  const parameters = { negativePrompt: 'a\0b' };
  const turns = [{ task: 'understand', language: 'en', linked: false, parameters }];
  const messages = [
    { role: 'user', content: 'why?' },
    { role: 'assistant', content: 'so\0.' },
  ];
  const file = JSON.stringify({ images: [], messages, studio: { turns } });
  const request = post('/api/conversations', file, { cookie: `studio_visitor=${visitor}` });
  expect((await receiveConversation(request, studio.services)).status).toBe(201);
  expect((await studio.as(visitor).demo.list({})).items).toMatchObject([{ text: 'so\ufffd.' }]);
});

test('an import counts by what it unpacks to', async () => {
  const pixels = new Uint8Array(700 * 600 * 3).fill(9);
  crypto.getRandomValues(pixels.subarray(0, 60_000));
  const raw = { width: 700, height: 600, channels: 3 as const };
  const picture = await sharp(pixels, { raw }).png({ compressionLevel: 0 }).toBuffer();
  const messages = [
    { role: 'user', content: '<image> what is it?' },
    { role: 'assistant', content: 'red' },
  ];
  const conversation = JSON.stringify({ images: ['images/01.png'], messages });
  const file = zipSync({ 'conversation.json': strToU8(conversation), 'images/01.png': picture });
  expect([file.byteLength < 100_000, picture.byteLength > 1_000_000]).toEqual([true, true]);
  const answer = await receiveConversation(post('/api/conversations', file), studio.services);
  expect(answer.status).toBe(507);
});

test('a report of a result that is removed at that moment finds none', async () => {
  const { pool } = studio.services.db;
  const visitor = randomUUID();
  const me = studio.as(visitor);
  const { id } = await me.demo.submit(base);
  const remover = await pool.connect();
  try {
    await remover.query('BEGIN');
    await remover.query('DELETE FROM generation WHERE id = $1', [id]);
    const flagged = me.sharing.flag({ id, reason: 'other' }).catch((error: unknown) => error);
    const waits = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    while ((await pool.query(waits)).rowCount === 0);
    await remover.query('COMMIT');
    expect(await flagged).toMatchObject({ code: 'NOT_FOUND' });
  } finally {
    remover.release();
  }
});
