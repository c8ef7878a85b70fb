import { randomUUID } from 'node:crypto';
import type { Me } from '../../server/accounts/schema';
import type { Answers, CreateQueue, Lease } from '../../server/reviews/schema';
import type { createCaller } from '../../server/api/root';
import { storeColour } from './results';
import type { TestStudio } from './studio';

export type Caller = ReturnType<typeof createCaller>;
export interface Member {
  me: Me;
  api: Caller;
}

export const verdictRubric: NonNullable<CreateQueue['rubric']> = {
  questions: [
    { type: 'verdict', question: 'Does it show what was asked for?' },
    { type: 'comment', need: 'optional' },
  ],
};

/** Answers with nothing in them but what is given. */
export const answers = (given: Partial<Answers>): Answers => ({
  ...{ verdict: null, scales: {}, tags: [], comment: '', choice: null },
  ...given,
});
export const pass = answers({ verdict: 'pass' });
export const fail = answers({ verdict: 'fail' });

/** People of the team, a benchmark, and runs on it with as many samples as are asked for, without any model. */
export function reviewsOf(studio: TestStudio) {
  const { db } = studio.services;
  return {
    async member(role: Me['role'], name?: string): Promise<Member> {
      const me = await studio.user(role, name);
      return { me, api: await studio.asUser(me) };
    },

    /** A version of GenEval's kind: items in two groups, by turns. */
    async benchmark(items: number): Promise<string> {
      const { rows } = await db.pool.query<{ id: string }>(
        `WITH b AS (INSERT INTO benchmark (id, name, title, task, synthetic) VALUES (gen_random_uuid(), 'geneval', 'GenEval', 'generate', false)
           ON CONFLICT (name) DO UPDATE SET title = excluded.title RETURNING id)
         INSERT INTO benchmark_version (id, benchmark_id, dataset_hash, protocol, item_count)
         SELECT gen_random_uuid(), id, $1, 'geneval 2', $2 FROM b RETURNING id`,
        [randomUUID().replaceAll('-', '').padEnd(64, '0'), items],
      );
      const version = rows[0]!.id;
      await db.pool.query(
        `INSERT INTO item (id, version_id, position, key, "group", data)
         SELECT gen_random_uuid(), $1, n, 'item-' || n, CASE n % 2 WHEN 0 THEN 'colors' ELSE 'counting' END,
           jsonb_build_object('tag', 'colors', 'prompt', 'a photo of ' || n || ' apples')
         FROM generate_series(0, $2::int - 1) n`,
        [version, items],
      );
      return version;
    },

    /** A finished run of a model: every third sample is wrong. @returns its id */
    async run(version: string, model = 'nexus-gen-nano'): Promise<string> {
      const { hash } = await storeColour(studio.services, '#c02020');
      const id = randomUUID();
      await db.pool.query(
        `WITH m AS (INSERT INTO model (id, name) VALUES (gen_random_uuid(), $3)
           ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id),
         v AS (INSERT INTO model_revision (id, model_id, kind, manifest_hash, version, manifest, activated_at)
           SELECT gen_random_uuid(), id, 'imported', $4, '1.0', '{}', NULL FROM m RETURNING id)
         INSERT INTO evaluation_run (id, revision_id, version_id, state, settings, items, item_count, repeats, evaluators,
           fingerprint, fingerprint_of, provenance, summary, incomplete, finished_at)
         SELECT $1, v.id, $2, 'done', '{}', '{}', b.item_count, 1, '{}', $4, '{}', '{}', '{}', false, now()
         FROM v, benchmark_version b WHERE b.id = $2`,
        [id, version, model, randomUUID().replaceAll('-', '').padEnd(64, '0')],
      );
      await db.pool.query(
        `WITH s AS (INSERT INTO sample (id, run_id, item_id, repeat, state, picture_hash, position, "group", correct, value, reason)
           SELECT gen_random_uuid(), $1, id, 0, 'scored', $3, position, "group", position % 3 <> 0,
             (position % 3 <> 0)::int, 'expected apples' FROM item WHERE version_id = $2 RETURNING id, item_id)
         INSERT INTO score (sample_id, metric, value, details)
         SELECT s.id, 'correct', (i.position % 3 <> 0)::int, jsonb_build_object('reason', 'expected apples')
         FROM s JOIN item i ON i.id = s.item_id`,
        [id, version, hash],
      );
      return id;
    },

    /** A queue of a run, with a verdict as its rubric. */
    async queue(
      maker: Member,
      runId: string,
      given: Partial<Omit<CreateQueue, 'requestId'>> = {},
    ): Promise<string> {
      const { id } = await maker.api.reviews.create({
        ...{ name: 'A queue', rubric: verdictRubric, source: { from: 'run', runId } },
        ...given,
        requestId: randomUUID(),
      });
      return id;
    },

    /** Moves every lease of somebody into the past, as if they had left five minutes ago. */
    async vanish({ me }: Member): Promise<void> {
      await db.pool.query(
        `UPDATE review_assignment SET lease_expires_at = now() - interval '1 second' WHERE user_id = $1 AND state = 'leased'`,
        [me.id],
      );
    },

    submit({ api }: Member, { item, lease }: Lease, given: Answers = pass, requestId: string = randomUUID()) {
      return api.reviews.submit({ taskId: item.taskId, lease, answers: given, requestId });
    },
  };
}
