import type pg from 'pg';
import { remakeAheadPriority, remakeJob, remakePriority } from '../../inference/queue/definition';

type Queryable = Pick<pg.Pool, 'query'>;

const keyOf = `'remake:' || hash`;

/** Somebody who still looks asks again within this time. */
const keptMs = 30_000;

/** So many have an order among them; those after them come in the order in which they were asked for. */
const mostOrdered = 100;

/**
 * Has pictures of recorded runs made ahead, in this order, before anybody looks at them. One that is there already costs
 * the workers a look at the store, one that was asked for before nothing.
 */
export async function makeAhead(db: Queryable, hashes: readonly string[]): Promise<void> {
  await db.query(
    `SELECT count(graphile_worker.add_job($1, payload => json_build_object('hash', hash), job_key => 'remake-ahead:' || hash,
       priority => $2, max_attempts => $3)) FROM unnest($4::text[]) AS wanted(hash)`,
    [remakeJob.name, remakeAheadPriority, remakeJob.maxAttempts, hashes],
  );
}

/**
 * Somebody looks at these pictures of recorded runs: they are made next, in this order. To be said again while they
 * look; what nobody asks for any more is not made.
 */
export async function lookAt(db: Queryable, hashes: readonly string[]): Promise<void> {
  await db.query(
    `SELECT count(graphile_worker.add_job($1, payload => json_build_object('hash', hash, 'until', $5::float8),
       job_key => ${keyOf}, priority => $2::int + least(place::int, $6::int) - 1, max_attempts => $3))
     FROM unnest($4::text[]) WITH ORDINALITY AS wanted(hash, place)`,
    [remakeJob.name, remakePriority, remakeJob.maxAttempts, hashes, Date.now() + keptMs, mostOrdered],
  );
}

/** Nobody looks at these any more: those that are not in hand yet are not made. */
export async function lookAway(db: Queryable, hashes: readonly string[]): Promise<void> {
  await db.query(
    `SELECT count(graphile_worker.remove_job(${keyOf})) FROM unnest($1::text[]) AS left_(hash)`,
    [hashes],
  );
}
