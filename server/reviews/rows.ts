import type { Me } from '../accounts/schema';
import { hidesModels } from './blind';
import { itemColumns, itemView, type KeptItem } from './items';
import { answersOf, type KeptAnswers } from './kept';
import { mayChange, type Person } from './people';
import type { Choice } from './questions/choice';
import type { Client, Queue } from './queue';
import type { ReviewView, TaskRow } from './schema';

/**
 * Items with what was said of them, as one person may see them: others' answers and the automatic score stay hidden
 * until an item has all of its reviews, in blind queues whose outputs they are for longer (blind.ts). Everything that
 * tells of items and reviews goes through here.
 */

export interface FullReview {
  id: string;
  taskId: string;
  reviewer: Person;
  kind: ReviewView['kind'];
  answers: KeptAnswers | null;
  /** Of a pair, in the queue's order. */
  choice: Choice | null;
  /** Whether they had the second output first. */
  flipped: boolean | null;
  reason: string | null;
  replaces: string | null;
  spentMs: number | null;
  discussed: boolean;
  createdAt: Date;
  /** Neither replaced nor withdrawn. */
  current: boolean;
}

export interface FullRow {
  item: KeptItem;
  state: TaskRow['state'];
  given: number;
  /** Whether the item still needs reviews. */
  open: boolean;
  /** Whether models, runs and samples are hidden. */
  hidden: boolean;
  /** Those that this person may see. */
  reviews: FullReview[];
}

export interface Wanted {
  /** SQL: conditions on `review_task t`; `$1` is the queue. */
  where: string;
  values: readonly unknown[];
  limit: number;
  /** Whether reviews that were replaced or withdrawn are wanted, and withdrawals. */
  all: boolean;
}

/** Items of a queue in their order. */
export async function fullRows(db: Client, user: Me, queue: Queue, wanted: Wanted): Promise<FullRow[]> {
  const { rows } = await db.query<TaskColumns>(
    `SELECT ${itemColumns}, t.state, t.given, t.skips
     FROM review_task t WHERE t.queue_id = $1 AND ${wanted.where} ORDER BY t.position LIMIT ${wanted.limit}`,
    [queue.id, ...wanted.values],
  );
  const reviews = await db.query<FullReview>(
    `SELECT r.id, r.task_id AS "taskId", jsonb_build_object('id', u.id, 'name', u.name) AS reviewer, r.kind, r.answers,
       r.choice, r.flipped, r.reason, r.replaces, r.spent_ms AS "spentMs", r.discussed, r.created_at AS "createdAt",
       r.kind = 'adjudication' OR coalesce(a.state IN ('done', 'skipped'), false) AS current
     FROM review r JOIN account_user u ON u.id = r.reviewer_id LEFT JOIN review_assignment a ON a.review_id = r.id
     WHERE r.task_id = ANY($1::uuid[]) AND ($2 OR r.kind = 'adjudication' OR a.state IN ('done', 'skipped'))
     ORDER BY r.seq`,
    [rows.map(({ taskId }) => taskId), wanted.all],
  );
  const byTask = new Map<string, FullReview[]>();
  for (const review of reviews.rows)
    byTask.set(review.taskId, [...(byTask.get(review.taskId) ?? []), review]);
  const leads = mayChange(user, queue.createdBy);
  return rows.map(({ state, given, skips, ...item }) => {
    const open = state === 'open';
    const said = byTask.get(item.taskId) ?? [];
    return {
      item,
      state: open && skips > 0 ? 'skipped' : state,
      given,
      open,
      hidden: hidesModels(user, queue, state),
      // Why somebody skipped an item is no answer, and whoever leads the queue has to know.
      reviews: open
        ? said.filter(({ reviewer, kind }) => reviewer.id === user.id || (leads && kind === 'skip'))
        : said,
    };
  });
}

type TaskColumns = KeptItem & {
  state: 'open' | 'done' | 'adjudicate' | 'adjudicated';
  given: number;
  skips: number;
};

/** A row for the pages: outputs of a pair in the queue's order, and choices in that order. */
export function rowView({ item, state, given, open, hidden, reviews }: FullRow, queue: Queue): TaskRow {
  const [output] = item.outputs;
  const { metric = null, value = null } = queue.kind === 'pair' ? {} : (output ?? {});
  return {
    item: itemView(item, { flipped: false, hidden }),
    state,
    reviews: reviews.map(reviewView),
    given,
    sampleId: hidden ? null : (output?.sampleId ?? null),
    runId: hidden ? null : (output?.runId ?? null),
    metric: open || metric === null || value === null ? null : { name: metric, value },
  };
}

const reviewView = (full: FullReview): ReviewView => {
  const { answers, choice, flipped: _, current: __, discussed, ...review } = full;
  return {
    ...review,
    ...(discussed ? { discussed } : {}),
    answers: answers && answersOf(answers, choice),
  };
};
