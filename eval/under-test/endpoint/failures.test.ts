import { createServer, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { draw, endpointAt, endpointFor, failureOf, handClock, look, serverFor } from '../../testing/endpoint';
import { inTurn, pictureReply, plainPicture, wordsReply, type Reply } from '../../testing/openai-server';
import { retryAfter } from './failures';

const error = (message: string, code?: string) => ({ error: { message, code } });
const html = { headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<html>Welcome</html>' };

describe('what passes is tried again', () => {
  it.each([408, 409, 425, 429, 500, 502, 503, 504, 529])('%i', async (status) => {
    const { server, endpoint } = await endpointFor(inTurn({ status }, { status }, wordsReply('yes')));
    expect(await endpoint.run(look)).toMatchObject({ text: 'yes' });
    expect(server.requests).toHaveLength(3);
  });

  it.each(['drop', 'cut'] as const)('a connection that breaks off (%s)', async (how) => {
    const { server, endpoint } = await endpointFor(inTurn(how, wordsReply('yes')));
    expect(await endpoint.run(look)).toMatchObject({ text: 'yes' });
    expect(server.requests).toHaveLength(2);
  });

  it('up to a number of attempts, which the reason names', async () => {
    const { server, endpoint } = await endpointFor(() => ({ status: 503, body: error('overloaded') }));
    expect(await failureOf(endpoint)).toMatchObject({
      failure: 'item',
      message: 'The endpoint answered 503: “overloaded” (after 3 attempts).',
    });
    expect(server.requests).toHaveLength(3);
  });

  it('an answer that does not come in time', async () => {
    const { server, endpoint } = await endpointFor(() => 'hang', { timeoutMs: 60, maxAttempts: 2 });
    expect(await failureOf(endpoint)).toMatchObject({
      failure: 'item',
      message: 'No complete answer arrived within 0.06 s (after 2 attempts).',
    });
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    ['seconds', { 'retry-after': '20' }, 20_000],
    ['a date', { 'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT' }, 7_000],
    ['milliseconds', { 'retry-after-ms': '1500', 'retry-after': '2' }, 1_500],
    ['a day, which is too long', { 'retry-after': '86400' }, 60_000],
  ])('after the time that Retry-After gives as %s', async (_, headers, wait) => {
    const clock = handClock(Date.UTC(2026, 0, 1));
    const { endpoint } = await endpointFor(
      inTurn({ status: 429, headers }, wordsReply('yes')),
      {},
      { clock },
    );
    expect(await endpoint.run(look)).toMatchObject({ text: 'yes' });
    expect(clock.waits).toEqual([wait]);
  });

  it('but nobody waits after the last attempt', async () => {
    const clock = handClock();
    const { endpoint } = await endpointFor(
      () => ({ status: 429, headers: { 'retry-after': '5' } }),
      { maxAttempts: 2 },
      { clock },
    );
    expect(await failureOf(endpoint)).toMatchObject({ failure: 'item' });
    expect(clock.waits).toEqual([5000]);
  });

  it.each(['soon', '', '-5', 'Thu, 01 Jan 1970 00:00:00 GMT'])(
    'Retry-After may say nothing: "%s"',
    (text) => {
      expect(retryAfter(new Headers({ 'retry-after': text }), Date.UTC(2026, 0, 1)) ?? 0).toBe(0);
    },
  );
});

describe('what would fail every item', () => {
  it.each([
    [401, error('no'), 'Check the API key'],
    [402, error('no'), 'no credit left'],
    [403, error('no'), 'not allowed'],
    [404, error('The model does not exist'), 'Check baseUrl and model'],
    [405, '', 'Check baseUrl'],
    [501, '', 'support this task'],
    [429, error('You exceeded your quota', 'insufficient_quota'), 'no credit left'],
    [400, error('There is no painter', 'model_not_found'), 'Check model'],
  ])('%i stops at once and says what to do', async (status, body, advice) => {
    const { server, endpoint } = await endpointFor(() => ({ status, body }));
    expect(await failureOf(endpoint)).toMatchObject({
      failure: 'unavailable',
      message: expect.stringContaining(advice),
    });
    expect(server.requests).toHaveLength(1);
  });

  it('a redirect is not followed, and its query not shown', async () => {
    const location = 'https://elsewhere.example/v1/images/generations?token=abc';
    const { server, endpoint } = await endpointFor(() => ({ status: 308, headers: { location } }));
    const { failure, message } = await failureOf(endpoint);
    expect(failure).toBe('unavailable');
    expect(message).toContain('redirects (308) to https://elsewhere.example/v1/images/generations, and');
    expect(server.requests).toHaveLength(1);
  });

  it('nothing listens', async () => {
    const server = await serverFor();
    await server.close();
    const endpoint = endpointAt(server.baseUrl, { maxRequests: 5 });
    const { failure, message } = await failureOf(endpoint);
    expect(failure).toBe('unavailable');
    expect(message).toMatch(/cannot be reached: connection refused \(ECONNREFUSED\).*\(after 3 attempts\)/);
    expect(endpoint.requestsSent).toBe(0);
  });

  it('an endpoint that ends between attempts fails the item only', async () => {
    const { server, endpoint } = await endpointFor(() => {
      // Without connections the server stops listening at once, so the next attempt finds nothing.
      void server.close();
      return 'drop';
    });
    expect(await failureOf(endpoint)).toMatchObject({
      failure: 'item',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(endpoint.requestsSent).toBe(1);
  });

  it('TLS that cannot be', async () => {
    const server = await serverFor();
    const endpoint = endpointAt(server.baseUrl.replace('http', 'https'));
    expect(await failureOf(endpoint)).toMatchObject({
      failure: 'unavailable',
      message: expect.stringContaining('no trusted connection'),
    });
  });
});

describe('what fails one item', () => {
  it.each([400, 413, 415, 422])('%i, in the words of the endpoint', async (status) => {
    const body = error(`Your prompt\nwas   ${'x'.repeat(1000)}`);
    const { server, endpoint } = await endpointFor(() => ({ status, body }));
    const { failure, message } = await failureOf(endpoint);
    expect(failure).toBe('item');
    expect(message).toMatch(new RegExp(`^The endpoint answered ${status}: “Your prompt was x+…”\\.$`));
    expect(message.length).toBeLessThan(400);
    expect(server.requests).toHaveLength(1);
  });

  it.each<[unknown, string]>([
    [{ error: 'too long' }, 'too long'],
    [{ message: 'too long' }, 'too long'],
    [{ detail: [{ msg: 'too long' }] }, '[{"msg":"too long"}]'],
  ])('in whatever form they come: %j', async (body, said) => {
    const { endpoint } = await endpointFor(() => ({ status: 422, body }));
    expect((await failureOf(endpoint)).message).toBe(`The endpoint answered 422: “${said}”.`);
  });

  const chat = wordsReply('I cannot draw.');
  const cutPicture = async () => pictureReply((await plainPicture(64, 64)).subarray(0, 80));
  it.each<[string, Reply | (() => Promise<Reply>), string]>([
    ['nothing', {}, 'The answer is empty.'],
    ['no JSON', { body: 'oh no' }, 'not JSON, or is cut off: “oh no”'],
    ['cut JSON', { body: '{"data": [{"b64_json": "iVBO' }, 'not JSON, or is cut off'],
    ['no object', { body: ['a'] }, 'not an object'],
    ['no data', { body: { created: 1 } }, 'no data'],
    ['no picture', { body: { data: [] } }, 'data is empty'],
    [
      'neither file nor address',
      { body: { data: [{ revised_prompt: 'a cube' }] } },
      'neither b64_json nor url',
    ],
    ['no base64', { body: { data: [{ b64_json: '<png>' }] } }, 'not base64'],
    ['no picture in base64', { body: { data: [{ b64_json: 'aGVsbG8=' }] } }, 'not a PNG, JPEG or WebP'],
    ['half a picture', cutPicture, 'damaged or incomplete'],
    ['an HTML page', html, 'an HTML page: is baseUrl correct?'],
    [
      'a picture as it is',
      { headers: { 'content-type': 'image/png' }, body: 'x' },
      '“image/png” instead of JSON',
    ],
    [
      'a stream',
      { headers: { 'content-type': 'text/event-stream' }, body: 'data: {}' },
      'event-stream” instead',
    ],
    ['an error', { body: error('out of memory') }, 'answered with an error: “out of memory”'],
    [
      'plain text',
      { headers: { 'content-type': 'text/plain' }, body: 'No.' },
      'text instead of an image: “No.”',
    ],
    ['a chat', chat, 'answered with text instead of an image: “I cannot draw.”'],
    ['text as data', { body: { data: [{ text: 'A cube!' }] } }, 'text instead of an image: “A cube!”'],
    ['more than is sane', { body: `"${'x'.repeat(200_000)}"` }, 'larger than 0.0954 MB'],
    [
      'more than is sane once unpacked',
      { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(5_000_000)) },
      'larger than 0.0954 MB',
    ],
  ])('%s where a picture is expected', async (_, reply, reason) => {
    const given = typeof reply === 'function' ? await reply() : reply;
    const { server, endpoint } = await endpointFor(() => given, { maxBodyBytes: 100_000 });
    expect(await failureOf(endpoint)).toMatchObject({
      failure: 'item',
      message: expect.stringContaining(reason),
    });
    expect(server.requests).toHaveLength(1);
  });

  const shown = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
  it.each<[string, Reply, string]>([
    ['no choices', { body: { choices: 1 } }, 'no choices'],
    ['no message', { body: { choices: [] } }, 'no message'],
    ['no content', wordsReply(null), 'no content'],
    ['a refusal', wordsReply(null, { refusal: 'I will not.' }), 'refused: "I will not."'],
    ['a picture', wordsReply([shown]), 'an image instead of text'],
    ['a picture beside words', wordsReply('Here!', { images: [shown] }), 'an image instead of text'],
    ['thoughts only', wordsReply('', {}, 'length'), 'used up all tokens'],
    ['what a filter left', wordsReply(null, {}, 'content_filter'), 'content filter'],
    ['an HTML page', html, 'an HTML page'],
  ])('%s where words are expected', async (_, reply, reason) => {
    const { endpoint } = await endpointFor(() => reply);
    expect(await failureOf(endpoint, look)).toMatchObject({
      failure: 'item',
      message: expect.stringContaining(reason),
    });
  });

  it('something that is not HTTP', async () => {
    const server = createServer(
      (socket) => void socket.once('data', () => socket.end('SSH-2.0-OpenSSH\r\n')),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const endpoint = endpointAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(await failureOf(endpoint)).toMatchObject({
      failure: 'item',
      message: expect.stringContaining('not HTTP'),
    });
  });

  it('leaves the endpoint usable', async () => {
    const { endpoint } = await endpointFor(inTurn({ status: 400 }, pictureReply(await plainPicture(8, 8))));
    await failureOf(endpoint);
    expect(await endpoint.run(draw)).toMatchObject({ kind: 'image' });
  });
});
