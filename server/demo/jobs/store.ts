import type pg from 'pg';
import { eventChannel } from '../../platform/db/hub';
import type { GenerationEventView, GenerationState, Language, Task } from '../schema';
import { rowFromJson, rowSql, type Row, type RowAsJson } from './view';

/** Writes to the row of a job and to its events. Each is one statement, so that the numbers of events have no
 * gaps and a state and its event appear together. */

/** As stored: the last event carries no data of its own, the row has it. */
export type StoredEvent = Exclude<GenerationEventView, { type: 'end' }> | { type: 'end' };
type Queryable = Pick<pg.Pool, 'query'>;

const endStates: GenerationState[] = ['cancelled', 'done', 'failed'];
export const hasEnded = (state: GenerationState) => endStates.includes(state);

export interface Outcome {
  pictureHash?: string | null;
  text?: string | null;
  error?: string | null;
  errorCode?: string | null;
  timings?: Record<string, number> | null;
  promptTokens?: number;
  completionTokens?: number;
}

/**
 * Appends events to a job that this worker holds, and the text of token events to its answer.
 * @returns false when the worker no longer holds the job: it must stop.
 */
export async function appendEvents(
  db: Queryable,
  job: { id: string; workerId: string },
  events: StoredEvent[],
): Promise<boolean> {
  // A run that starts anew (after a crash) makes its answer anew.
  const restart = events.findLastIndex((e) => e.type === 'state' && e.state === 'running');
  const text = events.map((e, i) => (e.type === 'token' && i > restart ? e.text : '')).join('');
  const result = await db.query({
    name: 'append-events',
    text: `WITH g AS (
       UPDATE generation SET event_seq = event_seq + $3,
         text = CASE WHEN $6 THEN nullif($5, '') WHEN $5 = '' THEN text ELSE coalesce(text, '') || $5 END
       WHERE id = $1 AND worker_id = $2 AND state IN ('running', 'cancelling') RETURNING event_seq
     ), e AS (
       INSERT INTO generation_event (generation_id, seq, data)
       SELECT $1, g.event_seq - $3 + t.nth, t.data FROM g, jsonb_array_elements($4::jsonb) WITH ORDINALITY AS t(data, nth)
       RETURNING seq
     ) SELECT pg_notify('${eventChannel}', $1::text || ':' || max(seq)) FROM e HAVING count(*) > 0`,
    values: [job.id, job.workerId, events.length, JSON.stringify(events), text, restart >= 0],
  });
  return (result.rowCount ?? 0) > 0;
}

const outcomeColumns = [
  'pictureHash',
  'text',
  'error',
  'errorCode',
  'timings',
  'promptTokens',
  'completionTokens',
] as const;

/**
 * Moves a job from one of the states `from` to another, by compare-and-set, with its events.
 * @param by when given, only if this worker holds the job.
 * @returns false when the job was in none of the states: somebody else was first.
 */
export async function moveState(
  db: Queryable,
  id: string,
  move: { from: GenerationState[]; to: GenerationState; by?: string; outcome?: Outcome },
): Promise<boolean> {
  const events: StoredEvent[] = [{ type: 'state', state: move.to }];
  if (hasEnded(move.to)) events.push({ type: 'end' });
  const set: string[] = [];
  const values: unknown[] = [id, move.from, move.to, events.length, JSON.stringify(events), move.by ?? null];
  const assign = (column: string, value: unknown) => set.push(`${column} = $${values.push(value)}`);
  if (move.to === 'queued') set.push('worker_id = NULL', 'started_at = NULL');
  // Put back by its own worker, which was stopped: that was no attempt.
  if (move.to === 'queued' && move.by) set.push('attempts = attempts - 1');
  if (hasEnded(move.to)) set.push('finished_at = now()');
  const { outcome = {} } = move;
  if (outcome.pictureHash !== undefined) assign('picture_hash', outcome.pictureHash);
  if (outcome.text !== undefined) assign('text', outcome.text);
  if (outcome.error !== undefined) assign('error', outcome.error);
  if (outcome.errorCode !== undefined) assign('error_code', outcome.errorCode);
  if (outcome.timings !== undefined) assign('timings', outcome.timings && JSON.stringify(outcome.timings));
  if (outcome.promptTokens !== undefined) assign('prompt_tokens', outcome.promptTokens);
  if (outcome.completionTokens !== undefined) assign('completion_tokens', outcome.completionTokens);
  const result = await db.query({
    // As many as there are ways for a job to move on.
    name: `move-${move.to}-${move.by ? 1 : 0}-${outcomeColumns.map((c) => (outcome[c] === undefined ? 0 : 1)).join('')}`,
    text: `WITH g AS (
       UPDATE generation SET ${['state = $3::generation_state', 'event_seq = event_seq + $4', ...set].join(', ')}
       WHERE id = $1 AND state = ANY($2::generation_state[]) AND ($6::uuid IS NULL OR worker_id = $6)
       RETURNING event_seq
     ), e AS (
       INSERT INTO generation_event (generation_id, seq, data)
       SELECT $1, g.event_seq - $4 + t.nth, t.data FROM g, jsonb_array_elements($5::jsonb) WITH ORDINALITY AS t(data, nth)
       RETURNING seq
     ) SELECT pg_notify('${eventChannel}', $1::text || ':' || max(seq)) FROM e HAVING count(*) > 0`,
    values,
  });
  return (result.rowCount ?? 0) > 0;
}

/** A job as its worker takes it. */
export interface ClaimedJob {
  id: string;
  task: Task;
  prompt: string;
  language: Language;
  parameters: Record<string, number | string>;
  sourceHash: string | null;
  /** Name and version of the model that it was submitted to. */
  model: string;
  version: string;
  /** This one counted. */
  attempts: number;
  /** Whether others wait behind it. */
  more: boolean;
}

/**
 * Gives a worker the job that is next: the queued one of the lowest turn, the oldest among equals. One statement, so
 * that of many who ask each gets another; the clock moves on to its turn.
 * @returns null when nothing waits.
 */
export async function claimNext(db: Queryable, workerId: string): Promise<ClaimedJob | null> {
  const { rows } = await db.query<ClaimedJob>({
    name: 'claim-next',
    text: `WITH first AS (
       SELECT id FROM generation WHERE state = 'queued' ORDER BY turn, created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
     ), g AS (
       UPDATE generation o SET state = 'running', worker_id = $1, attempts = attempts + 1, started_at = now(),
         text = NULL, event_seq = event_seq + 1
       FROM first WHERE o.id = first.id RETURNING o.*
     ), clock AS (
       UPDATE queue_clock c SET turn = g.turn FROM g WHERE c.turn < g.turn
     ), e AS (
       INSERT INTO generation_event (generation_id, seq, data)
       SELECT id, event_seq, '{"type": "state", "state": "running"}' FROM g
     ) SELECT g.id, task, prompt, language, parameters, source_hash AS "sourceHash", attempts, m.name AS model, r.version,
         EXISTS (SELECT 1 FROM generation q WHERE q.state = 'queued' AND q.id <> g.id) AS more,
         pg_notify('${eventChannel}', g.id::text || ':' || event_seq)
       FROM g JOIN model_revision r ON r.id = g.revision_id JOIN model m ON m.id = r.model_id`,
    values: [workerId],
  });
  return rows[0] ?? null;
}

export const eventsAtOnce = 200;

/**
 * Stored events after number `after`, oldest first and at most `eventsAtOnce`, and the state of their job, in one snapshot.
 * With the event `end` comes the job's row, as `readRow` reads it.
 * @param visitorId null once it was found to be theirs, whoever's it becomes.
 * @returns null when the job is not this visitor's, or gone.
 */
export async function readEvents(
  db: Queryable,
  { id, visitorId, after }: { id: string; visitorId: string | null; after: number },
): Promise<{ state: GenerationState; events: { seq: number; data: StoredEvent; row: Row | null }[] } | null> {
  const { rows } = await db.query<{
    state: GenerationState;
    seq: number | null;
    data: StoredEvent;
    row: RowAsJson | null;
  }>({
    name: 'read-events',
    text: `SELECT g.state, e.seq, e.data, CASE WHEN e.data ->> 'type' = 'end' THEN
         (SELECT to_json(r) FROM (${rowSql} WHERE g.id = $1) r) END AS row FROM generation g
       LEFT JOIN LATERAL (SELECT seq, data FROM generation_event WHERE generation_id = g.id AND seq > $3
         ORDER BY seq LIMIT ${eventsAtOnce}) e ON true
       WHERE g.id = $1 AND ($2::uuid IS NULL OR g.visitor_id = $2) ORDER BY e.seq`,
    values: [id, visitorId, after],
  });
  if (!rows[0]) return null;
  return {
    state: rows[0].state,
    events: rows.flatMap(({ seq, data, row }) =>
      seq === null ? [] : [{ seq, data, row: row && rowFromJson(row) }],
    ),
  };
}

/** Removes the events of jobs that ended a while ago. @returns how many. */
export async function pruneEvents(db: Queryable, olderThanSeconds: number): Promise<number> {
  const { rowCount } = await db.query(
    `DELETE FROM generation_event e USING generation g WHERE g.id = e.generation_id
       AND g.finished_at < now() - make_interval(secs => $1)`,
    [olderThanSeconds],
  );
  return rowCount ?? 0;
}
