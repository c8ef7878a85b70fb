import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { endpointFor, failureOf } from '../../testing/endpoint';
import { openEndpoint } from '.';
import { apiRoot, endpointIdentity } from './identity';
import { quoting } from './redact';
import { closestSize } from './requests';
import { endpointSettingsSchema, type EndpointSettings } from './settings';

const plain = { baseUrl: 'https://api.example/v1', model: 'painter' };
const key = 'sk-proj-0123456789abcdefghij';

describe('settings', () => {
  it('have defaults, and go through JSON', () => {
    const settings = endpointSettingsSchema.parse(plain);
    expect(settings).toMatchObject({
      maxAttempts: 4,
      concurrency: 4,
      size: 'asked',
      maxBodyBytes: 67_108_864,
    });
    expect(endpointSettingsSchema.parse(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
  });

  it.each<[object, string]>([
    [{ baseUrl: 'api.example' }, 'baseUrl'],
    [{ baseUrl: 'ftp://api.example' }, 'baseUrl'],
    [{ baseUrl: 'https://me:word@api.example/v1' }, 'apiKeyEnv'],
    [{ baseUrl: 'https://api.example/v1?key=abc' }, 'query'],
    [{ baseUrl: 'https://api.example/v1/chat/completions' }, 'one route'],
    [{ model: '' }, 'model'],
    [{ apiKeyEnv: 'DATABASE_URL' }, '_API_KEY'],
    [{ apiKeyEnv: key }, '_API_KEY'],
    [{ headers: { 'X-Api-Key': key } }, 'headersEnv'],
    [{ headers: { Authorization: key } }, 'headersEnv'],
    [{ headers: { 'Content-Length': '1' } }, 'client itself'],
    [{ headers: { 'X-Team': 'a\r\nb: c' } }, 'header cannot carry'],
    [{ maxCost: 1 }, 'pricePerRequest'],
    [{ size: ['large'] }, 'size'],
    [{ parameters: { generate: { n: 4 } } }, 'client itself'],
    [{ apiKey: key }, 'apiKey'],
    [{ timeoutMs: 0 }, 'timeoutMs'],
  ])('cannot be %j', (wrong, reason) => {
    const { error } = endpointSettingsSchema.safeParse({ ...plain, ...wrong });
    expect(JSON.stringify(error?.issues)).toContain(reason);
    expect(JSON.stringify(error?.issues.map(({ message }) => message))).not.toContain(key);
  });

  it.each<[string, Partial<EndpointSettings>, string]>([
    ['a variable is not set', { apiKeyEnv: 'MISSING_API_KEY' }, 'MISSING_API_KEY'],
    ['a variable holds no key', { apiKeyEnv: 'BAD_API_KEY' }, 'BAD_API_KEY'],
    ['a key cannot be sent', { apiKey: `${key}\n${key}` }, 'apiKey'],
    ['a header cannot be sent', { headers: { 'X-Gate': `${key}\n` } }, 'headers.X-Gate'],
    ['a field is wrong', { maxAttempts: 0 }, 'maxAttempts'],
    ['a field is unknown', { maxTries: 3 } as object, 'maxTries'],
  ])('stop the run where %s', (_, wrong, named) => {
    const open = () => openEndpoint({ ...plain, ...wrong }, { env: { BAD_API_KEY: `${key} ${key}` } });
    expect(open).toThrow(expect.objectContaining({ failure: 'unavailable' }));
    expect(open).toThrow(named);
    expect(open).not.toThrow(key);
  });
});

describe('the identity of an endpoint', () => {
  it('says what answers depend on', () => {
    expect(endpointIdentity({ ...plain, baseUrl: 'https://API.example:443/v1//' })).toEqual({
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      kind: 'openai',
      baseUrl: 'https://api.example/v1',
      model: 'painter',
      parameters: {
        names: {
          guidance: 'guidance_scale',
          maxTokens: 'max_tokens',
          seed: 'seed',
          steps: 'num_inference_steps',
        },
        parameters: { edit: {}, generate: {}, understand: { seed: 42, temperature: 0 } },
        size: 'asked',
      },
    });
  });

  const hash = (settings: Partial<EndpointSettings>) => endpointIdentity({ ...plain, ...settings }).hash;
  it('stays with key, limits and the order of fields', () => {
    const others = { apiKey: key, headers: { 'x-team': 'a' }, maxAttempts: 1, maxRequests: 3, timeoutMs: 5 };
    expect(hash(others)).toBe(hash({}));
    expect(endpointIdentity(endpointSettingsSchema.parse(plain)).hash).toBe(hash({}));
    expect(hash({ parameters: { generate: { b: 1, a: { d: 2, c: 3 } } } })).toBe(
      hash({ parameters: { generate: { a: { c: 3, d: 2 }, b: 1 } } }),
    );
  });

  it('changes with parameters and sizes', () => {
    const hashes = [
      hash({}),
      hash({ model: 'other' }),
      hash({ size: 'omit' }),
      hash({ parameters: { understand: { temperature: null } } }),
      hash({ parameters: { generate: { quality: 'high' } } }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('hides credentials even where they do not belong', () => {
    const identity = endpointIdentity({ ...plain, baseUrl: `https://me:${key}@api.example/v1?key=${key}` });
    expect(JSON.stringify(identity)).not.toContain(key);
  });

  it.each([
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8000/v1'],
    ['http://127.0.0.1:8000/', 'http://127.0.0.1:8000/v1'],
    ['https://api.example/openai/v1/', 'https://api.example/openai/v1'],
    ['https://api.example/v1beta/openai', 'https://api.example/v1beta/openai'],
  ])('%s stands for %s', (given, root) => expect(apiRoot(given)).toBe(root));
});

describe('a key', () => {
  it.each([400, 401, 500, 200])('that the endpoint repeats with %i is not repeated', async (status) => {
    const { endpoint } = await endpointFor(
      ({ headers }) => ({ status, body: { error: { message: `Bad: ${JSON.stringify(headers)}` } } }),
      { apiKey: key, headers: { 'x-gate': 'gate-0123456789' } },
    );
    const error = await failureOf(endpoint);
    const told =
      inspect([error, endpoint], { depth: 9, showHidden: true }) + JSON.stringify([error, endpoint]);
    expect(told).toContain('[redacted]');
    expect(told).not.toContain(key.slice(0, 12));
    expect(told).not.toContain('gate-0123');
  });

  it('is found whole, cut, encoded and starred', () => {
    const quote = quoting(['key/0123456789+abcdef', 'pass', 'abc']);
    const texts = [
      ['a key/0123456789+abcdef b', 'a [redacted] b'],
      ['a key/0123 b', 'a key/0123 b'],
      ['a key/01234567 b', 'a [redacted] b'],
      ['a key/0123456789+ab b', 'a [redacted] b'],
      ['a key%2F0123456789%2Babcdef b', 'a [redacted] b'],
      [`a ${Buffer.from('key/0123456789+abcdef').toString('base64')} b`, 'a [redacted] b'],
      ['Incorrect API key: sk-ab****yz.', 'Incorrect API key: [redacted].'],
      ['authorization: Bearer whatever', 'authorization: [redacted]'],
      ['pass, abc', '[redacted], abc'],
    ] as const;
    for (const [text, quoted] of texts) expect(quote(text)).toBe(quoted);
    expect(quote(`${'x'.repeat(290)} key/0123456789+abcdef`)).not.toContain('key');
  });

  it('of control characters nothing is left', () => {
    expect(quoting([])('a\u001b[31m\r\n\tb\0')).toBe('a [31m b');
  });
});

describe('the closest size', () => {
  const sizes = ['1024x1024', '1536x1024', '1024x1536', '768x512'];
  it.each([
    [512, 512, '1024x1024'],
    [600, 400, '768x512'],
    [1500, 1000, '1536x1024'],
    [480, 640, '1024x1536'],
    [4000, 100, '768x512'],
  ])('to %i×%i', (width, height, size) => expect(closestSize(width, height, sizes)).toBe(size));
});
