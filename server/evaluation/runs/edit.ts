import type pg from 'pg';
import type { z } from 'zod';
import type { Me } from '../../accounts/schema';
import { record } from '../../platform/audit/audit';
import type { Db } from '../../platform/db/client';
import { transaction } from '../../platform/db/transaction';
import { StudioError } from '../../platform/errors/errors';
import { runChannel } from '../../platform/db/hub';
import { addTests } from '../pair-tests';
import { mayEdit, maySetVisibility, noRun, readableSql } from '../../accounts/run-access';
import type { editRunSchema, RunLabels, setVisibilitySchema, Visibility } from '../labels';

/** What people decide about a run after its start: what it is called, and who may read it. Each act is on record. */

/** Who decides: a person of the team; null for whoever has the command line, who may do everything. */
type Actor = Me | null;

interface Kept {
  id: string;
  visibility: Visibility;
  name: string | null;
  note: string | null;
  tags: string[];
  state: string;
  incomplete: boolean | null;
  startedBy: string | null;
  versionId: string;
  fingerprint: string;
  title: string;
}

async function lockRun(client: pg.ClientBase, actor: Actor, id: string): Promise<Kept> {
  const { rows } = await client.query<Kept>(
    `SELECT r.id, r.visibility, r.name, r.note, r.tags, r.state, r.incomplete, r.started_by AS "startedBy",
       r.version_id AS "versionId", r.fingerprint, m.name || ' ' || v.version || ' · ' || b.title AS title
     FROM evaluation_run r JOIN model_revision v ON v.id = r.revision_id JOIN model m ON m.id = v.model_id
       JOIN benchmark_version d ON d.id = r.version_id JOIN benchmark b ON b.id = d.benchmark_id
     WHERE r.id = $1 AND ${actor ? readableSql({ user: actor }) : 'true'} FOR UPDATE OF r`,
    [id],
  );
  if (!rows[0]) throw noRun();
  return rows[0];
}

/**
 * Gives a run another name, note or tags; what is not given stays.
 * @throws StudioError NOT_FOUND; FORBIDDEN for a published run of somebody else's
 */
export async function editRun(
  { db }: { db: Db },
  actor: Actor,
  { id, ...labels }: z.output<typeof editRunSchema>,
): Promise<{ id: string }> {
  return transaction(db.pool, async (client) => {
    const run = await lockRun(client, actor, id);
    const { startedBy } = run;
    if (actor && !mayEdit({ user: actor }, { startedBy, published: run.visibility === 'published' }))
      throw notYours();
    const changed = (Object.keys(labels) as (keyof RunLabels)[]).filter(
      (name) => labels[name] !== undefined && JSON.stringify(labels[name]) !== JSON.stringify(run[name]),
    );
    if (changed.length === 0) return { id };
    const { name, note, tags } = { ...run, ...Object.fromEntries(changed.map((one) => [one, labels[one]])) };
    await client.query('UPDATE evaluation_run SET name = $2, note = $3, tags = $4 WHERE id = $1', [
      ...[id, name, note, tags],
    ]);
    const only = (of: Partial<RunLabels>) => Object.fromEntries(changed.map((one) => [one, of[one] ?? null]));
    await record(client, {
      ...{ userId: actor?.id ?? null, what: 'run.edited' },
      details: { run: id, title: run.title, from: only(run), to: only(labels) },
    });
    await tell(client, id);
    return { id };
  });
}

/**
 * Decides who may read a run. To publish it is to put it on the leaderboard; it can be taken back.
 * @throws StudioError NOT_FOUND; FORBIDDEN for a reviewer who did not start it; CONFLICT where it is not done and would
 *   be published, or is judged by the team and would be private
 */
export async function setVisibility(
  { db }: { db: Db },
  actor: Actor,
  { id, visibility }: z.output<typeof setVisibilitySchema>,
): Promise<{ id: string }> {
  return transaction(db.pool, async (client) => {
    const run = await lockRun(client, actor, id);
    if (actor && !maySetVisibility({ user: actor }, run.startedBy)) throw notYours();
    if (run.visibility === visibility) return { id };
    if (visibility === 'published' && run.state !== 'done')
      throw new StudioError('CONFLICT', 'Only a finished run can be published.', {
        reason: 'RUN_NOT_DONE',
      });
    if (visibility === 'private' && (await isReviewed(client, id)))
      throw new StudioError(
        'CONFLICT',
        'A team review queue contains outputs of this run, so it can’t be private.',
        { reason: 'RUN_IN_REVIEW' },
      );
    await client.query('UPDATE evaluation_run SET visibility = $2::run_visibility WHERE id = $1', [
      ...[id, visibility],
    ]);
    await record(client, {
      ...{ userId: actor?.id ?? null, what: whatOf(run.visibility, visibility) },
      details: { run: id, title: run.title, from: run.visibility, to: visibility },
    });
    // From now on it is ranked, and so tested against the others of its board.
    if (visibility === 'published' && run.incomplete === false) await addTests(client, run);
    await tell(client, id);
    return { id };
  });
}

const whatOf = (from: Visibility, to: Visibility) =>
  to === 'published' ? 'run.published' : from === 'published' ? 'run.unpublished' : 'run.visibility';

const notYours = () =>
  new StudioError('FORBIDDEN', 'Only the run’s owner or an admin can do this.', {
    reason: 'NOT_YOUR_RUN',
  });

async function isReviewed(client: pg.ClientBase, id: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT 1 FROM review_output WHERE run_id = $1 LIMIT 1', [id]);
  return (rowCount ?? 0) > 0;
}

/** Whoever follows it looks again, also whether it is still theirs to read. */
const tell = (client: pg.ClientBase, id: string) =>
  client.query('SELECT pg_notify($1, $2)', [runChannel, id]);
