import { verdictMetric } from '../../../eval/benchmarks/metric';
import { agreementEstimate, cohenKappa, spearman } from '../../../eval/statistics';
import type { Me } from '../../accounts/schema';
import { queueFor, type Queue } from '../queue';
import type { ReviewDeps } from '../queues';
import { fullRows, rowView } from '../rows';
import type { AgainstMetric, ConfusionCell, TaskRow } from '../schema';
import { figure, prevalence } from './agreement';
import { isSelectedByOutcome } from './selection';
import { live } from './read';

/**
 * People against the automatic score of what they judged. What people say of an item is the decision, where there was a
 * dispute, else the verdict that all of its reviewers gave; an item whose dispute is not decided yet does not count.
 */

/** SQL of what people say of item `t`: 'pass', 'fail' or null. */
const verdict = `coalesce(
  (SELECT d.answers->>'verdict' FROM review d WHERE d.task_id = t.id AND d.kind = 'adjudication'),
  (SELECT CASE WHEN min(r.answers->>'verdict') = max(r.answers->>'verdict') THEN min(r.answers->>'verdict') END
   FROM review_assignment a JOIN review r ON r.id = a.review_id WHERE a.task_id = t.id AND a.state = 'done'))`;

/**
 * SQL of the answers to the scales of item `t` on average, of its decision or else of its reviews; null where an
 * undecided dispute is open.
 */
const scales = `CASE WHEN t.state <> 'adjudicate' THEN (SELECT avg(s.value::float8) FROM review r
  LEFT JOIN review_assignment a ON a.review_id = r.id CROSS JOIN jsonb_each_text(r.answers->'scales') s
  WHERE r.task_id = t.id AND CASE t.state WHEN 'adjudicated' THEN r.kind = 'adjudication' ELSE a.state = 'done' END) END`;

type Confusion = NonNullable<AgainstMetric['confusion']>;

interface Compared {
  metric: string;
  score: number;
  verdict: 'pass' | 'fail' | null;
  scales: number | null;
}

/**
 * @returns null for pairs, and where the items have no automatic score
 * @throws StudioError NOT_FOUND
 */
export async function againstMetric(
  { db }: ReviewDeps,
  user: Me,
  queueId: string,
): Promise<AgainstMetric | null> {
  const { kind, rubric, source } = await queueFor(db.pool, user, queueId);
  if (kind === 'pair') return null;
  const asks = (type: 'verdict' | 'scale') => rubric.questions.some((question) => question.type === type);
  const { rows } = await db.pool.query<Compared>(
    `SELECT o.metric, o.value AS score, ${asks('verdict') ? verdict : 'NULL'} AS verdict,
       ${asks('scale') ? scales : 'NULL::float8'} AS scales
     FROM review_task t JOIN review_output o ON o.task_id = t.id AND o.position = 0
     WHERE t.queue_id = $1 AND t.state <> 'open' AND o.metric IS NOT NULL AND o.value IS NOT NULL`,
    [queueId],
  );
  const metric = rows[0]?.metric ?? (await metricOf({ db }, queueId));
  if (metric === null) return null;
  const none = { metric, items: 0, confusion: null, agreement: null, kappa: null, correlation: null };
  if (isRightOrWrong(metric) && asks('verdict'))
    return { ...none, ...verdictsAgainst(rows, isSelectedByOutcome(source)) };
  return { ...none, ...figuresAgainst(rows) };
}

async function metricOf({ db }: ReviewDeps, queueId: string): Promise<string | null> {
  const { rows } = await db.pool.query<{ metric: string | null }>(
    `SELECT o.metric FROM review_task t JOIN review_output o ON o.task_id = t.id
     WHERE t.queue_id = $1 AND o.metric IS NOT NULL LIMIT 1`,
    [queueId],
  );
  return rows[0]?.metric ?? null;
}

const isRightOrWrong = (metric: string): boolean => metric === verdictMetric;

function verdictsAgainst(
  rows: readonly Compared[],
  selected: boolean,
): Pick<AgainstMetric, 'items' | 'confusion' | 'agreement' | 'kappa' | 'kappaless'> {
  const known = rows.filter((row) => row.verdict !== null);
  const people = known.map((row) => row.verdict === 'pass');
  const metric = known.map(({ score }) => score === 1);
  const count = (human: boolean, automatic: boolean) =>
    known.filter((_, i) => people[i] === human && metric[i] === automatic).length;
  const confusion = {
    ...{ bothPass: count(true, true), humanOnly: count(true, false) },
    ...{ metricOnly: count(false, true), bothFail: count(false, false) },
  };
  const kappaless =
    known.length === 0 ? null : selected ? 'selected' : isLopsided(confusion) ? 'prevalent' : null;
  return {
    items: known.length,
    confusion,
    ...(kappaless && { kappaless }),
    agreement: known.length === 0 ? null : (confusion.bothPass + confusion.bothFail) / known.length,
    kappa: kappaless
      ? null
      : figure(agreementEstimate(cohenKappa(people.map(Number), metric.map(Number)), live)),
  };
}

/** Whether people or the metric say one thing of nearly everything. */
function isLopsided({ bothPass, humanOnly, metricOnly, bothFail }: Confusion): boolean {
  const all = bothPass + humanOnly + metricOnly + bothFail;
  const shares = [(bothPass + humanOnly) / all, (bothPass + metricOnly) / all];
  return shares.some((share) => Math.max(share, 1 - share) > prevalence);
}

/** People's figure is the mean of the scales, or where none is asked 1 for a pass. */
function figuresAgainst(rows: readonly Compared[]): Pick<AgainstMetric, 'items' | 'correlation'> {
  const known = rows.flatMap(({ score, verdict, scales }) => {
    const people = scales ?? (verdict === null ? null : Number(verdict === 'pass'));
    return people === null ? [] : [{ people, score }];
  });
  return {
    items: known.length,
    correlation: spearman(
      known.map(({ people }) => people),
      known.map(({ score }) => score),
    ),
  };
}

/** SQL of the items of each cell of the confusion. */
const cells: Record<ConfusionCell, string> = {
  bothPass: `${verdict} = 'pass' AND o.value = 1`,
  humanOnly: `${verdict} = 'pass' AND o.value <> 1`,
  metricOnly: `${verdict} = 'fail' AND o.value = 1`,
  bothFail: `${verdict} = 'fail' AND o.value <> 1`,
};
const differing = `(${verdict} = 'pass') <> (o.value = 1)`;

/**
 * The items of one cell of the confusion, or of both in which people and a right-or-wrong score differ, by position.
 * @throws StudioError NOT_FOUND
 */
export async function differences(
  { db }: ReviewDeps,
  user: Me,
  { queueId, cell, cursor, limit }: DifferencesInput,
): Promise<{ items: TaskRow[]; nextCursor: string | null }> {
  const queue: Queue = await queueFor(db.pool, user, queueId);
  const after = /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : -1;
  const rows = await fullRows(db.pool, user, queue, {
    where: `t.position > $2 AND t.state <> 'open' AND EXISTS (SELECT 1 FROM review_output o
      WHERE o.task_id = t.id AND o.position = 0 AND o.metric = '${verdictMetric}' AND ${cell ? cells[cell] : differing})`,
    ...{ values: [after], limit: limit + 1, all: false },
  });
  const items = rows.slice(0, limit);
  return {
    items: items.map((row) => rowView(row, queue)),
    nextCursor: rows.length > limit ? String(items.at(-1)!.item.position) : null,
  };
}

interface DifferencesInput {
  queueId: string;
  cell?: ConfusionCell;
  cursor?: string | null;
  limit: number;
}
