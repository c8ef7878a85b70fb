import type { Me } from '../accounts/schema';
import { record } from '../platform/audit/audit';
import { csvLine, type CsvCell } from '../platform/export/csv';
import { readKept } from './kept';
import { queueFor, type Queue } from './queue';
import { columnsOf } from './questions/rubric';
import type { ReviewDeps } from './queues';
import { fullRows, type FullReview, type FullRow } from './rows';

/** Items read at a time: the memory that an export takes does not depend on how many there are. */
const atOnce = 500;

export type ExportFormat = 'jsonl' | 'csv';

/**
 * A queue as a file: JSONL with a line an item, its whole record in it, or CSV with a line a review (and one an item that
 * has none). What is hidden from this person on the pages is hidden here. Times are UTC.
 * @returns chunks of text; the next ones are read when they are asked for
 * @throws StudioError NOT_FOUND
 */
export async function exportQueue(
  { db }: ReviewDeps,
  user: Me,
  queueId: string,
  format: ExportFormat,
): Promise<{ name: string; chunks: AsyncGenerator<string, void> }> {
  const queue = await queueFor(db.pool, user, queueId);
  await record(db.pool, { userId: user.id, what: 'review.exported', queueId, details: { format } });
  const write = format === 'csv' ? csvOf(queue) : { head: '', row: (row: FullRow) => jsonLine(row, queue) };
  async function* chunks() {
    if (write.head) yield write.head;
    for (let after = -1; ;) {
      const rows = await fullRows(db.pool, user, queue, {
        ...{ where: 't.position > $2', values: [after], limit: atOnce, all: true },
      });
      if (rows.length > 0) yield rows.map(write.row).join('');
      if (rows.length < atOnce) return;
      after = rows.at(-1)!.item.position;
    }
  }
  return { name: `reviews-${queueId.slice(-8)}.${format}`, chunks: chunks() };
}

/** Outputs in the order of the pair, not as anybody saw them. */
function outputsOf({ item, open, hidden }: FullRow, queue: Queue) {
  // Two scores side by side tell two models apart.
  const scoreless = open || (hidden && queue.kind === 'pair');
  return item.outputs.map(({ picture, text, model, runId, sampleId, metric, value }) => ({
    ...{ picture: picture?.hash ?? null, text },
    ...(hidden ? { model: null, runId: null, sampleId: null } : { model, runId, sampleId }),
    ...(scoreless || metric === null ? { metric: null, value: null } : { metric, value }),
  }));
}

function jsonLine(row: FullRow, queue: Queue): string {
  const { item, state, given, reviews } = row;
  const { taskId, position, task, group, prompt, content, inputs } = item;
  return `${JSON.stringify({
    ...{ queueId: queue.id, queue: queue.name, taskId, position, state, given, task, group, prompt },
    pictures: inputs.map(({ name, hash }) => ({ name, hash })),
    ...content,
    outputs: outputsOf(row, queue),
    reviews: reviews.map(({ taskId: _of, ...review }) => review),
  })}\n`;
}

function csvOf({ ...queue }: Queue): { head: string; row: (row: FullRow) => string } {
  const columns = columnsOf(queue.rubric, queue.kind);
  const pair = queue.kind === 'pair';
  const outputNames = ['picture', 'text', 'model', 'run', 'sample', 'metric', 'score'];
  const head = [
    ...['queue', 'task', 'position', 'state', 'kind_of_task', 'group', 'prompt'],
    ...(pair ? ['first', 'second'].flatMap((n) => outputNames.map((name) => `${n}_${name}`)) : outputNames),
    ...['review', 'act', 'current', 'reviewer', 'created_at', 'spent_ms', 'reason', 'replaces'],
    ...columns.map(({ name }) => name),
  ];
  const reviewCells = (review: FullReview | null): CsvCell[] => {
    const answers = review?.answers && readKept(review.answers);
    return [
      ...[
        review?.id,
        review?.kind,
        review?.current,
        review?.reviewer.name,
        review?.createdAt,
        review?.spentMs,
      ],
      ...[review?.reason, review?.replaces],
      ...columns.map(({ cell }) => (answers ? cell(answers, review.flipped ?? false) : null)),
    ];
  };
  return {
    head: csvLine(head),
    row(row) {
      const { taskId, position, task, group, prompt } = row.item;
      const item: CsvCell[] = [queue.name, taskId, position, row.state, task, group, prompt];
      const outputs = outputsOf(row, queue).flatMap((one): CsvCell[] => [
        ...[one.picture, one.text, one.model, one.runId, one.sampleId, one.metric, one.value],
      ]);
      const said = row.reviews.length > 0 ? row.reviews : [null];
      return said.map((review) => csvLine([...item, ...outputs, ...reviewCells(review)])).join('');
    },
  };
}
