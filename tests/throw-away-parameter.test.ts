import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type * as Table from '../models/runtime/parameter-table';
import type { Manifest } from '../models/runtime/manifest';
import type { ModelInfo } from '../server/demo/schema';
import type { Draft } from '../app/_request/draft';
import { tinyManifest } from '../models/runtime/testing/tiny';

/** A parameter is an entry of the table: the product knows of this one by that, and by a model that has its limits. */
const strength = {
  ...{ key: 'strength', type: 'number', tasks: ['generate', 'edit'], leftOut: 'omitted', time: true },
  limits: [{ name: 'strength', entry: 'strength', optional: true }],
  ...{ min: 0, max: { api: 2 }, label: 'labels.strength', hint: 'hints.strength', grid: {} },
  api: { name: 'strength', help: 'How much of it.' },
  cli: { flag: '--strength <s>', help: 'how much of it' },
  run: { help: 'how much of it' },
  endpoint: { setting: 'strength', usual: 'strength' },
  webUi: { label: 'Strength' },
} satisfies Table.Parameter;

let manifest: Manifest;
let info: ModelInfo;
const job = { strength: 0.25 };

beforeAll(async () => {
  vi.resetModules();
  vi.doMock('../models/runtime/parameter-table', async (original) => {
    const { parameterTable } = await original<typeof Table>();
    return { parameterTable: [...parameterTable, strength] };
  });
  const { manifestSchema } = await import('../models/runtime/manifest');
  const { modelInfo } = await import('../server/demo/limits');
  const plain = await tinyManifest();
  const range = { min: 0, max: 1, default: 0.5 };
  manifest = manifestSchema.parse({ ...plain, parameters: { ...plain.parameters, strength: range } });
  info = modelInfo({ manifest, hash: 'h' }, { device: 'cpu', ready: true, memory: null });
});
afterAll(() => {
  vi.doUnmock('../models/runtime/parameter-table');
  vi.resetModules();
});

const generation = (parameters: Record<string, number | string>) => ({
  ...{ id: '', task: 'generate', state: 'done', prompt: 'a cat', language: 'en', source: null, parameters },
  ...{ parentId: null, picture: null, text: null, error: null, errorCode: null, imported: false, grid: null },
  ...{ timings: null, createdAt: new Date(0), finishedAt: null },
});

test('a model that declares it takes it, inside its limits; its default is as good as none', async () => {
  const { prepareSubmit } = await import('../server/demo/limits');
  const { submitSchema } = await import('../server/demo/schema');
  const stored = (more: object, by = manifest) =>
    prepareSubmit(by, submitSchema.parse({ task: 'generate', prompt: 'a cat', ...more }), null).parameters;
  expect(stored(job)).toMatchObject({ strength: 0.25 });
  expect(stored({ strength: 0.5 })).not.toHaveProperty('strength');
  expect(stored({})).not.toHaveProperty('strength');
  expect(() => stored({ strength: 3 })).toThrow('strength 3: must be a number from 0 to 1.');
  const { strength: _, ...parameters } = manifest.parameters as Manifest['parameters'] & { strength: object };
  const without = { ...manifest, parameters };
  expect(() => stored(job, without)).toThrow('strength is not a parameter of this model');
  expect(stored({}, without)).not.toHaveProperty('strength');
});

test('the form has its field, judges it and sends it, and takes it from a result', async () => {
  const { fieldsOf } = await import('../app/_request/fields');
  const { readDraft } = await import('../app/_request/read-draft');
  const { draftOf, emptyDraft } = await import('../app/_request/draft');
  const draft = (text: string): Draft => ({
    ...emptyDraft,
    prompt: 'a cat',
    numbers: { strength: text } as Draft['numbers'],
  });
  expect(fieldsOf(draft('0.25'), info)).toContain('strength');
  expect(readDraft(draft('0.25'), info).input).toMatchObject(job);
  expect(readDraft(draft('7'), info).errors).toEqual({ strength: 'real' });
  expect(fieldsOf({ ...emptyDraft, task: 'understand' }, info)).not.toContain('strength');
  const recipe = { task: 'generate', prompt: 'a cat', language: 'en', parameters: job } as const;
  expect(draftOf(recipe).numbers).toEqual({ strength: '0.25' });
});

test('it is among the settings that a result shows, that two results differ in, and that a grid can change', async () => {
  const { settingsOf } = await import('../app/(demo)/settings/use-parameter-words');
  expect(settingsOf(job, { times: '×' })).toMatchObject([{ key: 'strength', value: 0.25 }]);
  const { compareSettings } = await import('../app/(demo)/compare/differences');
  const [a, b] = [generation(job), generation({})] as Parameters<typeof compareSettings>;
  expect(compareSettings(a, b).different).toEqual([{ name: 'strength', a: '0.25', b: null }]);
  const { axisSchema } = await import('../server/demo/grids/schema');
  expect(axisSchema.parse({ parameter: 'strength', values: [0.1, 0.2] })).toMatchObject({
    values: [0.1, 0.2],
  });
  const { conversationSchema } = await import('../server/demo/conversations/schema');
  const turn = { task: 'generate', language: 'en', linked: false, parameters: job };
  const read = conversationSchema.parse({ messages: [{ role: 'user' }], studio: { turns: [turn] } });
  expect(read.studio?.turns[0]?.parameters).toEqual(job);
});

test('it is a field of the HTTP API, in the document and in the snippets', async () => {
  const { openApiDocument } = await import('../server/api/http-api/openapi');
  const { schemas } = openApiDocument('https://studio.example').components as {
    schemas: Record<string, { properties: Record<string, unknown> }>;
  };
  const field = { type: 'number', minimum: 0, maximum: 2, description: 'How much of it.' };
  for (const name of ['GenerationRequest', 'EditRequest', 'EditForm'])
    expect(schemas[name]!.properties.strength).toEqual(field);
  expect(schemas.ChatRequest!.properties).not.toHaveProperty('strength');
  const { generationRequest } = await import('../server/api/http-api/schema');
  const { valuesIn } = await import('../server/api/http-api/parameters');
  const { parametersOf } = await import('../models/runtime/parameters');
  const fields = generationRequest.parse({ prompt: 'a cat', ...job });
  expect(valuesIn(fields, parametersOf('generate'))).toMatchObject(job);
  const { callOf } = await import('../app/developers/call');
  const { emptyDraft } = await import('../app/_request/draft');
  const draft: Draft = {
    ...emptyDraft,
    prompt: 'a cat',
    numbers: { strength: '0.25' } as Draft['numbers'],
  };
  expect(callOf(draft, info, 'generate').extra).toMatchObject(job);
});

test('it is an option of the command line and a setting of runs, and endpoints are asked for it', async () => {
  const { generateCommand } = await import('../eval/cli/generate');
  const { askCommand } = await import('../eval/cli/ask');
  const flags = (command: ReturnType<typeof generateCommand>) => command.options.map(({ long }) => long);
  expect(flags(generateCommand(() => undefined))).toContain('--strength');
  expect(flags(askCommand(() => undefined))).not.toContain('--strength');
  const { parametersGiven } = await import('../eval/cli/options');
  expect(parametersGiven(job, 'generate')).toMatchObject(job);
  const { runSettingsSchema } = await import('../eval/benchmarks/settings');
  const settings = runSettingsSchema.parse(job);
  expect(settings).toMatchObject(job);
  const { geneval } = await import('../eval/benchmarks/geneval/benchmark');
  expect(geneval.settings).toContain('strength');
  const { cacheKeyOf } = await import('../server/evaluation/cache');
  const request = { task: 'generate', prompt: 'a cat', seed: 1 } as const;
  const { strength: _, ...before } = settings as typeof settings & { strength?: number };
  expect(cacheKeyOf('h', request, [], settings)).not.toBe(cacheKeyOf('h', request, [], before));
  const { callOf } = await import('../eval/under-test/endpoint/requests');
  const { readySettings } = await import('../eval/under-test/endpoint/settings');
  const ready = readySettings({ baseUrl: 'http://host/v1', model: 'm' }, {});
  const { body } = await callOf({ ...request, ...job }, ready);
  expect(JSON.parse(body as string)).toMatchObject(job);
});

test('a PNG carries it, and it is read back', async () => {
  const { encodePng } = await import('../models/runtime/image/encode');
  const { withPngSettings } = await import('../models/runtime/image/png-settings');
  const { readPngSettings } = await import('../server/demo/png-settings');
  const plain = await encodePng({ width: 1, height: 1, data: new Uint8Array(3) });
  const made = { task: 'generate', prompt: 'a cat', language: 'en', model: 'm', version: '1' } as const;
  const parameters = { width: 64, height: 64, steps: 4, guidance: 1, seed: 7, ...job };
  const png = withPngSettings(plain, { ...made, parameters });
  expect(png.toString('latin1')).toContain('Strength: 0.25, Version: nexus-gen-studio');
  expect(await readPngSettings(new Blob([new Uint8Array(png)]))).toMatchObject({ parameters });
});
