import { expect, test } from 'vitest';
import { testImage } from '../testing/tiny';
import { encodePng } from './encode';
import { settingsKeyword, withPngSettings } from './png-settings';

const plain = await encodePng(testImage(9, 7));

/** The two texts of a file, as its bytes have them. */
function textsOf(task: 'generate' | 'edit', parameters: Record<string, number | string>): string[] {
  const png = withPngSettings(plain, {
    ...{ task, prompt: 'a cat', language: 'en', model: 'nano', version: '1', parameters },
  });
  const texts: string[] = [];
  for (let at = 33; png.toString('latin1', at + 4, at + 8) !== 'IDAT'; at += 12 + png.readUInt32BE(at))
    texts.push(
      png.toString(
        png.toString('latin1', at + 4, at + 8) === 'tEXt' ? 'latin1' : 'utf8',
        ...[at + 8, at + 8 + png.readUInt32BE(at)],
      ),
    );
  return texts;
}

const common = { width: 256, height: 128, steps: 12, guidance: 1.5, seed: 7 };
const numbers = '"width":256,"height":128,"steps":12,"guidance":1.5,"seed":7';
const line = 'Steps: 12, Sampler: flow_match_euler, CFG scale: 1.5, Seed: 7, Size: 256x128, Model: nano';

/** Files of the same settings are the same file: these bytes never change. */
test.each([
  ['generate', common, '', numbers, `${line}, Model version: 1`],
  [
    ...['generate', { seed: 7, guidance: 1.5, steps: 12, height: 128, width: 256 }, ''],
    ...[numbers, `${line}, Model version: 1`],
  ],
  ['generate', { ...common, maxNewTokens: 4, strange: 5 }, '', numbers, `${line}, Model version: 1`],
  ['generate', { ...common, negativePrompt: 'red' }, 'red', numbers, `${line}, Model version: 1`],
  [
    ...['generate', { ...common, negativePrompt: 'grün, "blau"\nx' }, 'grün, "blau"\nx'],
    ...[numbers, `${line}, Model version: 1`],
  ],
  [
    ...['edit', { decoder: 'editing', ...common }, ''],
    ...[`${numbers},"decoder":"editing"`, `${line}, Model version: 1, Task: edit, Decoder: editing`],
  ],
  [
    ...['edit', { ...common, decoder: 'generation' }, ''],
    ...[`${numbers},"decoder":"generation"`, `${line}, Model version: 1, Task: edit, Decoder: generation`],
  ],
  [
    ...['edit', { ...common, decoder: 'editing', negativePrompt: 'red' }, 'red'],
    ...[`${numbers},"decoder":"editing"`, `${line}, Model version: 1, Task: edit, Decoder: editing`],
  ],
  [
    ...['generate', { ...common, seed: 4294967295 }, '', numbers.replace('"seed":7', '"seed":4294967295')],
    `${line.replace('Seed: 7', 'Seed: 4294967295')}, Model version: 1`,
  ],
  [
    ...['generate', { ...common, guidance: 0, steps: 1 }, ''],
    numbers.replace(':12,', ':1,').replace('1.5', '0'),
    `${line.replace('12', '1').replace('1.5', '0')}, Model version: 1`,
  ],
] as ['generate' | 'edit', Record<string, number | string>, string, string, string][])(
  'the texts of %s with %j',
  (task, parameters, negative, json, rest) => {
    const own = negative && `"negativePrompt":${JSON.stringify(negative)},`;
    const [webUi, studio] = textsOf(task, parameters);
    expect(webUi?.replace(/^parameters\0+/, '')).toBe(
      `a cat\n${negative && `Negative prompt: ${negative}\n`}${rest}, Version: ${settingsKeyword}`,
    );
    expect(studio?.replace(/^.*\0/, '')).toBe(
      `{"format":1,"task":"${task}","prompt":"a cat",${own}"language":"en","parameters":{${json}},"model":"nano","version":"1"}`,
    );
  },
);
