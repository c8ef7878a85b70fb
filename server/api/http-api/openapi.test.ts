import { expect, test } from 'vitest';
import { requestIdOf } from './jobs';
import { openApiDocument } from './openapi';
import { generationRequest } from './schema';

type Json = { [key: string]: Json };

const document = openApiDocument('https://studio.example') as unknown as Json;

/** Every object in the document. */
function* objects(value: unknown): Generator<Json> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Json;
  for (const one of Object.values(value)) yield* objects(one);
}

test('the document is complete: every reference leads somewhere, every operation says what it answers', () => {
  expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: 'https://studio.example/api/v1' }] });
  for (const one of objects(document)) {
    const $ref: unknown = one.$ref;
    if ($ref === undefined) continue;
    expect($ref).toMatch(/^#\/components\/schemas\/\w+$/);
    expect(document.components?.schemas?.[String($ref).split('/').at(-1) ?? '']).toBeDefined();
  }
  const operations = Object.values(document.paths ?? {}).flatMap((path) => Object.values(path));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(6);
  for (const operation of operations) {
    expect(operation.summary).toBeTypeOf('string');
    expect(Object.keys(operation.responses ?? {})).toContain('200');
    for (const answer of Object.values(operation.responses ?? {}))
      expect(answer.description).toBeTypeOf('string');
  }
});

test('the document has the limits that the routes check', () => {
  const { properties, required, additionalProperties } = document.components?.schemas
    ?.GenerationRequest as Json;
  expect(properties?.n).toMatchObject({ type: 'integer', minimum: 1, maximum: 10, default: 1 });
  expect(properties?.response_format).toMatchObject({ enum: ['b64_json', 'url'] });
  expect([required, additionalProperties]).toEqual([['prompt'], false]);
  expect(Object.keys(properties ?? {})).toEqual(Object.keys(generationRequest.shape));
  const form = document.components?.schemas?.EditForm as Json;
  expect(form.required).toEqual(['image', 'prompt']);
  expect(form.properties?.image).toMatchObject({ format: 'binary' });
});

/** A request's fields as clients know them, without the words that explain them. */
const fieldsOf = (schema: string, names: string[]) =>
  names.map((name) => {
    const { description: _, ...field } = document.components?.schemas?.[schema]?.properties?.[name] ?? {};
    return [name, field];
  });

test('the parameters of a request keep their names, types, limits and order', () => {
  const { GenerationRequest, EditRequest, ChatRequest } = document.components!.schemas!;
  const sizePattern = '^(?:auto|\\d{1,5}x\\d{1,5})$';
  const picture = [
    ['size', { default: 'auto', examples: ['256x256'], type: 'string', pattern: sizePattern }],
    ['seed', { type: 'integer', minimum: 0, maximum: 4294967295 }],
    ['steps', { type: 'integer', minimum: 1, maximum: 1000 }],
    ['guidance', { type: 'number', minimum: 0, maximum: 1000 }],
    ['negative_prompt', { type: 'string' }],
  ];
  const names = picture.map(([name]) => String(name));
  for (const schema of ['GenerationRequest', 'EditRequest', 'EditForm'])
    expect(JSON.stringify(fieldsOf(schema, names))).toBe(JSON.stringify(picture));
  const edit = [['decoder', { type: 'string', enum: ['editing', 'generation'] }]];
  for (const schema of ['EditRequest', 'EditForm'])
    expect(JSON.stringify(fieldsOf(schema, ['decoder']))).toBe(JSON.stringify(edit));
  const whole = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER };
  expect(JSON.stringify(fieldsOf('ChatRequest', ['max_completion_tokens', 'max_tokens']))).toBe(
    JSON.stringify([
      ['max_completion_tokens', whole],
      ['max_tokens', whole],
    ]),
  );
  const orders = [GenerationRequest, EditRequest, ChatRequest].map((one) => Object.keys(one!.properties!));
  const common = [
    ...['prompt', 'model', 'n', 'size', 'response_format', 'output_format', 'output_compression', 'seed'],
    ...['steps', 'guidance', 'negative_prompt', 'language', 'stream', 'partial_images', 'background'],
    ...['quality', 'user'],
  ];
  expect(orders[0]).toEqual([...common, 'style', 'moderation']);
  expect(orders[1]).toEqual([...common, 'decoder', 'input_fidelity', 'image', 'images']);
  expect(orders[2]!.slice(0, 5)).toEqual(['model', 'messages', 'max_completion_tokens', 'max_tokens', 'n']);
});

test('an Idempotency-Key names the same job for the same request, and another for another', () => {
  const input = { task: 'generate', prompt: 'x', seed: 1 } as const;
  const id = requestIdOf('key', 0, input);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(requestIdOf('key', 0, { seed: 1, prompt: 'x', task: 'generate' })).toBe(id);
  const others = [
    requestIdOf('key', 1, input),
    requestIdOf('other', 0, input),
    requestIdOf('key', 0, { ...input, prompt: 'y' }),
  ];
  expect(new Set([id, ...others]).size).toBe(4);
});
