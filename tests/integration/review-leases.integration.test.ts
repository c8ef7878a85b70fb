import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { fail, pass, reviewsOf, type Member } from '../support/reviews';
import { createStudio, type TestStudio } from '../support/studio';

/**
 * Twenty reviewers on seven hundred items at once, who leave in the middle: holding leases, with their answer lost on its
 * way, or twice on it. Nobody waits: leases are moved into the past where five minutes are to have gone by.
 */
let database: TestDatabase;
let studio: TestStudio;
let team: ReturnType<typeof reviewsOf>;
let reviewers: Member[];
let maker: Member;
let run: string;
const items = 700;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  team = reviewsOf(studio);
  maker = await team.member('reviewer', 'Maker');
  reviewers = await Promise.all(Array.from({ length: 20 }, (_, i) => team.member('reviewer', `R${i}`)));
  run = await team.run(await team.benchmark(items));
});
afterAll(async () => {
  await studio.close();
  await database.drop();
});

/** mulberry32: the same draws at every run of the test. */
function drawer(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Told {
  submitted: number;
  vanished: number;
  late: number;
  lost: number;
}

/** Works until nothing is left for them, or `most` reviews are done. */
async function work(
  member: Member,
  queueId: string,
  draw: () => number,
  told: Told,
  most = Infinity,
): Promise<number> {
  let done = 0;
  let holding: string[] = [];
  while (done < most) {
    const { leases } = await member.api.reviews.next({ queueId, holding, count: 3 });
    const [lease] = leases;
    if (!lease) return done;
    const chance = draw();
    if (chance < 0.04) {
      // The browser died; its leases run out, and others may take them.
      await team.vanish(member);
      told.vanished++;
      holding = [];
      continue;
    }
    const late = chance < 0.08;
    // Typed for longer than the lease was good for.
    if (late) await team.vanish(member);
    const requestId = crypto.randomUUID();
    const send = () => team.submit(member, lease, draw() < 0.8 ? pass : fail, requestId);
    const sent = await send().catch((error: unknown) => error);
    if (sent instanceof Error) {
      expect(sent).toMatchObject({ cause: { reason: 'LEASE_LOST' } });
      expect(late).toBe(true);
      told.lost++;
    } else {
      done++;
      told.submitted++;
      if (late) told.late++;
      // The answer was lost on its way back, and the page sends again.
      if (chance > 0.95) expect(await send()).toEqual(sent);
    }
    holding = leases.slice(1).map(({ item }) => item.taskId);
  }
  return done;
}

test.each([1, 2])(
  'with %i reviews an item: none done too often, none lost, nobody starved',
  async (reviewsPerItem) => {
    const queueId = await team.queue(maker, run, { reviewsPerItem });
    const told: Told = { submitted: 0, vanished: 0, late: 0, lost: 0 };
    const share = Math.floor((items * reviewsPerItem) / reviewers.length / 2);
    // Half of it together, so that everybody gets something; then whoever is fast.
    const early = await Promise.all(
      reviewers.map((member, i) => work(member, queueId, drawer(100 * reviewsPerItem + i), told, share)),
    );
    expect(early).toEqual(reviewers.map(() => share));
    // Half of the reviewers leave for good, and what they hold comes back.
    const leaving = reviewers.slice(0, 10);
    await Promise.all(leaving.map((member) => team.vanish(member)));
    await Promise.all(reviewers.slice(10).map((member, i) => work(member, queueId, drawer(900 + i), told)));
    // What one of them held when another found nothing more.
    for (const member of reviewers.slice(10)) await work(member, queueId, () => 0.5, told);

    const { rows } = await database.db.pool.query<Record<string, number>>(
      `SELECT count(*)::int AS items, count(*) FILTER (WHERE given = needed)::int AS complete,
         count(*) FILTER (WHERE state <> 'open')::int AS settled, max(given) AS most, max(taken) AS taken,
         (SELECT count(*)::int FROM review_assignment a WHERE a.queue_id = $1 AND a.state = 'done') AS done,
         (SELECT count(DISTINCT (task_id, reviewer_id))::int FROM review WHERE queue_id = $1 AND kind = 'review') AS pairs,
         (SELECT count(*)::int FROM review WHERE queue_id = $1) AS record
       FROM review_task WHERE queue_id = $1`,
      [queueId],
    );
    const wanted = items * reviewsPerItem;
    expect(rows[0]).toEqual({
      ...{ items, complete: items, settled: items, most: reviewsPerItem, taken: reviewsPerItem },
      ...{ done: wanted, pairs: wanted, record: wanted },
    });
    expect(told.submitted).toBe(wanted);
    // It did happen: people left, and some came back in time.
    expect(told.vanished).toBeGreaterThan(10);
    expect(told.late).toBeGreaterThan(10);
    const counted = await maker.api.reviews.queue({ id: queueId });
    expect(counted).toMatchObject({ done: items, reviews: wanted, openToMe: 0 });
    expect(counted.reviewers.reduce((sum, { reviews }) => sum + reviews, 0)).toBe(wanted);
    expect(Math.min(...counted.reviewers.map(({ reviews }) => reviews))).toBeGreaterThanOrEqual(share);
  },
  120_000,
);
