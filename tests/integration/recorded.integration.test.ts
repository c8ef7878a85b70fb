import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { recordRun } from '../../server/evaluation/recorded/write';
import { seedRecorded } from '../../server/evaluation/recorded/seed';
import { lookAt } from '../../server/evaluation/recorded/redraw-queue';
import { awaitImages } from '../../server/evaluation/redraw/await-images';
import { reportRun } from '../../server/evaluation/report';
import { serveImage } from '../../server/api/web/images';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { evaluationOf, firstEdits } from '../support/evaluation';
import { publish } from '../support/runs';
import { createStudio, type TestStudio } from '../support/studio';

/** A run that is measured in one installation, shipped as files, and looked at in another. */
let databases: TestDatabase[];
let here: TestStudio;
let there: TestStudio;
let modelDir: string;
let run: string;
beforeAll(async () => {
  modelDir = await mkdtemp(path.join(tmpdir(), 'studio-recorded-'));
  databases = [await createTestDatabase(inject('adminUrl')), await createTestDatabase(inject('adminUrl'))];
  here = await createStudio(databases[0]!.url);
  there = await createStudio(databases[1]!.url);
  const runs = evaluationOf(databases[0]!.url, here);
  await runs.ready;
  await here.worker();
  run = await runs.start('synthetic-edits', firstEdits(3), { revision: await runs.stub() });
  await runs.reaches(run, 'done');
  await publish(databases[0]!.db, run);
  await runs.close();
  // The folder is not there yet.
  await recordRun(databases[0]!.db, run, path.join(modelDir, 'evaluation'), 'edits');
});
afterAll(async () => {
  await here.close();
  await there.close();
  for (const database of databases) await database.drop();
  await rm(modelDir, { recursive: true, force: true });
});

const samplesOf = async ({ services }: TestStudio) => {
  const { rows } = await services.db.pool.query<{ hash: string; scores: unknown }>(
    `SELECT i.position, s.repeat, s.state, s.picture_hash AS hash, s.text, s.error,
       (SELECT jsonb_object_agg(c.metric, c.value) FROM score c WHERE c.sample_id = s.id) AS scores
     FROM sample s JOIN item i ON i.id = s.item_id WHERE s.run_id = $1 ORDER BY i.position, s.repeat`,
    [run],
  );
  return rows;
};

const get = ({ services }: TestStudio, hash: string, query = '') =>
  serveImage(new Request(`http://localhost/api/images/${hash}${query}`), hash, services);

test('a recorded run comes in once, as it was', async () => {
  const { db } = there.services;
  expect(await Promise.all([seedRecorded(db, modelDir), seedRecorded(db, modelDir)])).toContain(1);
  expect(await seedRecorded(db, modelDir)).toBe(0);
  const [original, recorded] = [await reportRun(here.services.db, run), await reportRun(db, run)];
  // What it was made with is known by the hashes of its files.
  const { cache: _, ...provenance } = original.provenance as Record<string, unknown>;
  expect(recorded).toMatchObject({
    ...original,
    provenance,
    model: { ...original.model, files: recorded.model.files },
  });
  expect(await samplesOf(there)).toEqual(await samplesOf(here));
  expect(await db.prisma.evaluationRun.findUnique({ where: { id: run } })).toMatchObject({ recorded: true });
});

test('a queue of its samples has their pictures made before a reviewer waits for them', async () => {
  const reviewer = await there.asUser(await there.user('reviewer'));
  await reviewer.reviews.create({
    name: 'recorded',
    rubric: { questions: [{ type: 'verdict' as const, question: 'Right?' }] },
    source: { from: 'run', runId: run },
    requestId: randomUUID(),
  });
  const { rows } = await there.services.db.pool.query<{ key: string }>(
    `SELECT key FROM graphile_worker.jobs WHERE task_identifier = 'remake-picture.v1'`,
  );
  const samples = await samplesOf(there);
  expect(rows.map(({ key }) => key)).toEqual(
    expect.arrayContaining(samples.map(({ hash }) => `remake-ahead:${hash}`)),
  );
  // Each with its source and target.
  expect(rows).toHaveLength(9);
});

const jobs = async () => {
  const { rows } = await there.services.db.pool.query<{ key: string }>(
    `SELECT key FROM graphile_worker.jobs WHERE key LIKE 'remake:%' ORDER BY priority, run_at, id`,
  );
  return rows.map(({ key }) => key.slice('remake:'.length));
};

test('without a worker a page is told so, and its images are wanted in its order as long as it looks', async () => {
  const hashes = (await samplesOf(there)).map(({ hash }) => hash).reverse();
  const page = there.as();
  // How it stands is told at once, where the page does not want to wait.
  expect(await page.images.wait({ hashes, served: false, hold: false })).toEqual({
    images: [],
    served: false,
  });
  // What the page believes is wrong: it is told at once.
  expect(await page.images.wait({ hashes, served: true })).toEqual({ images: [], served: false });
  expect(await page.images.workers()).toEqual({ any: false, serves: false });
  expect(await jobs()).toEqual(hashes);
  const leaves = new AbortController();
  const stays = new AbortController();
  const wait = (wanted: string[], signal: AbortSignal) =>
    awaitImages(
      there.services,
      { user: null, visitorIds: [] },
      { hashes: wanted, served: false },
      { signal },
    );
  const gone = wait(hashes, leaves.signal);
  const other = wait(hashes.slice(0, 1), stays.signal);
  await expect.poll(jobs).toEqual(hashes);
  leaves.abort();
  await gone;
  // Somebody else looks at one of them still; whose question comes while the first ends, asks for it again.
  await expect.poll(jobs).toEqual(hashes.slice(0, 1));
  stays.abort();
  await other;
  expect(await jobs()).toEqual([]);
});

test('a page that waits is told when a worker comes, and what nobody can draw', async () => {
  const [first] = await samplesOf(there);
  const unknown = '0'.repeat(64);
  expect(await there.as().images.wait({ hashes: [unknown, first!.hash], served: false })).toEqual({
    images: [{ hash: unknown, state: 'none' }],
    served: false,
  });
  const told = there.as().images.wait({ hashes: [first!.hash], served: false });
  // One that only measures is none that draws.
  const measures = await there.worker({ only: 'evaluation' });
  expect(await there.as().images.workers()).toEqual({ any: true, serves: false });
  const worker = await there.worker();
  expect((await told).served).toBe(true);
  await Promise.all([measures.stop(), worker.stop()]);
  await there.services.blobs.remove(first!.hash);
});

test('what nobody looks at any more is not made', async () => {
  const { db, blobs } = there.services;
  const [first, second] = await samplesOf(there);
  await lookAt(db.pool, [first!.hash, second!.hash]);
  await db.pool.query(
    `UPDATE graphile_worker._private_jobs SET payload = jsonb_set(payload::jsonb, '{until}', '1')::json
     WHERE key = 'remake:' || $1`,
    [first!.hash],
  );
  const worker = await there.worker();
  while (!(await blobs.has(second!.hash)))
    await there.as().images.wait({ hashes: [second!.hash], served: true });
  expect(await blobs.has(first!.hash)).toBe(false);
  await worker.stop();
  await blobs.remove(second!.hash);
});

test('its pictures are made again when somebody looks, and are the same', async () => {
  const [first, second] = await samplesOf(there);
  // Nobody is there to make them: the browser is told to come again, at once and not as an error.
  const pending = await get(there, first!.hash);
  expect([pending.status, pending.headers.get('retry-after')]).toEqual([202, '1']);
  const worker = await there.worker();
  const made = await untilMade(first!.hash);
  expect(made.equals(await bytesOf(await get(here, first!.hash)))).toBe(true);
  const small = await untilMade(second!.hash, '?size=160');
  expect(small.length).toBeGreaterThan(0);
  const { rows } = await there.services.db.pool.query<{ hash: string }>(
    `SELECT p.hash FROM item_picture p JOIN item i ON i.id = p.item_id ORDER BY i.position, p.position`,
  );
  expect(rows).toHaveLength(6);
  for (const { hash } of rows)
    expect((await untilMade(hash)).equals(await bytesOf(await get(here, hash)))).toBe(true);
  await worker.stop();
});

test('a picture that comes out otherwise is shown in its place, and the sample says so', async () => {
  const { db, blobs } = there.services;
  const [, , third] = await samplesOf(there);
  // As if another processor had made the one that was scored.
  const other = 'b'.repeat(64);
  await db.pool.query(
    `INSERT INTO blob (hash, media_type, size, width, height) VALUES ('${other}', 'image/png', 1, 16, 16)`,
  );
  await db.pool.query(`UPDATE sample SET picture_hash = '${other}' WHERE picture_hash = $1`, [third!.hash]);
  await blobs.remove(third!.hash);
  const worker = await there.worker();
  const asked = await untilThere(other);
  expect([asked.status, asked.headers.get('location')]).toEqual([307, `/api/images/${third!.hash}`]);
  const row = await db.prisma.sample.findFirst({ where: { recordedHash: other } });
  expect(row?.pictureHash).toBe(third!.hash);
  await worker.stop();
});

test('a picture of another model is not to be had, and no other is put in its place', async () => {
  const { db } = there.services;
  await db.pool.query(
    `UPDATE model_revision SET manifest_hash = '${'c'.repeat(64)}' WHERE manifest_hash = '${'a'.repeat(64)}'`,
  );
  const [first] = await samplesOf(there);
  await there.services.blobs.remove(first!.hash);
  const worker = await there.worker();
  await worker.modelSettled;
  expect(await there.as().images.wait({ hashes: [first!.hash], served: true })).toEqual({
    images: [{ hash: first!.hash, state: 'failed' }],
    served: true,
  });
  expect((await samplesOf(there))[0]!.hash).toBe(first!.hash);
  await worker.stop();
});

test('the shipped runs can be read', async () => {
  const folder = path.join(import.meta.dirname, '../../models/nexus-gen-nano');
  const packed = (await readdir(path.join(folder, 'evaluation'))).filter((name) => name.endsWith('.gz'));
  expect(packed.length).toBeGreaterThan(0);
  const fresh = await createTestDatabase(inject('adminUrl'));
  expect(await seedRecorded(fresh.db, folder)).toBe(packed.length);
  const counts = await fresh.db.pool.query(
    `SELECT r.id FROM evaluation_run r WHERE r.item_count * r.repeats <>
       (SELECT count(*) FROM sample s WHERE s.run_id = r.id)`,
  );
  expect(counts.rows).toEqual([]);
  await fresh.drop();
});

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

/** As pages do: what is not there yet is waited for, and loaded then. */
async function untilThere(hash: string, query = ''): Promise<Response> {
  for (;;) {
    const response = await get(there, hash, query);
    if (response.status !== 202) return response;
    await there.as().images.wait({ hashes: [hash], served: true });
  }
}

async function untilMade(hash: string, query = ''): Promise<Buffer> {
  const response = await untilThere(hash, query);
  expect(response.status).toBe(200);
  return bytesOf(response);
}
