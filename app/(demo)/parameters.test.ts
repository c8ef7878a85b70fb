import { describe, expect, it } from 'vitest';
import type { ModelInfo } from '@/server/demo/schema';
import { emptyDraft, type Draft } from './draft';
import { readDraft, readNumber, sizePresets } from './parameters';

const limit = (min: number, max: number, preset: number, multiple?: number) => ({
  min,
  max,
  default: preset,
  multiple,
});

const model: ModelInfo = {
  name: 'nano',
  version: '1',
  hash: '0',
  notice: '',
  languages: ['en', 'zh'],
  device: 'cpu',
  ready: true,
  parameters: {
    width: limit(128, 320, 256, 16),
    height: limit(128, 320, 256, 16),
    steps: limit(1, 50, 12),
    guidanceGeneration: limit(1, 8, 1.5),
    guidanceEditing: limit(1, 8, 1),
    seed: limit(0, 4294967295, 0),
    maxNewTokens: limit(1, 256, 64),
    promptLength: limit(1, 5, 5),
  },
  defaultDecoder: 'editing',
  negativePrompt: true,
  polishing: 'template',
  worldError: 0.05,
};
const draft = (change: Partial<Draft>): Draft => ({ ...emptyDraft, prompt: 'a cat', ...change });

describe('readNumber', () => {
  it.each(['', ' ', 'x', '0', '51', '1.5', 'Infinity', '1e9'])(
    'refuses %j steps and tells the range',
    (text) => {
      expect(readNumber('steps', text, model.parameters.steps)).toEqual({
        error: 'Steps must be a whole number from 1 to 50.',
      });
    },
  );

  it('refuses a width between two multiples', () => {
    expect(readNumber('width', '257', model.parameters.width)).toEqual({
      error: 'Width must be a multiple of 16 from 128 to 320.',
    });
  });

  it('takes a fraction for the guidance scale', () => {
    expect(readNumber('guidanceGeneration', '2.5', model.parameters.guidanceGeneration)).toEqual({
      value: 2.5,
    });
  });
});

describe('readDraft', () => {
  it('fills in the defaults and leaves the seed to the server', () => {
    const { input } = readDraft(draft({}), model);
    expect(input).toMatchObject({ task: 'generate', width: 256, height: 256, steps: 12, guidance: 1.5 });
    expect(input?.seed).toBeUndefined();
  });

  it('leaves the size of an edit to its source, and takes the guidance of the chosen decoder', () => {
    const source = { hash: 'h', width: 300, height: 200, parentId: 'p' };
    const editing = readDraft(draft({ task: 'edit', source }), model).input;
    expect(editing).toMatchObject({ sourceHash: 'h', parentId: 'p', decoder: 'editing', guidance: 1 });
    expect(editing?.width).toBeUndefined();
    const generation = readDraft(draft({ task: 'edit', source, decoder: 'generation' }), model).input;
    expect(generation).toMatchObject({ decoder: 'generation', guidance: 1.5 });
  });

  it('sends no picture with a generation', () => {
    const source = { hash: 'h', width: 1, height: 1 };
    expect(readDraft(draft({ source }), model).input?.sourceHash).toBeUndefined();
  });

  it('names every field that is wrong', () => {
    const { errors } = readDraft(draft({ task: 'edit', prompt: ' ', numbers: { steps: '0' } }), model);
    expect(Object.keys(errors ?? {}).sort()).toEqual(['prompt', 'source', 'steps']);
  });

  it('counts an emoji as one character', () => {
    expect(readDraft(draft({ prompt: '🍎🍎🍎🍎🍎' }), model).errors).toBeNull();
    expect(readDraft(draft({ prompt: '🍎🍎🍎🍎🍎🍎' }), model).errors?.prompt).toContain('6 characters');
  });
});

it('offers only sizes that the model takes', () => {
  expect(sizePresets(model)).toEqual([
    { width: 256, height: 256 },
    { width: 320, height: 192 },
    { width: 192, height: 320 },
  ]);
});
