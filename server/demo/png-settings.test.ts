import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { encodePng } from '../../models/runtime/image/encode';
import { withPngSettings, type PictureSettings } from '../../models/runtime/image/png-settings';
import { withPngTexts } from '../../models/runtime/image/png-text';
import { xoshiro128 } from '../../models/runtime/random';
import { pngChunk } from '../../models/runtime/testing/files';
import { testImage } from '../../models/runtime/testing/tiny';
import { readPngSettings } from './png-settings';

const plain = await encodePng(testImage(9, 7));
const settings: PictureSettings = {
  task: 'edit',
  prompt: '把苹果变成绿色 <script>alert(1)</script>\nNegative prompt: no\nSteps: 3',
  negativePrompt: 'grün, "blau"',
  language: 'zh',
  parameters: { width: 256, height: 128, steps: 12, guidance: 1.5, seed: 4294967295, decoder: 'editing' },
  model: 'nexus-gen-nano',
  version: '0.1.1',
};
const withChunks = (...chunks: Buffer[]) =>
  Buffer.concat([plain.subarray(0, 33), ...chunks, plain.subarray(33)]);
const own = (json: unknown) =>
  withPngTexts(plain, [
    { keyword: 'nexus-gen-studio', text: typeof json === 'string' ? json : JSON.stringify(json), utf8: true },
  ]);
const webUi = (text: string, utf8 = false) => withPngTexts(plain, [{ keyword: 'parameters', text, utf8 }]);

test('what was written comes back', () => {
  expect(readPngSettings(withPngSettings(plain, settings))).toEqual(settings);
  const { negativePrompt: _, ...without } = settings;
  expect(readPngSettings(withPngSettings(plain, { ...without, task: 'generate' }))).toEqual({
    ...without,
    task: 'generate',
  });
});

test('a view into a larger buffer is read as well', () => {
  const png = withPngSettings(plain, settings);
  const larger = new Uint8Array(png.length + 100);
  larger.set(png, 50);
  expect(readPngSettings(larger.subarray(50))).toEqual(settings);
});

test("the web UI's form is read as far as it means something here", () => {
  const text =
    'masterpiece, (cat:1.2)\nsecond line\nNegative prompt: blurry,\nbad\nSteps: 20, Sampler: Euler a, CFG scale: 7.5, ' +
    'Seed: 123, Size: 512x768, Model: "a, b", Lora hashes: "x: 1, y: 2", Version: v1.9.0';
  const expected = {
    task: 'generate',
    prompt: 'masterpiece, (cat:1.2)\nsecond line',
    negativePrompt: 'blurry,\nbad',
    language: 'en',
    parameters: { steps: 20, guidance: 7.5, seed: 123, width: 512, height: 768 },
    model: 'a, b',
    version: '',
  };
  expect(readPngSettings(webUi(text))).toEqual(expected);
  expect(readPngSettings(webUi(text, true))).toEqual(expected);
  expect(readPngSettings(webUi('一只猫\nSteps: 5, Seed: -1, CFG scale: NaN, Size: 1e9x3'))).toEqual({
    ...{
      task: 'generate',
      prompt: '一只猫',
      language: 'zh',
      parameters: { steps: 5 },
      model: '',
      version: '',
    },
  });
});

test('when our own text is spoilt, the other is read', () => {
  const spoilt = withPngTexts(plain, [
    { keyword: 'nexus-gen-studio', text: '{', utf8: true },
    { keyword: 'parameters', text: 'a cat\nSteps: 5, Seed: 1' },
  ]);
  expect(readPngSettings(spoilt)).toMatchObject({ prompt: 'a cat', parameters: { steps: 5, seed: 1 } });
});

describe('hostile input gives null', () => {
  const valid = { format: 1, ...settings };
  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['no PNG', Buffer.from('<html>')],
    ['no texts', plain],
    ['JSON that is none', own('{"format":1')],
    ['another format', own({ ...valid, format: 2 })],
    ['a question', own({ ...valid, task: 'understand' })],
    ['an array', own([])],
    ['a string for a number', own({ ...valid, parameters: { steps: '12' } })],
    [
      'numbers beyond measure',
      own(
        '{"format":1,"task":"edit","prompt":"x","language":"en","model":"","version":"","parameters":{"steps":1e999}}',
      ),
    ],
    ['an object for a prompt', own({ ...valid, prompt: { toString: 'x' } })],
    ['deep nesting', own('['.repeat(30_000))],
    ['more text than allowed', own({ ...valid, prompt: 'x'.repeat(70_000) })],
    [
      'text behind the first 256 kB',
      withChunks(
        pngChunk('prIv', Buffer.alloc(300_000)),
        pngChunk('tEXt', Buffer.from('parameters\0x\nSteps: 1')),
      ),
    ],
    [
      'more chunks than allowed',
      withChunks(
        ...Array.from({ length: 64 }, () => pngChunk('prIv', Buffer.alloc(1))),
        pngChunk('tEXt', Buffer.from('parameters\0x\nSteps: 1')),
      ),
    ],
    [
      'invalid UTF-8',
      withChunks(
        pngChunk(
          'iTXt',
          Buffer.concat([Buffer.from('parameters\0\0\0\0\0x\nSteps: 1'), Buffer.from([0xff, 0xfe])]),
        ),
      ),
    ],
    [
      'a compressed bomb',
      withChunks(
        pngChunk(
          'zTXt',
          Buffer.concat([Buffer.from('parameters\0\0'), deflateSync(Buffer.alloc(50_000_000, 'x'))]),
        ),
      ),
    ],
    [
      'a compressed iTXt',
      withChunks(
        pngChunk(
          'iTXt',
          Buffer.concat([Buffer.from('nexus-gen-studio\0\x01\0\0\0'), deflateSync(JSON.stringify(valid))]),
        ),
      ),
    ],
    ['a keyword that only begins so', withChunks(pngChunk('tEXt', Buffer.from('parameters \0x\nSteps: 1')))],
    ['a keyword without an end', withChunks(pngChunk('tEXt', Buffer.from('parameters')))],
    ['an empty keyword', withChunks(pngChunk('tEXt', Buffer.from('\0x\nSteps: 1')))],
    ['iTXt cut short', withChunks(pngChunk('iTXt', Buffer.from('parameters\0\0')))],
    ['a keyword of Object', withChunks(pngChunk('tEXt', Buffer.from('__proto__\0x\nSteps: 1')))],
    ['no prompt', webUi('Steps: 20, Seed: 1')],
    ['no settings', webUi('just a comment')],
  ])('%s', (_name, bytes) => expect(readPngSettings(bytes)).toBeNull());

  test('a length that reaches beyond the file', () => {
    const png = Buffer.from(withPngSettings(plain, settings));
    png.writeUInt32BE(0xffffffff, 33);
    expect(readPngSettings(png)).toBeNull();
  });

  test('a prototype is not to be had', () => {
    const json = JSON.stringify({ format: 1, ...settings }).replace(
      '"parameters":{',
      '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"parameters":{"__proto__":{"polluted":1},"polluted":1,',
    );
    const read = readPngSettings(own(json));
    expect(read).toEqual(settings);
    expect((read as unknown as Record<string, unknown>).polluted).toBeUndefined();
    expect((read?.parameters as Record<string, unknown>).polluted).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('files cut anywhere and with any bytes changed never throw', () => {
    const png = withPngSettings(plain, settings);
    for (let length = 0; length <= png.length; length++) readPngSettings(png.subarray(0, length));
    const next = xoshiro128(7);
    for (let i = 0; i < 3000; i++) {
      const spoilt = Buffer.from(png);
      for (let k = 0; k < 1 + (i % 5); k++)
        spoilt[Math.floor(next() * png.length) % png.length] = next() * 256;
      const read = readPngSettings(spoilt);
      if (read) expect(typeof read.prompt).toBe('string');
    }
  });
});
