import { randomUUID } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import type pg from 'pg';
import sharp from 'sharp';
import { openBlobs } from '../../server/platform/blobs/open';
import { storePicture } from '../../server/platform/blobs/pictures';
import type { CreateQueue, Rubric } from '../../server/reviews/schema';
import { withDatabase } from './sign-in';

/** Runs and queues of the product under test, without waiting for a model. */

type Kind = 'generate' | 'edit' | 'understand';

export const verdictRubric: Rubric = {
  questions: [
    { type: 'verdict', question: 'Does the picture show what was asked for?' },
    { type: 'comment', need: 'optional' },
  ],
};

export const wholeRubric: Rubric = {
  questions: [
    { type: 'verdict', question: 'Does the picture show what was asked for?' },
    {
      type: 'scale',
      key: 'looks',
      name: 'How does it look?',
      anchors: ['broken', 'poor', 'fair', 'good', 'perfect'],
    },
    {
      type: 'scale',
      key: 'source',
      name: 'What else was changed?',
      anchors: ['Nearly everything', 'Large parts', 'Some things', 'Small things', 'Nothing at all'],
    },
    {
      type: 'tags',
      tags: [
        { key: 'colour', label: 'Wrong colour' },
        { key: 'count', label: 'Wrong number' },
        { key: 'artefacts', label: 'Artefacts' },
      ],
    },
    { type: 'comment', need: 'optional' },
  ],
};

const hex = () => randomUUID().replaceAll('-', '').padEnd(64, '0');

/** A picture that is told from others at a glance: n dots on a ground of its own. */
async function drawing(n: number, dots: string): Promise<Buffer> {
  const circles = Array.from({ length: (n % 6) + 1 }, (_, i) => {
    const [x, y] = [110 + (i % 3) * 145, 160 + Math.floor(i / 3) * 190];
    return `<circle cx="${x}" cy="${y}" r="62" fill="${dots}"/><rect x="${x - 4}" y="${y - 84}" width="8" height="30" fill="#4b2e16"/>`;
  });
  const ground = `hsl(${(n * 47) % 360} 28% ${72 + (n % 4) * 5}%)`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512"><rect width="512" height="512" fill="${ground}"/>${circles.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

async function store(client: pg.Client, n: number, dots: string): Promise<string> {
  const blobs = openBlobs(process.env.STUDIO_TEST_HOME ?? '');
  const info = { mediaType: 'image/png', width: 512, height: 512 };
  const db = { pool: client } as unknown as Parameters<typeof storePicture>[0]['db'];
  return (await storePicture({ db, blobs }, await drawing(n, dots), info)).hash;
}

const prompts: Record<Kind, (n: number) => object> = {
  generate: (n) => ({ tag: 'counting', prompt: `a photo of ${(n % 6) + 1} red apples` }),
  edit: (n) => ({ instruction: `make the ${(n % 6) + 1} apples green`, caption: 'green apples' }),
  understand: (n) => ({
    question: 'How many apples are there?',
    kind: 'choice',
    options: ['one or two', 'three or four', 'five or six'],
    answer: 'ABC'[Math.floor((n % 6) / 2)],
  }),
};

/** A version of a benchmark with items of a kind. @returns its id */
export const makeBenchmark = (kind: Kind, items: number): Promise<string> =>
  withDatabase(async (client) => {
    const version = randomUUID();
    await client.query(
      `WITH b AS (INSERT INTO benchmark (id, name, title, task, synthetic) VALUES (gen_random_uuid(), $2, $3, $4, true)
         ON CONFLICT (name) DO UPDATE SET title = excluded.title RETURNING id)
       INSERT INTO benchmark_version (id, benchmark_id, dataset_hash, protocol, item_count)
       SELECT $1, id, $5, 'of the journeys', $6 FROM b`,
      [version, `journey-${kind}`, `Journey, ${kind}`, kind, hex(), items],
    );
    for (let n = 0; n < items; n++) {
      const id = randomUUID();
      await client.query(
        `INSERT INTO item (id, version_id, position, key, "group", data) VALUES ($1, $2, $3, $4, $5, $6)`,
        [id, version, n, `item-${n}`, n % 2 ? 'counting' : 'colours', prompts[kind](n)],
      );
      if (kind !== 'generate')
        await client.query(
          `INSERT INTO item_picture (item_id, position, name, hash) VALUES ($1, 0, $2, $3)`,
          [...[id, kind === 'edit' ? 'source' : 'image 1', await store(client, n, '#c0281c')]],
        );
    }
    return version;
  });

/** A finished run on a version; `dots` is the colour by which its pictures are known. @returns its id */
export const makeRun = (version: string, model: string, dots: string): Promise<string> =>
  withDatabase(async (client) => {
    const run = randomUUID();
    const { rows: items } = await client.query<{ id: string; position: number; task: Kind }>(
      `SELECT i.id, i.position, b.task FROM item i JOIN benchmark_version v ON v.id = i.version_id
       JOIN benchmark b ON b.id = v.benchmark_id WHERE i.version_id = $1 ORDER BY i.position`,
      [version],
    );
    await client.query(
      `WITH m AS (INSERT INTO model (id, name) VALUES (gen_random_uuid(), $3)
         ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id),
       v AS (INSERT INTO model_revision (id, model_id, kind, manifest_hash, version, manifest, activated_at)
         SELECT gen_random_uuid(), id, 'imported', $4, '1.0', '{}', NULL FROM m RETURNING id)
       INSERT INTO evaluation_run (id, revision_id, version_id, state, settings, items, item_count, repeats, evaluators,
         fingerprint, fingerprint_of, provenance, summary, incomplete, finished_at)
       SELECT $1, v.id, $2, 'done', '{}', '{}', $5, 1, '{}', $4, '{}', '{}', '{}', false, now() FROM v`,
      [run, version, model, hex(), items.length],
    );
    for (const { id, position, task } of items) {
      const answers = task === 'understand';
      await client.query(
        `INSERT INTO sample (id, run_id, item_id, repeat, state, picture_hash, text) VALUES ($1, $2, $3, 0, 'scored', $4, $5)`,
        [
          ...[randomUUID(), run, id, answers ? null : await store(client, position, dots)],
          answers ? `There are ${(position % 6) + 1} apples, so the answer is B.` : null,
        ],
      );
    }
    return run;
  });

/** A queue made by whoever is signed in. @returns its id */
export async function makeQueue(
  page: Page,
  source: CreateQueue['source'],
  given: Partial<CreateQueue> = {},
): Promise<string> {
  const rubric = source.from === 'pair' ? null : verdictRubric;
  const json: CreateQueue = { name: 'Apples', source, rubric, ...given, requestId: randomUUID() };
  const response = await page.request.post('/api/trpc/reviews.create', { data: { json } });
  expect(response.ok(), await response.text()).toBe(true);
  const body = (await response.json()) as { result: { data: { json: { id: string } } } };
  return body.result.data.json.id;
}

/** What the record has of a queue, oldest first. */
export const recordOf = (queueId: string) =>
  withDatabase(async (client) => {
    const { rows } = await client.query<{
      kind: string;
      answers: { verdict?: string; comment?: string };
      reason: string;
    }>('SELECT kind, answers, reason FROM review WHERE queue_id = $1 ORDER BY seq', [queueId]);
    return rows;
  });
