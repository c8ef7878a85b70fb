import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { pngChunk } from '../testing/files';
import { testImage } from '../testing/tiny';
import { encodePng } from './encode';
import { withPngSettings, type PictureSettings } from './png-settings';
import { withoutPngTexts, withPngTexts } from './png-text';

const settings: PictureSettings = {
  task: 'generate',
  prompt: 'two red apples',
  language: 'en',
  parameters: { width: 256, height: 256, steps: 12, guidance: 1.5, seed: 7 },
  model: 'nexus-gen-nano',
  version: '0.1.1',
};

/** Type and data of each chunk; checks the checksums on the way. */
function chunksOf(png: Buffer): [string, Buffer][] {
  const found: [string, Buffer][] = [];
  for (let at = 8; at < png.length;) {
    const end = at + 12 + png.readUInt32BE(at);
    const [type, data] = [png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, end - 4)];
    expect(png.subarray(at, end).equals(pngChunk(type, data))).toBe(true);
    found.push([type, data]);
    at = end;
  }
  return found;
}

describe('settings in a PNG', () => {
  it('stand right after the header, in the two forms', async () => {
    const chunks = chunksOf(withPngSettings(await encodePng(testImage(9, 7)), settings));
    expect(chunks.slice(0, 3).map(([type]) => type)).toEqual(['IHDR', 'tEXt', 'iTXt']);
    expect(chunks[1]![1].toString('latin1')).toBe(
      'parameters\0two red apples\nSteps: 12, Sampler: flow_match_euler, CFG scale: 1.5, Seed: 7, Size: 256x256, ' +
        'Model: nexus-gen-nano, Model version: 0.1.1, Version: nexus-gen-studio',
    );
    const [keyword, json] = chunks[2]![1].toString('utf8').split('\0\0\0\0\0');
    expect(keyword).toBe('nexus-gen-studio');
    expect(JSON.parse(json!)).toEqual({ format: 1, ...settings });
  });

  it('have the negative prompt on its own line, and quote what would break the list', async () => {
    const png = withPngSettings(await encodePng(testImage(9, 7)), {
      ...settings,
      parameters: { ...settings.parameters, negativePrompt: 'blurry' },
      model: 'a, b: c',
    });
    const text = chunksOf(png)[1]![1].toString('latin1');
    expect(text).toContain('two red apples\nNegative prompt: blurry\nSteps: 12');
    expect(text).toContain('Model: "a, b: c", ');
  });

  it.each(['两个红苹果', 'a “dog”', 'tab\tin it'])(
    'are UTF-8 where Latin-1 cannot hold %j',
    async (prompt) => {
      const chunks = chunksOf(withPngSettings(await encodePng(testImage(9, 7)), { ...settings, prompt }));
      expect(chunks[1]![0]).toBe('iTXt');
      expect(chunks[1]![1].toString('utf8')).toContain(`parameters\0\0\0\0\0${prompt}\nSteps`);
    },
  );

  it('change no pixel, and the same settings give the same bytes', async () => {
    const image = testImage(9, 7);
    const png = withPngSettings(await encodePng(image), settings);
    expect(await sharp(png).raw().toBuffer()).toEqual(Buffer.from(image.data));
    expect(withPngSettings(await encodePng(image), settings)).toEqual(png);
  });
});

describe('taking texts out', () => {
  it('gives the file as it was, whatever the kind of text', async () => {
    const plain = await encodePng(testImage(9, 7));
    expect(withoutPngTexts(withPngSettings(plain, settings))).toEqual(plain);
    const zipped = Buffer.concat([
      plain.subarray(0, 33),
      pngChunk('zTXt', Buffer.from('a\0\0x')),
      plain.subarray(33),
    ]);
    expect(withoutPngTexts(zipped)).toEqual(plain);
    const late = Buffer.concat([
      plain.subarray(0, -12),
      pngChunk('tEXt', Buffer.from('Author\0me')),
      plain.subarray(-12),
      Buffer.from('tail'),
    ]);
    expect(withoutPngTexts(late)).toEqual(plain);
  });

  it('leaves other files and what it cannot read alone', async () => {
    const jpeg = await sharp(testImage(9, 7).data, { raw: { width: 9, height: 7, channels: 3 } })
      .jpeg()
      .toBuffer();
    expect(withoutPngTexts(jpeg)).toEqual(jpeg);
    const png = withPngTexts(await encodePng(testImage(9, 7)), [{ keyword: 'a', text: 'b' }]);
    for (let length = 0; length < png.length; length++) {
      const cut = png.subarray(0, length);
      expect(withoutPngTexts(cut).length).toBeLessThanOrEqual(length);
    }
    expect(withoutPngTexts(Buffer.alloc(0))).toHaveLength(0);
  });
});
