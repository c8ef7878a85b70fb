import { expect, test } from 'vitest';
import { emptyDraft, type Draft } from '../_request/draft';
import type { ModelInfo } from '@/server/demo/schema';
import { callOf, usualPrompts } from './call';
import { shellWord, writeSnippet } from './snippets';

const limit = (min: number, max: number, value: number, multiple?: number) => ({
  ...{ min, max, multiple },
  default: value,
});
const model: ModelInfo = {
  name: 'nano',
  version: '1',
  hash: 'a'.repeat(64),
  notice: '',
  noticeZh: null,
  languages: ['en', 'zh'],
  device: 'cpu',
  ready: true,
  memory: null,
  parameters: {
    width: limit(32, 128, 64, 8),
    height: limit(32, 128, 64, 8),
    steps: limit(1, 50, 4),
    guidanceGeneration: limit(1, 10, 2),
    guidanceEditing: limit(1, 10, 1),
    seed: limit(0, 4294967295, 0),
    maxNewTokens: limit(1, 64, 16),
    promptLength: limit(1, 500, 500),
  },
  defaultDecoder: 'editing',
  negativePrompt: false,
  polishing: null,
  worldError: null,
  words: null,
  hints: {},
};
const origin = 'https://studio.example';
const sourceUrl = `${origin}/api/images/${'f'.repeat(64)}?visitor=token`;
const source = { hash: 'f'.repeat(64), width: 64, height: 48 };
const draft = (change: Partial<Draft>): Draft => ({ ...emptyDraft, ...change });

test('the call is what the form would send', () => {
  const filled = draft({ prompt: ' red "apples" ', numbers: { width: '96', steps: '7', seed: '5' } });
  expect(callOf(filled, model, 'generate', sourceUrl)).toMatchObject({
    task: 'generate',
    model: 'nano',
    prompt: 'red "apples"',
    pictureUrl: null,
    own: { size: '96x64' },
    extra: { steps: 7, guidance: 2, seed: 5 },
  });
  const edit = draft({ task: 'edit', prompt: 'greener', source, decoder: 'generation' });
  expect(callOf(edit, model, 'edit', sourceUrl)).toMatchObject({
    pictureUrl: sourceUrl,
    own: {},
    extra: { steps: 4, guidance: 2, decoder: 'generation' },
  });
  const ask = draft({ task: 'understand', prompt: 'what?', numbers: { maxNewTokens: '9' } });
  expect(callOf(ask, model, 'understand', sourceUrl)).toMatchObject({
    own: { max_completion_tokens: 9 },
    pictureUrl: null,
  });
});

test('an empty form, one for another task, and one with a wrong number give a usual call', () => {
  expect(callOf(emptyDraft, model, 'generate', sourceUrl).prompt).toBe(usualPrompts.generate);
  expect(callOf(draft({ prompt: 'x' }), model, 'understand', sourceUrl).prompt).toBe(usualPrompts.understand);
  const wrong = draft({ prompt: 'x', numbers: { steps: '999' } });
  expect(callOf(wrong, model, 'generate', sourceUrl)).toMatchObject({ prompt: 'x', extra: { steps: 4 } });
  expect(callOf(emptyDraft, undefined, 'edit', sourceUrl).prompt).toBe(usualPrompts.edit);
});

test('a word of a shell is closed whatever is in it', () => {
  expect(shellWord(`it's "$HOME"`)).toBe(`'it'\\''s "$HOME"'`);
});

test('the usual question is about an image; one that somebody wrote is as it stands', () => {
  const usual = callOf(emptyDraft, model, 'understand', sourceUrl);
  expect(usual).toMatchObject({ prompt: usualPrompts.understand, pictureUrl: null, withFile: true });
  expect(writeSnippet('curl', usual, origin)).toContain("base64,$(base64 < picture.png | tr -d '\\n')");
  expect(writeSnippet('typescript', usual, origin)).toContain("await readFile('picture.png', 'base64')");
  expect(writeSnippet('python', usual, origin)).toContain('base64.b64encode(file.read())');
  const own = callOf(draft({ task: 'understand', prompt: 'what?' }), model, 'understand', sourceUrl);
  expect(own.withFile).toBe(false);
  expect(callOf(draft({ task: 'understand', source }), model, 'understand', sourceUrl)).toMatchObject({
    pictureUrl: sourceUrl,
    withFile: false,
  });
});

test('a file stands for an image that is no longer there', () => {
  const gone = callOf(draft({ task: 'edit', prompt: 'greener', source }), model, 'edit', null);
  expect(gone).toMatchObject({ pictureUrl: null, withFile: true });
});

test('an edit without a picture sends a file', () => {
  const call = callOf(draft({ task: 'edit', prompt: '@x' }), model, 'edit', sourceUrl);
  expect(writeSnippet('curl', call, `${origin}/api/v1`)).toContain(`-F image=@picture.png`);
  expect(writeSnippet('curl', call, `${origin}/api/v1`)).toContain(`--form-string 'prompt=@x'`);
  expect(writeSnippet('typescript', call, origin)).toContain(`createReadStream('picture.png')`);
  expect(writeSnippet('python', call, origin)).toContain(`open("picture.png", "rb")`);
});
