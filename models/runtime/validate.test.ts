import { beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from './manifest';
import { testImage, tinyManifest } from './testing/tiny';
import { prepareRequest, sizeForEdit, type RequestInput } from './validate';

let manifest: Manifest;
beforeAll(async () => void (manifest = await tinyManifest()));

const generate = (more: object = {}) =>
  ({ task: 'generate', prompt: 'two red apples', ...more }) as RequestInput;
const edit = (more: object = {}) =>
  ({ task: 'edit', prompt: 'make it green', image: testImage(64, 48), ...more }) as RequestInput;
const ask = (more: object = {}) => ({ task: 'understand', prompt: 'how many?', ...more }) as RequestInput;

describe('a request', () => {
  it('gets the defaults of the manifest', () => {
    expect(prepareRequest(manifest, generate({ seed: 1 }))).toEqual({
      task: 'generate',
      prompt: 'two red apples',
      width: 64,
      height: 64,
      steps: 4,
      guidance: 2,
      seed: 1,
      language: 'en',
    });
    expect(prepareRequest(manifest, edit())).toMatchObject({
      decoder: 'editing',
      guidance: 1,
      width: 64,
      height: 48,
    });
    expect(prepareRequest(manifest, ask())).toMatchObject({ image: null, maxNewTokens: 16 });
  });

  it('gets a seed inside the limits when none is given', () => {
    const { seed } = prepareRequest(manifest, generate()) as { seed: number };
    expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32).toBe(true);
  });

  it('tells Chinese by its script', () => {
    expect(prepareRequest(manifest, ask({ prompt: '有几个苹果？' }))).toMatchObject({ language: 'zh' });
  });

  it.each<[string, unknown, string, (more: object) => RequestInput]>([
    ['width', 60, 'multiple of 8 from 32 to 128', generate],
    ['width', 24, 'from 32 to 128', generate],
    ['width', 136, 'from 32 to 128', edit],
    ['height', 64.5, 'from 32 to 128', generate],
    ['height', NaN, 'from 32 to 128', generate],
    ['steps', 0, 'from 1 to 50', generate],
    ['steps', 51, 'from 1 to 50', edit],
    ['steps', 2.5, 'whole number', generate],
    ['guidance', 0.5, 'from 1 to 10', generate],
    ['guidance', 11, 'from 1 to 10', edit],
    ['guidance', Infinity, 'from 1 to 10', generate],
    ['seed', -1, 'from 0 to 4294967295', generate],
    ['seed', 2 ** 32, 'from 0 to 4294967295', generate],
    ['seed', 1.5, 'whole number', edit],
    ['maxNewTokens', 0, 'from 1 to 64', ask],
    ['maxNewTokens', 65, 'from 1 to 64', ask],
    ['language', 'fr', 'one of en, zh', generate],
    ['decoder', 'other', 'generation or editing', edit],
    ['image', { width: 2, height: 2, data: new Uint8Array(3) }, '12 bytes', edit],
    ['image', { width: 0, height: 2, data: new Uint8Array(0) }, '1×1', ask],
  ])('with %s = %s is refused, naming field, value and range', (field, value, range, input) => {
    const attempt = () => prepareRequest(manifest, input({ [field]: value }));
    expect(attempt).toThrow(
      expect.objectContaining({ name: 'RequestError', code: 'parameter_invalid', field }),
    );
    expect(attempt).toThrow(range);
    if (typeof value !== 'object') expect(attempt).toThrow(`${field} ${String(value)}`);
  });

  it('accepts its limits themselves', () => {
    for (const width of [32, 128])
      expect(prepareRequest(manifest, generate({ width }))).toMatchObject({ width });
    for (const seed of [0, 2 ** 32 - 1])
      expect(prepareRequest(manifest, generate({ seed }))).toMatchObject({ seed });
  });
});

describe('a prompt', () => {
  const cleaned = (prompt: string) => prepareRequest(manifest, ask({ prompt })).prompt;

  it.each(['', '   \n\t', '\u0000\u0007', '\ud800'])('%j is empty', (prompt) => {
    expect(() => cleaned(prompt)).toThrow(expect.objectContaining({ code: 'prompt_empty', field: 'prompt' }));
  });

  it('over the limit is refused with its length', () => {
    expect(() => cleaned('x'.repeat(10_000))).toThrow('10000 characters long; the limit is 500');
    expect(cleaned('🍎'.repeat(500))).toHaveLength(1000);
    expect(() => cleaned('🍎'.repeat(501))).toThrow(expect.objectContaining({ code: 'prompt_too_long' }));
  });

  it('loses control characters and keeps emoji, newlines and tabs', () => {
    expect(cleaned(' a\u0000b\u001b[31m\r\nc\td👩‍🍳\u007f ')).toBe('ab[31m\nc\td👩‍🍳');
  });
});

describe('a negative prompt', () => {
  const negativeOf = (input: RequestInput, of = manifest) => {
    const request = prepareRequest(of, input);
    return 'negativePrompt' in request ? request.negativePrompt : null;
  };

  it('is cleaned like a prompt; an empty one is none', () => {
    for (const input of [generate, edit]) {
      expect(negativeOf(input({ negativePrompt: ' a\u0000 red\r\ndog ' }))).toBe('a red\ndog');
      for (const nothing of [undefined, '', ' \n', '\u0007'])
        expect(negativeOf(input({ negativePrompt: nothing }))).toBeNull();
    }
  });

  it('over the limit is refused under its own name', () => {
    expect(() => negativeOf(generate({ negativePrompt: 'x'.repeat(501) }))).toThrow(
      expect.objectContaining({ code: 'prompt_too_long', field: 'negativePrompt' }),
    );
    expect(() => negativeOf(generate({ negativePrompt: 5 }))).toThrow(
      expect.objectContaining({ code: 'parameter_invalid', field: 'negativePrompt' }),
    );
  });

  it('is refused by a model without guidance', () => {
    const none = { ...manifest.parameters.guidance_generation, max: 1, default: 1 };
    const other = { ...manifest, parameters: { ...manifest.parameters, guidance_generation: none } };
    expect(() => negativeOf(generate({ negativePrompt: 'red' }), other)).toThrow(/requires guidance/);
    expect(negativeOf(generate({ negativePrompt: '' }), other)).toBeNull();
    expect(negativeOf(edit({ negativePrompt: 'red' }), other)).toBe('red');
  });
});

describe('the size of an edit', () => {
  it.each([
    [64, 48, 64, 48],
    [1000, 500, 128, 64],
    [1, 1, 32, 32],
    [100, 61, 104, 64],
    [20, 30, 32, 48],
    [1000, 10, 128, 32],
  ])('of %i×%i is %i×%i', (width, height, outWidth, outHeight) => {
    expect(sizeForEdit(manifest, { width, height })).toEqual({ width: outWidth, height: outHeight });
  });
});
