import { LRUCache } from 'lru-cache';
import { prepareSubmit } from '../limits';
import type { Task } from '../schema';
import type { Db } from '../../platform/db/client';
import { StudioError } from '../../platform/errors/errors';
import { deadAfterSeconds, inferenceHealthSchema, type InferenceHealth } from '../../inference/health';
import { activeRevision } from '../../inference/registry';
import { predict, type Measured } from './predict';
import type { BeforeInput, Estimate } from './schema';
import { rangeOfSame, restOf, sumOf, zero, type Range } from './statistics';
import { workKey, workOf, type Work } from './work';

/** How long jobs will take, told from what was measured here. Two queries; the times measured are kept for a while. */

export interface EstimateDeps {
  db: Db;
}

interface Line {
  /** Jobs that run first, by work. */
  ahead: { work: Work; count: number }[];
  running: { work: Work; elapsed: number }[];
  workers: InferenceHealth[];
}

/** How long until the result of a request if it were submitted now. */
export async function estimateBefore(
  { db }: EstimateDeps,
  visitorId: string,
  input: BeforeInput,
): Promise<Estimate> {
  const { hash, manifest } = await activeRevision(db);
  const { source, ...settings } = input;
  const { width, height } = manifest.parameters;
  const { parameters } = prepareSubmit(
    manifest,
    { ...settings, prompt: '-', language: 'en' },
    // An edit takes its source's size where none is given; as long as there is none, the model's own.
    input.task === 'edit' ? (source ?? { width: width.default, height: height.default }) : null,
  );
  const line = await readLine(
    db,
    `SELECT 1 + greatest((SELECT turn FROM queue_clock),
       (SELECT max(turn) FROM generation WHERE visitor_id = $1 AND state = 'queued')) AS turn,
       'infinity'::timestamptz AS created_at, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid AS id`,
    [visitorId],
  );
  return estimate(db, hash, line, workOf(input.task, parameters));
}

/**
 * How long until the result of a job that was submitted.
 * @throws StudioError NOT_FOUND when the job is not this visitor's.
 */
export async function estimateJob({ db }: EstimateDeps, visitorId: string, id: string): Promise<Estimate> {
  const { rows } = await db.pool.query<{
    task: Task;
    state: string;
    parameters: Record<string, number | string>;
    elapsed: number | null;
    hash: string;
  }>(
    `SELECT task, state, parameters, extract(epoch FROM now() - started_at)::float8 * 1000 AS elapsed,
       (SELECT manifest_hash FROM model_revision ORDER BY activated_at DESC NULLS LAST LIMIT 1) AS hash
     FROM generation WHERE id = $1 AND visitor_id = $2`,
    [id, visitorId],
  );
  const job = rows[0];
  if (!job) throw new StudioError('NOT_FOUND', 'This job doesn’t exist or has been removed.');
  const work = workOf(job.task, job.parameters);
  if (job.state === 'queued')
    return estimate(
      db,
      job.hash,
      await readLine(db, `SELECT turn, created_at, id FROM generation WHERE id = $1`, [id]),
      work,
    );
  if (job.state !== 'running' && job.state !== 'cancelling')
    return { low: 0, high: 0, ahead: 0, coldStart: false };
  const line = await readLine(
    db,
    `SELECT 0::bigint AS turn, 'epoch'::timestamptz AS created_at, $1::uuid AS id`,
    [id],
  );
  const { jobs, loads } = await measuredOf(db, job.hash, line.workers);
  const own = predict(work, jobs);
  const load = line.workers.some((w) => w.state === 'ready') ? zero : loadRest(line.workers, loads);
  const coldStart = load !== zero;
  if (!own || !load) return { low: null, high: null, ahead: 0, coldStart };
  const rest = coldStart ? sumOf([load, own].map(once)) : restOf(own, job.elapsed ?? 0);
  return { low: Math.round(rest.low), high: Math.round(rest.high), ahead: 0, coldStart };
}

const once = (range: Range) => ({ range, count: 1 });

/** @param place SQL of one row (turn, created_at, id): what stands before it is ahead. */
async function readLine(db: Db, place: string, values: unknown[]): Promise<Line> {
  const { rows } = await db.pool.query<{ ahead: Grouped[]; running: Grouped[]; workers: unknown[] }>(
    `WITH place AS (${place}), line AS (
       SELECT g.task, g.parameters - 'seed' AS parameters, count(*)::int AS count FROM generation g, place p
       WHERE g.state = 'queued' AND (g.turn, g.created_at, g.id) < (p.turn, p.created_at, p.id)
       GROUP BY 1, 2
     ) SELECT
       (SELECT coalesce(json_agg(line), '[]') FROM line) AS ahead,
       (SELECT coalesce(json_agg(json_build_object('task', task, 'parameters', parameters,
          'elapsed', extract(epoch FROM now() - started_at) * 1000)), '[]')
        FROM generation WHERE state IN ('running', 'cancelling')) AS running,
       (SELECT coalesce(json_agg(inference), '[]') FROM worker_heartbeat
        WHERE beat_at > now() - make_interval(secs => $${values.length + 1})) AS workers`,
    [...values, deadAfterSeconds],
  );
  const { ahead = [], running = [], workers = [] } = rows[0] ?? {};
  return {
    ahead: ahead.map((g) => ({ work: workOf(g.task, g.parameters), count: g.count ?? 1 })),
    running: running.map((g) => ({ work: workOf(g.task, g.parameters), elapsed: g.elapsed ?? 0 })),
    workers: workers.map((w) => inferenceHealthSchema.parse(w)),
  };
}

interface Grouped {
  task: Task;
  parameters: Record<string, number | string>;
  count?: number;
  elapsed?: number;
}

async function estimate(db: Db, revisionHash: string, line: Line, work: Work): Promise<Estimate> {
  const ahead = line.ahead.reduce((sum, group) => sum + group.count, 0);
  const live = line.workers.filter((w) => w.state !== 'failed');
  const ready = live.filter((w) => w.state === 'ready');
  const coldStart = ready.length === 0;
  const unknown: Estimate = { low: null, high: null, ahead, coldStart };
  if (live.length === 0) return unknown;
  const { jobs, loads } = await measuredOf(db, revisionHash, live);
  const known = new Map<string, Range | null>();
  const of = (one: Work) => {
    const key = workKey(one);
    if (!known.has(key)) known.set(key, predict(one, jobs));
    return known.get(key) ?? null;
  };
  const own = of(work);
  const load = coldStart ? loadRest(live, loads) : zero;
  if (!own || !load) return unknown;
  // What was never measured here is taken to be like this one.
  const groups = line.ahead.map(({ work: w, count }) => ({ range: of(w) ?? own, count }));
  const rests = line.running.map(({ work: w, elapsed }) =>
    coldStart ? (of(w) ?? own) : restOf(of(w) ?? own, elapsed),
  );
  const wait = waitingTime(groups, rests, Math.max(1, coldStart ? live.length : ready.length));
  const total = sumOf([load, wait, own].map(once));
  return { ...unknown, low: Math.round(total.low), high: Math.round(total.high) };
}

/** Until a worker is free: what is ahead and what runs, divided over the workers. */
export function waitingTime(
  ahead: readonly { range: Range; count: number }[],
  running: readonly Range[],
  workers: number,
): Range {
  const waiting = ahead.reduce((sum, group) => sum + group.count, 0);
  if (running.length + waiting < workers) return zero;
  if (waiting === 0)
    return [...running].sort((a, b) => a.mid - b.mid)[Math.max(0, running.length - workers)] ?? zero;
  const all = sumOf([...ahead, ...running.map(once)]);
  return { low: all.low / workers, mid: all.mid / workers, high: all.high / workers };
}

/** Until the first of the workers has loaded its model; null when no load was measured. */
function loadRest(workers: readonly InferenceHealth[], loads: readonly number[]): Range | null {
  const range = rangeOfSame(loads.slice(0, 20));
  const since = Math.min(...workers.map((w) => w.loadingSince ?? Date.now()));
  return range && restOf(range, Math.max(0, Date.now() - since));
}

interface Known {
  jobs: Measured[];
  loads: number[];
}
const cacheMs = 2000;
/** Where little is known yet, the next job's time changes much and costs little to read. */
const fewMs = 100;
const few = 20;
const caches = new WeakMap<Db, LRUCache<string, Promise<Known>>>();

/** Newest first. Kept for a while, so that many who ask cost one query. */
function measuredOf(db: Db, revisionHash: string, workers: readonly InferenceHealth[]): Promise<Known> {
  const device = (workers.find((w) => w.state === 'ready') ?? workers[0])?.device ?? 'cpu';
  const cache = caches.get(db) ?? new LRUCache<string, Promise<Known>>({ max: 100, ttl: cacheMs });
  caches.set(db, cache);
  const key = `${revisionHash} ${device}`;
  const held = cache.get(key);
  if (held) return held;
  const start = performance.now();
  const known = readMeasured(db, revisionHash, device);
  cache.set(key, known, { start });
  known.then(
    ({ jobs }) => jobs.length < few && cache.set(key, known, { start, ttl: fewMs }),
    () => cache.delete(key),
  );
  return known;
}

async function readMeasured(db: Db, revisionHash: string, device: string): Promise<Known> {
  const { rows } = await db.pool.query<{ kind: string; work: Work; ms: number }>(
    `SELECT kind, work, ms FROM duration WHERE revision_hash = $1 AND device = $2 ORDER BY id DESC LIMIT 600`,
    [revisionHash, device],
  );
  return {
    jobs: rows.flatMap(({ kind, work, ms }) => (kind === 'job' ? [{ work, ms, key: workKey(work) }] : [])),
    loads: rows.flatMap(({ kind, ms }) => (kind === 'load' ? [ms] : [])),
  };
}
