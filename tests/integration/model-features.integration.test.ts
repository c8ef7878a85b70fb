import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { loadManifest, type Manifest } from '../../models/runtime';
import { polishPrompt } from '../../server/demo/jobs/polish';
import { readPngSettings } from '../../server/demo/png-settings';
import { activateRevision } from '../../server/inference/registry';
import { pictureCheckJob } from '../../server/inference/queue/definition';
import { addJob } from '../../server/inference/queue/queue';
import type { StudioWorker } from '../../server/worker/worker';
import { serveImage } from '../../server/api/web/images';
import { receiveUpload } from '../../server/api/web/uploads';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { tinyModel } from '../support/paths';
import { createStudio, type TestStudio } from '../support/studio';

/** Negative prompts, polishing, the check of uploads and the settings in results, with a stub in place of the model. */

let database: TestDatabase;
let studio: TestStudio;
let folder: string;
/** A model with polishing by itself and a threshold of a half. */
let modelDir: string;
let tiny: Manifest;

beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  folder = await mkdtemp(path.join(tmpdir(), 'studio-models-'));
  ({ manifest: tiny } = await loadManifest(tinyModel));
  modelDir = await modelWith('gifted', {
    world: { reconstruction_error: 0.5, steps: 1 },
    polishing: { by: 'model', instruction: { en: 'steps=2 {}', zh: 'steps=2 {} 加长' } },
  });
});
afterAll(async () => {
  await studio.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** A model directory as far as the stub needs one. */
async function modelWith(name: string, more: Partial<Manifest>): Promise<string> {
  const dir = path.join(folder, name);
  await cp(tinyModel, dir, { recursive: true });
  await writeFile(path.join(dir, 'manifest.json'), JSON.stringify({ ...tiny, name, ...more }));
  return dir;
}

/** A worker whose model is the active one when this resolves. */
async function workerWith(dir: string): Promise<StudioWorker> {
  const { manifest, hash } = await loadManifest(dir, { verify: 'sizes' });
  await activateRevision(studio.services.db, { manifest, hash });
  const worker = await studio.worker({ modelDir: dir });
  await worker.modelSettled;
  return worker;
}

const visitorId = randomUUID();
const headers = { cookie: `studio_visitor=${visitorId}` };
const upload = async (background: string, width = 20) => {
  const body = await sharp({ create: { width, height: 20, channels: 3, background } })
    .png()
    .toBuffer();
  const request = new Request('http://localhost/api/uploads', {
    ...{ method: 'POST', headers, body: new Uint8Array(body) },
  });
  const response = await receiveUpload(request, studio.services);
  expect(response.status).toBe(201);
  return ((await response.json()) as { hash: string }).hash;
};
const image = async (hash: string, query = '') =>
  serveImage(new Request(`http://localhost/api/images/${hash}${query}`, { headers }), hash, studio.services);
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

test('an upload is checked once, before all jobs, and a failed check is only unavailable', async () => {
  const me = studio.as(visitorId);
  const { manifest, hash: manifestHash } = await loadManifest(modelDir, { verify: 'sizes' });
  await activateRevision(studio.services.db, { manifest, hash: manifestHash });
  expect((await me.demo.model()).worldError).toBe(0.5);
  const white = await upload('#fff');
  const [black, damned] = [await upload('#000'), await upload('#000', 13)];
  await upload('#fff');
  for (const hash of [white, black, damned])
    expect(await me.demo.pictureCheck({ hash })).toEqual({ state: 'pending', outside: null, error: null });
  const { id } = await me.demo.submit({ task: 'generate', prompt: 'last in line' });

  const worker = await workerWith(modelDir);
  expect(await studio.reaches(id, 'done', 'failed')).toBe('done');
  expect(await me.demo.pictureCheck({ hash: white })).toEqual({ state: 'done', outside: false, error: 0 });
  expect(await me.demo.pictureCheck({ hash: black })).toEqual({ state: 'done', outside: true, error: 1 });
  const unavailable = { state: 'unavailable', outside: null, error: null };
  expect(await me.demo.pictureCheck({ hash: damned })).toEqual(unavailable);
  expect(await me.demo.pictureCheck({ hash: 'f'.repeat(64) })).toEqual(unavailable);

  // What is stored stays: neither another upload nor a job that comes twice makes it anew.
  await studio.services.db.pool.query('UPDATE picture_check SET error = 0.25 WHERE hash = $1', [white]);
  await upload('#fff');
  const { id: revisionId } = await studio.services.db.prisma.modelRevision.findFirstOrThrow({
    where: { manifestHash },
  });
  await addJob(
    studio.services.db.pool,
    pictureCheckJob,
    { hash: white, revisionId },
    { key: 'twice', priority: -1 },
  );
  const after = await me.demo.submit({ task: 'generate', prompt: 'after' });
  expect(await studio.reaches(after.id, 'done', 'failed')).toBe('done');
  expect(await me.demo.pictureCheck({ hash: white })).toMatchObject({ error: 0.25 });
  await worker.stop();
});

test('a result carries its settings, the same for the same request, and a plain copy does not', async () => {
  const worker = await workerWith(modelDir);
  const me = studio.as(visitorId);
  const settings = {
    task: 'generate',
    prompt: 'zwei Äpfel 苹果',
    negativePrompt: ' red ',
    guidance: 2,
    seed: 5,
  } as const;
  const made = [];
  for (const visitor of [me, studio.as()]) {
    const { id } = await visitor.demo.submit(settings);
    expect(await studio.reaches(id, 'done', 'failed')).toBe('done');
    made.push(await visitor.demo.get({ id }));
  }
  expect(made[1]!.picture).toEqual(made[0]!.picture);
  expect(made[0]!.parameters).toMatchObject({ negativePrompt: 'red', guidance: 2, seed: 5 });
  const { hash } = made[0]!.picture!;
  const file = await bytesOf(await image(hash, '?download=a.png'));
  expect(await readPngSettings(new Blob([new Uint8Array(file)]))).toEqual({
    ...{ task: 'generate', prompt: settings.prompt, language: 'zh' },
    parameters: { width: 64, height: 64, steps: 4, guidance: 2, seed: 5, negativePrompt: 'red' },
    ...{ model: 'gifted', version: '1', notTaken: [] },
  });
  const response = await image(hash, '?download=a.png&plain=1');
  expect(response.headers.get('content-disposition')).toContain('a.png');
  const plain = await bytesOf(response);
  expect(Number(response.headers.get('content-length'))).toBe(plain.length);
  expect(await readPngSettings(new Blob([new Uint8Array(plain)]))).toBeNull();
  expect(plain.includes('red')).toBe(false);
  expect(await sharp(plain).raw().toBuffer()).toEqual(await sharp(file).raw().toBuffer());

  // An edit names its decoder, and nothing of its source.
  const edit = await me.demo.submit({ task: 'edit', prompt: 'greener', sourceHash: hash, seed: 1 });
  expect(await studio.reaches(edit.id, 'done', 'failed')).toBe('done');
  const edited = await bytesOf(await image((await me.demo.get(edit)).picture!.hash));
  expect(await readPngSettings(new Blob([new Uint8Array(edited)]))).toMatchObject({
    task: 'edit',
    parameters: { decoder: 'editing' },
  });
  expect(edited.includes(hash)).toBe(false);
  await worker.stop();
});

test('a negative prompt is refused for a question and when too long, and an empty one is none', async () => {
  const me = studio.as();
  expect((await me.demo.model()).negativePrompt).toBe(true);
  await expect(
    me.demo.submit({ task: 'understand', prompt: 'what?', negativePrompt: 'red' }),
  ).rejects.toMatchObject({ message: expect.stringContaining('not supported for questions') });
  await expect(
    me.demo.submit({ task: 'generate', prompt: 'a', negativePrompt: 'x'.repeat(501) }),
  ).rejects.toMatchObject({ message: expect.stringContaining('the limit is 500') });
  for (const task of ['generate', 'understand'] as const) {
    const { id } = await me.demo.submit({ task, prompt: 'a', negativePrompt: ' ' });
    expect((await me.demo.get({ id })).parameters).not.toHaveProperty('negativePrompt');
    await me.demo.cancel({ id });
  }
});

test('the model polishes a prompt in a job that leaves nothing behind', async () => {
  const worker = await workerWith(modelDir);
  const me = studio.as();
  expect((await me.demo.model()).polishing).toBe('model');
  expect(await me.demo.polish({ prompt: 'apple', language: 'auto' })).toEqual({
    prompt: 'word1 word2',
    by: 'model',
  });
  expect((await me.demo.list({})).items).toEqual([]);
  await expect(me.demo.polish({ prompt: ' ', language: 'en' })).rejects.toMatchObject({
    message: expect.stringContaining('The prompt is empty'),
  });
  // The stub dies of it twice, so the job fails.
  await expect(me.demo.polish({ prompt: 'crash-at=1', language: 'en' })).rejects.toMatchObject({
    cause: { reason: 'POLISHING_FAILED' },
  });
  expect((await me.demo.list({})).items).toEqual([]);
  await worker.stop();

  // Nobody works: the patience ends, and the job does not stay in the queue.
  const visitor = '00000000-0000-4000-8000-000000000001';
  await expect(
    polishPrompt(studio.services, visitor, { prompt: 'apple', language: 'en' }, { patienceMs: 50 }),
  ).rejects.toMatchObject({ reason: 'POLISHING_TOOK_TOO_LONG' });
  expect((await studio.as(visitor).demo.list({})).items).toEqual([]);
});

test('rules polish where the manifest names them, and a model without polishing says so', async () => {
  const me = studio.as();
  const { db } = studio.services;
  const polishing = { by: 'template', rules: 'scenes' } as const;
  await activateRevision(db, { manifest: { ...tiny, name: 'ruled', polishing }, hash: 'c'.repeat(64) });
  expect(await me.demo.polish({ prompt: '2 red apples' })).toEqual({
    ...{ prompt: 'a photo of two red apples', by: 'template' },
  });
  expect(await me.demo.polish({ prompt: '两个苹果', language: 'auto' })).toMatchObject({
    prompt: '一张两个苹果的照片',
  });
  expect(await me.demo.polish({ prompt: '<b>apple</b>' })).toMatchObject({ by: 'template' });
  // One that would become longer than a prompt may be stays.
  const long = `${'apple '.repeat(82)}cat`;
  expect((await me.demo.polish({ prompt: long })).prompt).toBe(long);

  await activateRevision(db, { manifest: { ...tiny, name: 'bare' }, hash: 'd'.repeat(64) });
  await expect(me.demo.polish({ prompt: 'apple' })).rejects.toMatchObject({
    cause: { reason: 'NO_POLISHING' },
  });
  const hash = await upload('#123456');
  expect(await me.demo.pictureCheck({ hash })).toMatchObject({ state: 'unavailable' });
  const { rows } = await db.pool.query(`SELECT 1 FROM graphile_worker.jobs WHERE key LIKE $1`, [
    `picture-check:${hash}%`,
  ]);
  expect(rows).toEqual([]);
});

test('the shipped manifest names a threshold and rules', async () => {
  const text = await readFile(
    path.join(import.meta.dirname, '../../models/nexus-gen-nano/manifest.json'),
    'utf8',
  );
  expect(JSON.parse(text)).toMatchObject({
    polishing: { by: 'template' },
    world: { reconstruction_error: expect.any(Number), steps: expect.any(Number) },
  });
});
