import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { encodePng } from '../../models/runtime/image/encode';
import { withPngSettings, type PictureSettings } from '../../models/runtime/image/png-settings';
import { withPngTexts } from '../../models/runtime/image/png-text';
import { xoshiro128 } from '../../models/runtime/random';
import { pngChunk } from '../../models/runtime/testing/files';
import { spoil } from '../../models/runtime/testing/spoil';
import { testImage } from '../../models/runtime/testing/tiny';
import { readPngSettings } from './png-settings';

const read = (bytes: Uint8Array) => readPngSettings(new Blob([new Uint8Array(bytes)]));

const plain = await encodePng(testImage(9, 7));
const settings: PictureSettings = {
  task: 'edit',
  prompt: '把苹果变成绿色 <script>alert(1)</script>\nNegative prompt: no\nSteps: 3',
  language: 'zh',
  parameters: {
    width: 256,
    height: 128,
    steps: 12,
    guidance: 1.5,
    seed: 4294967295,
    decoder: 'editing',
    negativePrompt: 'grün, "blau"',
  },
  model: 'nexus-gen-nano',
  version: '0.1.1',
};
/** The JSON of a file with these settings: texts stand beside the prompt. */
const { negativePrompt, ...besides } = settings.parameters;
const valid = { format: 1, ...settings, negativePrompt, parameters: besides };
const withChunks = (...chunks: Buffer[]) =>
  Buffer.concat([plain.subarray(0, 33), ...chunks, plain.subarray(33)]);
const own = (json: unknown) =>
  withPngTexts(plain, [
    { keyword: 'nexus-gen-studio', text: typeof json === 'string' ? json : JSON.stringify(json), utf8: true },
  ]);
const webUi = (text: string, utf8 = false) => withPngTexts(plain, [{ keyword: 'parameters', text, utf8 }]);

test('what was written comes back', async () => {
  expect(await read(withPngSettings(plain, settings))).toEqual({ ...settings, notTaken: [] });
  const { negativePrompt: _, ...parameters } = settings.parameters;
  const without = { ...settings, parameters };
  expect(await read(withPngSettings(plain, { ...without, task: 'generate' }))).toEqual({
    ...without,
    task: 'generate',
    notTaken: [],
  });
});

test('a view into a larger buffer is read as well', async () => {
  const png = withPngSettings(plain, settings);
  const larger = new Uint8Array(png.length + 100);
  larger.set(png, 50);
  expect(await read(larger.subarray(50))).toEqual({ ...settings, notTaken: [] });
});

test("the web UI's form is read as far as it means something here", async () => {
  const text =
    'masterpiece, (cat:1.2)\nsecond line\nNegative prompt: blurry,\nbad\nSteps: 20, Sampler: Euler a, CFG scale: 7.5, ' +
    'Seed: 123, Size: 512x768, Model: "a, b", Lora hashes: "x: 1, y: 2", Version: v1.9.0';
  const expected = {
    task: 'generate',
    prompt: 'masterpiece, (cat:1.2)\nsecond line',
    language: 'en',
    parameters: {
      ...{ steps: 20, guidance: 7.5, seed: 123, width: 512, height: 768 },
      negativePrompt: 'blurry,\nbad',
    },
    model: 'a, b',
    version: '',
    notTaken: ['Sampler: Euler a', 'Model: a, b', 'Lora hashes: x: 1, y: 2'],
  };
  expect(await read(webUi(text))).toEqual(expected);
  expect(await read(webUi(text, true))).toEqual(expected);
  expect(await read(webUi('一只猫\nSteps: 5, Seed: -1, CFG scale: NaN, Size: 1e9x3'))).toEqual({
    ...{
      task: 'generate',
      prompt: '一只猫',
      language: 'zh',
      parameters: { steps: 5 },
      model: '',
      version: '',
      notTaken: ['Seed: -1', 'CFG scale: NaN', 'Size: 1e9x3'],
    },
  });
});

describe('as the web UI itself reads', () => {
  const cat = { task: 'generate', prompt: 'a cat', language: 'en', model: '', version: '' };
  const zlibbed = (text: string) => deflateSync(Buffer.from(text, 'latin1'));
  const text = 'a cat\nSteps: 5, Seed: 1, CFG scale: 2';
  const expected = { ...cat, parameters: { steps: 5, seed: 1, guidance: 2 }, notTaken: [] };

  test('the settings come in any order', async () => {
    const seedFirst =
      'a cat\nNegative prompt: dogs\nSeed: 12345, Steps: 20, CFG scale: 7, Size: 512x512, Sampler: Euler a';
    expect(await read(webUi(seedFirst))).toEqual({
      ...cat,
      parameters: {
        ...{ seed: 12345, steps: 20, guidance: 7, width: 512, height: 512 },
        negativePrompt: 'dogs',
      },
      notTaken: ['Sampler: Euler a'],
    });
    expect(await read(webUi('a cat\n  Model: m, Seed: 3 ,Steps: 4'))).toMatchObject({
      prompt: 'a cat',
      model: 'm',
      parameters: { seed: 3, steps: 4 },
    });
  });

  test('a last line with fewer than three pairs belongs to the prompt', async () => {
    expect(await read(webUi('a cat\nNegative prompt: dogs\nat night: yes, blue: no'))).toEqual({
      ...cat,
      parameters: { negativePrompt: 'dogs\nat night: yes, blue: no' },
      notTaken: [],
    });
  });

  test.each([
    ['zTXt', pngChunk('zTXt', Buffer.concat([Buffer.from('parameters\0\0'), zlibbed(text)]))],
    [
      'compressed iTXt',
      pngChunk('iTXt', Buffer.concat([Buffer.from('parameters\0\x01\0en\0p\0'), zlibbed(text)])),
    ],
  ])('%s', async (_name, chunk) => expect(await read(withChunks(chunk))).toEqual(expected));

  test('our own text, compressed', async () => {
    const { notTaken: _, ...own } = { ...expected, format: 1 };
    const chunk = pngChunk(
      'iTXt',
      Buffer.concat([Buffer.from('nexus-gen-studio\0\x01\0\0\0'), zlibbed(JSON.stringify(own))]),
    );
    expect(await read(withChunks(chunk))).toEqual(expected);
  });

  test('behind much else, and behind the image data; of two the last', async () => {
    const small = Array.from({ length: 3000 }, () => pngChunk('prIv', Buffer.alloc(1)));
    const wanted = pngChunk('tEXt', Buffer.from(`parameters\0${text}`));
    const other = pngChunk('tEXt', Buffer.from('parameters\0a dog\nSteps: 1'));
    const large = pngChunk('prIv', Buffer.alloc(300_000));
    expect(await read(withChunks(other, large, ...small, wanted))).toEqual(expected);
    const end = plain.length - 12;
    expect(await read(Buffer.concat([plain.subarray(0, end), large, wanted, plain.subarray(end)]))).toEqual(
      expected,
    );
  });

  test.each(['4294967296', '12345678901', '123456789012345678901', '-1', '1.5', 'x'])(
    'a seed of %s is told, not dropped',
    async (seed) => {
      const found = await read(webUi(`a cat\nSteps: 5, Sampler: x, Seed: ${seed}`));
      expect(found?.parameters).toEqual({ steps: 5 });
      expect(found?.notTaken).toEqual(['Sampler: x', `Seed: ${seed}`]);
    },
  );

  test('what grows beyond Pillow’s limit is left alone', async () => {
    const long = (length: number) =>
      withChunks(
        pngChunk(
          'zTXt',
          Buffer.concat([Buffer.from('parameters\0\0'), zlibbed(`${'x'.repeat(length)}\nSteps: 1`)]),
        ),
      );
    expect((await read(long(1024 * 1024 - 9)))?.parameters).toEqual({ steps: 1 });
    expect(await read(long(1024 * 1024))).toBeNull();
  });
});

test('when our own text is spoilt, the other is read', async () => {
  const spoilt = withPngTexts(plain, [
    { keyword: 'nexus-gen-studio', text: '{', utf8: true },
    { keyword: 'parameters', text: 'a cat\nSteps: 5, Seed: 1' },
  ]);
  expect(await read(spoilt)).toMatchObject({ prompt: 'a cat', parameters: { steps: 5, seed: 1 } });
});

describe('hostile input gives null', () => {
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
    ['a keyword that only begins so', withChunks(pngChunk('tEXt', Buffer.from('parameters \0x\nSteps: 1')))],
    ['a keyword without an end', withChunks(pngChunk('tEXt', Buffer.from('parameters')))],
    ['an empty keyword', withChunks(pngChunk('tEXt', Buffer.from('\0x\nSteps: 1')))],
    ['iTXt cut short', withChunks(pngChunk('iTXt', Buffer.from('parameters\0\0')))],
    ['a keyword of Object', withChunks(pngChunk('tEXt', Buffer.from('__proto__\0x\nSteps: 1')))],
    ['no prompt', webUi('Steps: 20, Seed: 1')],
    ['no settings', webUi('just a comment')],
  ])('%s', async (_name, bytes) => expect(await read(bytes)).toBeNull());

  test('a length that reaches beyond the file', async () => {
    const png = Buffer.from(withPngSettings(plain, settings));
    png.writeUInt32BE(0xffffffff, 33);
    expect(await read(png)).toBeNull();
  });

  test('a prototype is not to be had', async () => {
    const json = JSON.stringify(valid).replace(
      '"parameters":{',
      '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"parameters":{"__proto__":{"polluted":1},"polluted":1,',
    );
    const found = await read(own(json));
    expect(found).toEqual({ ...settings, notTaken: [] });
    expect((found as unknown as Record<string, unknown>).polluted).toBeUndefined();
    expect((found?.parameters as Record<string, unknown>).polluted).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('files cut anywhere and with any bytes changed never throw', async () => {
    const png = withPngSettings(plain, settings);
    for (let length = 0; length <= png.length; length++) await read(png.subarray(0, length));
    const next = xoshiro128(7);
    for (let i = 0; i < 3000; i++) {
      const spoilt = Buffer.from(png);
      for (let k = 0; k < 1 + (i % 5); k++)
        spoilt[Math.floor(next() * png.length) % png.length] = next() * 256;
      const found = await read(spoilt);
      if (found) expect(typeof found.prompt).toBe('string');
    }
    for (let i = 0; i < 500; i++) await read(spoil(png, next));
  });
});
