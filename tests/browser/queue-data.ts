import { randomUUID } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import sharp from 'sharp';
import superjson from 'superjson';
import type { Answers, Lease } from '../../server/reviews/schema';
import { withDatabase } from './sign-in';

/** What journeys of the reviews need before they begin: runs without a model, and reviews of other people. */

const digest = () => randomUUID().replaceAll('-', '').padEnd(64, '0');

/** A picture of so many dots on a coloured ground, as a PNG. */
export function dots(count: number, ground: string): Promise<Buffer> {
  const circles = Array.from(
    { length: count },
    (_, index) =>
      `<circle cx="${48 + (index % 3) * 80}" cy="${64 + Math.floor(index / 3) * 90}" r="30" fill="#b3261e"/>`,
  ).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><rect width="256" height="256" fill="${ground}"/>${circles}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

/** Sends pictures as the person who is signed in on the page. @returns their hashes */
export async function storePictures(page: Page, pictures: readonly Buffer[]): Promise<string[]> {
  const hashes: string[] = [];
  for (const data of pictures) {
    const answer = await page.request.post('/api/reviews/uploads', {
      data,
      headers: { 'content-type': 'image/png' },
    });
    expect(answer.status()).toBe(201);
    hashes.push(((await answer.json()) as { hash: string }).hash);
  }
  return hashes;
}

/** A benchmark of "n apples" in two groups. @returns the id of its version */
export const makeBenchmark = (items: number): Promise<string> =>
  withDatabase(async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `WITH b AS (INSERT INTO benchmark (id, name, title, task, synthetic)
         VALUES (gen_random_uuid(), 'geneval', 'GenEval', 'generate', false)
         ON CONFLICT (name) DO UPDATE SET title = excluded.title RETURNING id)
       INSERT INTO benchmark_version (id, benchmark_id, dataset_hash, protocol, item_count)
       SELECT gen_random_uuid(), id, $1, 'geneval 2', $2 FROM b RETURNING id`,
      [digest(), items],
    );
    const id = rows[0]?.id ?? '';
    await client.query(
      `INSERT INTO item (id, version_id, position, key, "group", data)
       SELECT gen_random_uuid(), $1, n, 'item-' || n, CASE n % 2 WHEN 0 THEN 'colors' ELSE 'counting' END,
         jsonb_build_object('tag', 'counting', 'prompt', 'a photo of ' || (n + 1) || ' apples')
       FROM generate_series(0, $2::int - 1) n`,
      [id, items],
    );
    return id;
  });

/**
 * A finished run of a model of that name: every third sample is wrong, beginning with the first.
 * @param pictures hashes that its samples show by turns
 */
export const makeRun = (version: string, model: string, pictures: readonly string[]): Promise<string> =>
  withDatabase(async (client) => {
    const id = randomUUID();
    await client.query(
      `WITH m AS (INSERT INTO model (id, name) VALUES (gen_random_uuid(), $3)
         ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id),
       v AS (INSERT INTO model_revision (id, model_id, kind, manifest_hash, version, manifest, activated_at)
         SELECT gen_random_uuid(), id, 'imported', $4, '1.0', '{}', NULL FROM m RETURNING id)
       INSERT INTO evaluation_run (id, revision_id, version_id, state, settings, items, item_count, repeats, evaluators,
         fingerprint, fingerprint_of, provenance, summary, incomplete, finished_at)
       SELECT $1, v.id, $2, 'done', '{}', '{}', b.item_count, 1, '{}', $4, '{}', '{}', '{}', false, now()
       FROM v, benchmark_version b WHERE b.id = $2`,
      [id, version, model, digest()],
    );
    await client.query(
      `WITH s AS (INSERT INTO sample (id, run_id, item_id, repeat, state, picture_hash, value, correct, reason)
         SELECT gen_random_uuid(), $1, id, 0, 'scored', ($3::text[])[1 + position % cardinality($3::text[])],
           (position % 3 <> 0)::int, position % 3 <> 0,
           CASE WHEN position % 3 = 0 THEN 'expected ' || (position + 1) || ' apples, found another number' END
         FROM item WHERE version_id = $2 RETURNING id, correct, reason)
       INSERT INTO score (sample_id, metric, value, details)
       SELECT id, 'correct', correct::int, jsonb_build_object('reason', coalesce(reason, '')) FROM s`,
      [id, version, pictures],
    );
    return id;
  });

/** Calls a procedure that changes something, as the person who is signed in on the page. */
async function call<T>(page: Page, path: string, input: unknown): Promise<T> {
  const answer = await page.request.post(`/api/trpc/${path}`, { data: superjson.serialize(input) });
  const body = (await answer.json()) as { result?: { data: never }; error?: unknown };
  if (!body.result) throw new Error(`${path}: ${JSON.stringify(body.error)}`);
  return superjson.deserialize<T>(body.result.data);
}

/**
 * Reviews what is open to the person who is signed in on the page.
 * @param answer by the item's position in the queue
 * @param most of so many items at most
 */
export async function reviewAll(
  page: Page,
  queueId: string,
  answer: (position: number) => Partial<Answers>,
  most = Infinity,
): Promise<number> {
  for (let done = 0; done < most;) {
    const { leases } = await call<{ leases: Lease[] }>(page, 'reviews.next', { queueId, count: 1 });
    const [lease] = leases;
    if (!lease) return done;
    const answers = {
      ...{ verdict: null, scales: {}, tags: [], comment: '', choice: null },
      ...answer(lease.item.position),
    };
    await call(page, 'reviews.submit', {
      ...{ taskId: lease.item.taskId, lease: lease.lease, answers, spentMs: 4200 },
      requestId: randomUUID(),
    });
    done++;
  }
  return most;
}
