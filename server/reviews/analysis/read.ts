import type pg from 'pg';
import { answersOf, type KeptAnswers } from '../kept';
import type { Choice } from '../questions/choice';
import { noteFields, type Answers } from '../questions/rubric';

/** Reviews that count: neither replaced nor withdrawn nor skipped, of items that are no longer open. */

export interface CountedReview {
  taskId: string;
  reviewerId: string;
  /** Without notes; a choice in the queue's order. */
  answers: Answers;
}

/**
 * SQL of the reviews `r` of items `t` that count, with the queue as `$1`. Items that are open do not: what was said of
 * them is hidden until it is all there, and figures would tell.
 */
export const countedReviews = `review r JOIN review_assignment a ON a.review_id = r.id AND a.state = 'done'
  JOIN review_task t ON t.id = r.task_id AND t.state <> 'open'`;

/**
 * SQL of what the reviewer of `r` said before reading others' answers to the item: `r` itself, unless it was changed in a
 * dispute.
 */
const firstSaid = `JOIN LATERAL (SELECT r.answers, r.choice WHERE NOT r.discussed UNION ALL
  (SELECT f.answers, f.choice FROM review f WHERE r.discussed AND f.task_id = r.task_id AND f.reviewer_id = r.reviewer_id
     AND f.kind = 'review' AND NOT f.discussed ORDER BY f.seq DESC LIMIT 1)) said ON true`;

/**
 * In no order.
 * @param which what reviewers say now, or what they said first, before they read each other's answers in a dispute
 */
export async function readReviews(
  db: Pick<pg.ClientBase, 'query'>,
  queueId: string,
  which: 'now' | 'first' = 'now',
): Promise<CountedReview[]> {
  const from = which === 'now' ? 'r' : 'said';
  const { rows } = await db.query<Row>({
    name: `review-counted-${which}`,
    text: `SELECT r.task_id AS "taskId", r.reviewer_id AS "reviewerId", (${from}.answers - $2::text[])::text AS said,
        ${from}.choice
      FROM ${countedReviews} ${which === 'now' ? '' : firstSaid} WHERE r.queue_id = $1`,
    values: [queueId, noteFields],
  });
  // Thousands of reviews say a few different things: each is read once.
  const read = new Map<string, Answers>();
  const answersIn = (text: string, choice: Choice | null): Answers => {
    const key = `${choice} ${text}`;
    const known = read.get(key);
    if (known) return known;
    const answers = answersOf(JSON.parse(text) as KeptAnswers, choice);
    read.set(key, answers);
    return answers;
  };
  return rows.map(({ said, choice, ...row }) => ({ ...row, answers: answersIn(said, choice) }));
}

type Row = Omit<CountedReview, 'answers'> & { said: string; choice: Choice | null };

/** @returns reviews of one item together */
export function byItem(reviews: readonly CountedReview[]): CountedReview[][] {
  const items = new Map<string, CountedReview[]>();
  for (const review of reviews) {
    const own = items.get(review.taskId);
    if (own) own.push(review);
    else items.set(review.taskId, [review]);
  }
  return [...items.values()];
}

/**
 * Few enough that the figures can be asked for after every review, and seeded so that they stay as they are until then.
 */
export const live = { seed: 42, resamples: 1000 } as const;

/** How many answers are kept. */
const keptAnswers = 200;
const kept = new Map<string, { reviews: number; answer: unknown }>();

/**
 * What was found out about a queue, until something more is said in it: every change of what counts adds to its reviews,
 * of which none is ever removed, so that their number tells.
 * @param find is given a queue's reviews as they are or newer
 */
export async function untilNextReview<T>(
  db: Pick<pg.ClientBase, 'query'>,
  what: string,
  queueId: string,
  find: () => Promise<T>,
): Promise<T> {
  const { rows } = await db.query<{ reviews: number }>({
    name: 'review-number',
    text: 'SELECT count(*)::int AS reviews FROM review WHERE queue_id = $1',
    values: [queueId],
  });
  const { reviews } = rows[0]!;
  const key = `${what} ${queueId}`;
  const found = kept.get(key);
  if (found?.reviews === reviews) return found.answer as T;
  const answer = await find();
  kept.delete(key);
  kept.set(key, { reviews, answer });
  for (const oldest of kept.keys()) {
    if (kept.size <= keptAnswers) break;
    kept.delete(oldest);
  }
  return answer;
}
