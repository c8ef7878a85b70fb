import { describe, expect, it } from 'vitest';
import type { ModelInfo } from '@/server/demo/schema';
import { draftOf, emptyDraft, type Draft } from './draft';
import { sizePresets, type ParameterKey } from './fields';
import { numberSchema } from './form-schema';
import { readDraft } from './read-draft';

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
  noticeZh: null,
  languages: ['en', 'zh'],
  device: 'cpu',
  ready: true,
  memory: null,
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
  words: null,
  hints: {},
};
const draft = (change: Partial<Draft>): Draft => ({ ...emptyDraft, prompt: 'a cat', ...change });

const judged = (key: ParameterKey, text: string | undefined) => {
  const read = numberSchema(key, model.parameters[key]).safeParse(text);
  return read.success ? read.data : read.error.issues.map((issue) => issue.message);
};

describe('a number as typed', () => {
  it.each(['', ' ', 'x', '0', '51', '1.5', 'Infinity', '1e9', '0x10', '12 34'])(
    'refuses %j steps',
    (text) => {
      expect(judged('steps', text)).toEqual(['whole']);
    },
  );

  it.each([
    ['width', '257', ['multiple']],
    ['width', '512', ['multiple']],
    ['guidanceGeneration', '0.5', ['real']],
    ['guidanceGeneration', '2.5', 2.5],
    ['steps', ' 7 ', 7],
    ['steps', undefined, 12],
    ['seed', '4294967295', 4294967295],
    ['seed', '-1', ['whole']],
  ] as const)('%s %j is %j', (key, text, expected) => {
    expect(judged(key, text)).toEqual(expected);
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
    expect(readDraft(draft({ prompt: '🍎🍎🍎🍎🍎🍎' }), model).errors?.prompt).toBe('prompt_long');
  });

  it.each([
    ['generate', 'prompt_generate'],
    ['understand', 'prompt_understand'],
  ] as const)('says of an empty prompt what %s needs, once', (task, problem) => {
    expect(readDraft(draft({ task, prompt: ' \n' }), model).errors).toEqual({ prompt: problem });
  });

  it('sends a negative prompt only where the model can and the task shows it', () => {
    const negative = { negativePrompt: ' red ' };
    expect(readDraft(draft(negative), model).input?.negativePrompt).toBe('red');
    expect(readDraft(draft({ negativePrompt: ' ' }), model).input?.negativePrompt).toBeUndefined();
    expect(
      readDraft(draft({ ...negative, task: 'understand' }), model).input?.negativePrompt,
    ).toBeUndefined();
    const without = { ...model, negativePrompt: false };
    expect(readDraft(draft(negative), without).input?.negativePrompt).toBeUndefined();
    expect(readDraft(draft({ negativePrompt: 'too long' }), model).errors).toEqual({
      negativePrompt: 'prompt_long',
    });
    expect(readDraft(draft({ negativePrompt: 'too long' }), without).errors).toBeNull();
  });

  it('does not judge what the task does not show', () => {
    const numbers = { steps: 'x', width: '1' };
    expect(readDraft(draft({ task: 'understand', numbers }), model).errors).toBeNull();
  });
});

it('offers only sizes that the model takes', () => {
  expect(sizePresets(model)).toEqual([
    { width: 256, height: 256 },
    { width: 320, height: 192 },
    { width: 192, height: 320 },
  ]);
});

describe('the form that makes a result again', () => {
  const recipe = {
    task: 'edit' as const,
    prompt: 'make it red',
    language: 'en' as const,
    parameters: {
      width: 256,
      height: 320,
      steps: 9,
      guidance: 2,
      seed: 7,
      decoder: 'editing',
      negativePrompt: 'b',
    },
  };

  it('has everything, and the guidance of its decoder', () => {
    expect(draftOf(recipe)).toEqual({
      task: 'edit',
      prompt: 'make it red',
      negativePrompt: 'b',
      language: 'en',
      numbers: { width: '256', height: '320', steps: '9', guidanceEditing: '2', seed: '7' },
      sizeOfSource: false,
      decoder: 'editing',
    });
  });

  it('has all but the seed, only the prompt or only the seed where that is asked for', () => {
    expect(draftOf(recipe, 'all-but-seed').numbers).toEqual({
      width: '256',
      height: '320',
      steps: '9',
      guidanceEditing: '2',
    });
    expect(draftOf(recipe, 'prompt')).toEqual({ prompt: 'make it red', language: 'en' });
    expect(draftOf(recipe, 'seed')).toEqual({ numbers: { seed: '7' } });
    expect(draftOf({ ...recipe, parameters: {} }, 'seed')).toEqual({});
  });
});
