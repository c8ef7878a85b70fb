import { expect, test } from 'vitest';
import { startRunSchema, type RunOptions } from '../../../server/evaluation/runs/schema';
import { emptyForm, fieldOf, newEndpoint, requestOf, sampleCount } from './start-form';

const revisionId = '0b9c7a52-8f6e-4c55-9a41-0b1d6f0d2c11';
const options: RunOptions = {
  workers: 1,
  models: [
    {
      ...{ name: 'old', version: '1', kind: 'directory', revisionId: '1b9c7a52-8f6e-4c55-9a41-0b1d6f0d2c12' },
      ...{ hash: '', active: false, unavailable: 'gone' },
    },
    { name: 'nano', version: '2', kind: 'directory', revisionId, hash: '', active: true, unavailable: null },
  ],
  benchmarks: [
    {
      ...{ name: 'mmmu', title: 'MMMU', task: 'understand', synthetic: false, repeats: 1, items: null },
      ...{ groups: [], unavailable: 'pull it first', settings: ['maxNewTokens'], presets: [] },
    },
    {
      ...{ name: 'geneval', title: 'GenEval', task: 'generate', synthetic: false, repeats: 4, items: 553 },
      groups: [
        { name: 'counting', n: 80 },
        { name: 'colors', n: 94 },
      ],
      ...{ unavailable: null, settings: ['seed', 'width', 'steps', 'guidance'], presets: [] },
    },
  ],
};
const geneval = options.benchmarks[1]!;

test('the form begins with what can be measured: the model of the demo and the first benchmark that is here', () => {
  const form = emptyForm(options);
  expect(form).toMatchObject({ model: revisionId, benchmark: 'geneval' });
  const { request } = requestOf(form, options);
  expect(request).toEqual({
    ...{ benchmark: 'geneval', model: { revisionId }, settings: {}, cache: true },
    ...{ visibility: 'team', name: null, note: null, tags: [] },
  });
});

test.each([
  [{}, 2212],
  [{ groups: ['counting'] }, 320],
  [{ limit: '6' }, 24],
  [{ limit: '6', repeats: '1' }, 6],
  [{ groups: ['counting'], limit: '1000', repeats: '2' }, 160],
])('%o makes %d samples', (part, samples) => {
  expect(sampleCount({ ...emptyForm(options), ...part }, geneval)).toBe(samples);
});

test('how many there are of data that is not here nobody knows', () => {
  expect(sampleCount(emptyForm(options), options.benchmarks[0]!)).toBeNull();
});

test('what is typed becomes what the server takes', () => {
  const form = {
    ...emptyForm(options),
    ...{ groups: ['colors', 'nowhere'], limit: ' 6 ', repeats: '2', cache: false },
    // Of another task: not asked for.
    settings: { seed: '7', guidance: '2.5', steps: '', maxNewTokens: '9' },
  };
  const { request } = requestOf(form, options);
  expect(request).toEqual({
    ...{ benchmark: 'geneval', model: { revisionId }, settings: { seed: 7, guidance: 2.5 } },
    ...{ groups: ['colors'], limit: 6, repeats: 2, cache: false },
    ...{ visibility: 'team', name: null, note: null, tags: [] },
  });
  expect(startRunSchema.safeParse({ ...request, requestId: revisionId }).success).toBe(true);
});

test('every field says what is wrong with it', () => {
  const form = {
    ...emptyForm(options),
    ...{ benchmark: 'mmmu', model: options.models[0]!.revisionId, limit: '0' },
    settings: { maxNewTokens: 'many' },
  };
  expect(requestOf(form, options).problems).toMatchObject({
    benchmark: { kind: 'unavailable' },
    model: { kind: 'unavailable' },
    limit: { kind: 'whole', min: 1 },
    maxNewTokens: { kind: 'whole' },
  });
  const more = {
    ...emptyForm(options),
    repeats: '65',
    settings: { seed: '-1', guidance: 'a', width: '1.5' },
  };
  expect(Object.keys(requestOf(more, options).problems ?? {}).sort()).toEqual([
    'guidance',
    'repeats',
    'seed',
    'width',
  ]);
});

test('a preset that lacks evaluators is refused, and one that is installed is asked for', () => {
  const presets: RunOptions['benchmarks'][number]['presets'] = [
    { name: 'nano', usual: true, lacks: [] },
    {
      ...{ name: 'official', usual: false },
      lacks: [{ evaluator: 'clip-vit-l14', problem: 'missing', command: 'add' }],
    },
  ];
  const choices = {
    ...options,
    benchmarks: [{ ...geneval, presets, settings: [...geneval.settings, 'preset'] }],
  };
  const asked = (preset?: string) =>
    requestOf({ ...emptyForm(choices), settings: preset ? { preset } : {} }, choices);
  expect(asked('official').problems).toEqual({ preset: { kind: 'preset' } });
  expect(asked('nano').request?.settings).toEqual({ preset: 'nano' });
  expect(asked().request?.settings).toEqual({});
});

test('a new endpoint needs an address and a name, and may have limits', () => {
  const form = { ...emptyForm(options), model: newEndpoint };
  expect(Object.keys(requestOf(form, options).problems ?? {}).sort()).toEqual(['baseUrl', 'endpointModel']);
  const whole = {
    ...form,
    endpoint: { baseUrl: 'https://host/v1', model: 'big', apiKeyEnv: '' },
    limits: { requestsPerMinute: '60', concurrency: '', maxRequests: '' },
  };
  expect(requestOf(whole, options).request?.model).toEqual({
    endpoint: { baseUrl: 'https://host/v1', model: 'big', requestsPerMinute: 60 },
  });
});

test.each([
  ['settings.steps', 'steps'],
  ['limit', 'limit'],
  ['model.endpoint.model', 'endpointModel'],
  ['model.endpoint.baseUrl', 'baseUrl'],
  [undefined, null],
])("the server's field %s is the form's %s", (path, field) => {
  expect(fieldOf(path)).toBe(field);
});
