import { describe, expect, it } from 'vitest';
import { draw, endpointFor, failureOf, gate, handClock, look, serverFor } from '../../testing/endpoint';
import { inTurn, pictureReply, plainPicture, wordsReply } from '../../testing/openai-server';
import type { TestOutput } from '../types';

const picture = (output: TestOutput) => {
  if (output.kind !== 'image') throw new Error('no picture');
  return output;
};

describe('an endpoint', () => {
  it('generates a picture', async () => {
    const { server, endpoint } = await endpointFor();
    const output = await endpoint.run({ ...draw, width: 96, height: 64, seed: 7 });
    expect(output).toMatchObject({ kind: 'image', mediaType: 'image/png', width: 96, height: 64 });
    expect(Buffer.from(picture(output).bytes)).toEqual(await plainPicture(96, 64, 7));
    expect(output.latencyMs).toBeGreaterThan(0);
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/v1/images/generations' });
    expect(server.requests[0]?.fields).toEqual({
      model: 'painter',
      prompt: 'a red cube',
      n: 1,
      size: '96x64',
      seed: 7,
    });
  });

  it('says steps and guidance in its own words, and what its settings add', async () => {
    const { server, endpoint } = await endpointFor(undefined, {
      names: { steps: 'steps', guidance: 'cfg' },
      parameters: { generate: { quality: 'high', seed: null } },
    });
    await endpoint.run({ ...draw, steps: 30, guidance: 2.5, seed: 1 });
    expect(server.requests[0]?.fields).toEqual({
      model: 'painter',
      prompt: 'a red cube',
      n: 1,
      steps: 30,
      cfg: 2.5,
      quality: 'high',
    });
  });

  it('edits a picture', async () => {
    const { server, endpoint } = await endpointFor();
    const image = await plainPicture(32, 32);
    const output = await endpoint.run({ task: 'edit', prompt: 'make it blue', image, width: 64, height: 64 });
    expect(output).toMatchObject({ kind: 'image', width: 64, height: 64 });
    expect(server.requests[0]?.path).toBe('/v1/images/edits');
    expect(server.requests[0]?.fields).toEqual({
      model: 'painter',
      prompt: 'make it blue',
      n: '1',
      size: '64x64',
      image: { name: 'image.png', type: 'image/png', bytes: image },
    });
  });

  it('sends a form again after a failure', async () => {
    const image = await plainPicture(32, 32);
    const { server, endpoint } = await endpointFor(inTurn({ status: 500 }, pictureReply(image)));
    await endpoint.run({ task: 'edit', prompt: 'make it blue', image });
    expect(server.requests[1]?.fields).toEqual(server.requests[0]?.fields);
  });

  it('answers a question about pictures', async () => {
    const { server, endpoint } = await endpointFor();
    const image = await plainPicture(8, 8);
    const output = await endpoint.run({ ...look, images: [image, image], maxNewTokens: 16 });
    expect(output).toMatchObject({ kind: 'text', text: 'A plain picture.' });
    const image_url = { url: `data:image/png;base64,${image.toString('base64')}` };
    expect(server.requests[0]?.fields).toEqual({
      model: 'painter',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url },
            { type: 'image_url', image_url },
            { type: 'text', text: 'What is this?' },
          ],
        },
      ],
      max_tokens: 16,
      temperature: 0,
      seed: 42,
    });
  });

  it('takes an answer in parts, and an empty one', async () => {
    const parts = [
      { type: 'text', text: 'A ' },
      { type: 'text', text: 'cube.' },
    ];
    const { endpoint } = await endpointFor(inTurn(wordsReply(parts), wordsReply('')));
    expect(await endpoint.run(look)).toMatchObject({ text: 'A cube.' });
    expect(await endpoint.run(look)).toMatchObject({ text: '' });
  });

  it('sends key and headers', async () => {
    const { server, endpoint } = await endpointFor(
      undefined,
      { apiKeyEnv: 'TEST_API_KEY', headers: { 'X-Team': 'a' }, headersEnv: { 'X-Gate': 'GATE_API_KEY' } },
      { env: { TEST_API_KEY: 'secret-1\n', GATE_API_KEY: 'secret-2' } },
    );
    await endpoint.run(draw);
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer secret-1',
      'x-team': 'a',
      'x-gate': 'secret-2',
    });
  });

  it('asks for the closest size that there is, and reports the real one', async () => {
    const { server, endpoint } = await endpointFor(inTurn(pictureReply(await plainPicture(48, 32))), {
      size: ['64x64', '96x64', '192x128'],
    });
    const output = await endpoint.run({ ...draw, width: 180, height: 120 });
    expect(output).toMatchObject({ width: 48, height: 32 });
    expect(server.requests[0]?.fields.size).toBe('192x128');
  });

  it('refuses what it cannot ask for', async () => {
    const { server, endpoint } = await endpointFor();
    const image = await plainPicture(8, 8);
    expect(await failureOf(endpoint, { ...draw, width: 64 })).toMatchObject({ failure: 'item' });
    expect(
      await failureOf(endpoint, { task: 'edit', prompt: '', image: Buffer.from('GIF89a') }),
    ).toMatchObject({ failure: 'item', message: expect.stringContaining('PNG, JPEG or WebP') });
    expect(
      await failureOf(endpoint, { task: 'edit', prompt: '', image, decoder: 'generation' }),
    ).toMatchObject({ failure: 'unavailable', message: expect.stringContaining('decoder') });
    expect(server.requests).toHaveLength(0);
  });

  it('times the call that succeeded alone', async () => {
    const clock = handClock();
    const reply = pictureReply(await plainPicture(8, 8));
    const { endpoint } = await endpointFor(
      (_, index) => {
        clock.advance(100);
        return index === 0 ? { status: 429, headers: { 'retry-after': '20' } } : reply;
      },
      {},
      { clock },
    );
    expect((await endpoint.run(draw)).latencyMs).toBe(100);
    expect(clock.now()).toBe(20_200);
  });

  it('keeps to its concurrency', async () => {
    let running = 0;
    let most = 0;
    const full = gate();
    const { server, endpoint } = await endpointFor(
      async () => {
        most = Math.max(most, ++running);
        if (most === 3) full.open();
        // Nobody is answered before three are here; a fourth would be counted.
        await full.opened;
        running--;
        return wordsReply('yes');
      },
      { concurrency: 3 },
    );
    await Promise.all(Array.from({ length: 9 }, () => endpoint.run(look)));
    expect(most).toBe(3);
    expect(server.requests).toHaveLength(9);
  });
});

describe('a picture behind an address', () => {
  it('is fetched, without the key from elsewhere and with it from the endpoint', async () => {
    const png = await plainPicture(16, 16, 3);
    const store = await serverFor(() => ({ headers: { 'content-type': 'image/png' }, body: png }));
    const urls = [`${store.origin}/1.png`, '/files/1.png', `data:image/png;base64,${png.toString('base64')}`];
    const { server, endpoint } = await endpointFor(
      ({ method }, index) =>
        method === 'GET' ? { body: png } : { body: { data: [{ url: urls[index && 1] }] } },
      { apiKey: 'secret-1', maxRequests: 2 },
    );
    expect(Buffer.from(picture(await endpoint.run(draw)).bytes)).toEqual(png);
    expect(store.requests[0]?.headers).not.toHaveProperty('authorization');
    expect(Buffer.from(picture(await endpoint.run(draw)).bytes)).toEqual(png);
    expect(server.requests[2]).toMatchObject({
      path: '/files/1.png',
      headers: { authorization: 'Bearer secret-1' },
    });
    // Fetching is not paid for.
    expect(endpoint.requestsSent).toBe(2);
  });

  it('may stand in the answer itself', async () => {
    const png = await plainPicture(16, 16, 3);
    const data = `data:image/png;base64,${png.toString('base64')}`;
    const { endpoint } = await endpointFor(
      inTurn({ body: { data: [{ url: data }] } }, { body: { data: [{ b64_json: data }] } }),
    );
    for (let i = 0; i < 2; i++) expect(Buffer.from(picture(await endpoint.run(draw)).bytes)).toEqual(png);
  });

  it('is tried again, and follows a few redirects', async () => {
    const png = await plainPicture(16, 16);
    const { server, endpoint } = await endpointFor(
      inTurn(
        { body: { data: [{ url: '/a.png' }] } },
        { status: 503 },
        { status: 302, headers: { location: '/b.png' } },
        { body: png },
      ),
    );
    await endpoint.run(draw);
    expect(server.requests.map(({ path }) => path).slice(1)).toEqual(['/a.png', '/a.png', '/b.png']);
  });

  it.each([
    ['has another protocol', 'file:///etc/passwd', 'not a plain http'],
    ['has credentials', 'http://user:word@127.0.0.1/', 'not a plain http'],
    ['is none', 'http://', "image's URL is invalid"],
    ["is a cloud's metadata", 'http://169.254.169.254/latest/meta-data', 'nothing is fetched from it'],
    ['is such an address in disguise', 'http://[::ffff:a9fe:a9fe]/', 'nothing is fetched from it'],
    ['is no address of a machine', 'http://0/', 'nothing is fetched from it'],
  ])('is refused where it %s', async (_, url, reason) => {
    const { endpoint } = await endpointFor(() => ({ body: { data: [{ url }] } }));
    expect(await failureOf(endpoint)).toMatchObject({
      failure: 'item',
      message: expect.stringContaining(reason),
    });
  });

  it.each([
    ['is not there', { status: 404 }, 'The image could not be fetched. The endpoint answered 404'],
    ['redirects for ever', { status: 302, headers: { location: '/x' } }, 'more than 3 times'],
    ['is a page', { headers: { 'content-type': 'text/html' }, body: '<html>' }, 'not a PNG, JPEG or WebP'],
    ['is nothing', { body: '' }, 'returned no data'],
    ['is large', { body: Buffer.alloc(3000) }, 'larger than'],
  ])('fails the item where it %s', async (_, reply, reason) => {
    const { endpoint } = await endpointFor(inTurn({ body: { data: [{ url: '/x' }] } }, reply), {
      maxBodyBytes: 2000,
    });
    expect(await failureOf(endpoint)).toMatchObject({
      failure: 'item',
      message: expect.stringContaining(reason),
    });
  });
});
