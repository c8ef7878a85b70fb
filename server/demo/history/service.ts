import type pg from 'pg';
import type { Db } from '../../platform/db/client';
import { transaction } from '../../platform/db/transaction';
import type { GenerationView, Task } from '../schema';
import { hasEnded } from '../jobs/store';
import { generationSelect, generationView } from '../jobs/view';
import { StudioError } from '../../platform/errors/errors';
import { mostNodes, type Lineage } from './schema';
import { wordPatterns } from './search-words';

/** What a visitor made: found, walked and removed. Every function sees only that visitor's results. */

export interface HistoryDeps {
  db: Db;
}

const notFound = () => new StudioError('NOT_FOUND', 'This result doesn’t exist or has been removed.');

/** The results in the order of the ids. */
async function viewsOf({ db }: HistoryDeps, visitorId: string, ids: string[]): Promise<GenerationView[]> {
  const rows = await db.prisma.generation.findMany({
    where: { id: { in: ids }, visitorId },
    select: generationSelect,
  });
  const byId = new Map(rows.map((row) => [row.id, generationView(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/**
 * The visitor's results that have every word of `query`, newest first.
 * @param page `cursor` is the id of the last one seen: ids are ordered by time
 */
export async function search(
  { db }: HistoryDeps,
  visitorId: string,
  page: { query?: string; task?: Task | null; cursor?: string | null; limit: number },
): Promise<{ items: GenerationView[]; nextCursor: string | null }> {
  const values: unknown[] = [visitorId];
  const hole = (value: unknown) => `$${values.push(value)}`;
  const where = ['visitor_id = $1'];
  if (page.cursor) where.push(`id < ${hole(page.cursor)}::uuid`);
  if (page.task) where.push(`task = ${hole(page.task)}::task`);
  for (const { operator, value } of wordPatterns(page.query ?? '')) {
    const at = hole(value);
    where.push(`(prompt ${operator} ${at} OR text ${operator} ${at})`);
  }
  const { rows } = await db.pool.query<{ id: string }>(
    `SELECT id FROM generation WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT ${hole(page.limit + 1)}`,
    values,
  );
  const ids = rows.slice(0, page.limit).map(({ id }) => id);
  const items = await viewsOf({ db }, visitorId, ids);
  return { items, nextCursor: rows.length > page.limit ? (ids.at(-1) ?? null) : null };
}

/**
 * The tree that a result belongs to: its oldest ancestor and what came of that. Of a large tree the result, its
 * ancestors and what is nearest to the root; of a very long chain, its end.
 * @throws StudioError NOT_FOUND
 */
export async function lineage({ db }: HistoryDeps, visitorId: string, id: string): Promise<Lineage> {
  const path = await ancestry(db.pool, visitorId, id, mostNodes);
  const root = path[0];
  if (!root) throw notFound();
  // Rows come out level by level, and the limit ends the walk.
  const { rows } = await db.pool.query<{ id: string }>(
    `WITH RECURSIVE tree AS (
       SELECT id FROM generation WHERE id = $2 AND visitor_id = $1
       UNION SELECT g.id FROM generation g JOIN tree t ON g.parent_id = t.id WHERE g.visitor_id = $1
     ) SELECT id FROM tree LIMIT $3`,
    [visitorId, root, mostNodes + 1],
  );
  const all = [...new Set([...path, ...rows.map((row) => row.id)])];
  const kept = all.slice(0, mostNodes);
  return { nodes: await viewsOf({ db }, visitorId, kept), more: all.length > mostNodes };
}

/**
 * The ids from the oldest ancestor of a result to the result itself, at most `limit` of them counted from its end;
 * none where the visitor has no such result.
 */
export async function ancestry(
  pool: Pick<pg.Pool, 'query'>,
  visitorId: string,
  id: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `WITH RECURSIVE path AS (
       SELECT id, parent_id, 1 AS depth FROM generation WHERE id = $2 AND visitor_id = $1
       UNION ALL SELECT g.id, g.parent_id, p.depth + 1 FROM generation g JOIN path p ON g.id = p.parent_id
         WHERE g.visitor_id = $1 AND p.depth < $3
     ) SELECT id FROM path ORDER BY depth DESC`,
    [visitorId, id, limit],
  );
  return rows.map((row) => row.id);
}

/** The visitor's newest result that is this very picture, or null. */
export async function byPicture(
  { db }: HistoryDeps,
  visitorId: string,
  hash: string,
): Promise<GenerationView | null> {
  const row = await db.prisma.generation.findFirst({
    where: { visitorId, pictureHash: hash },
    orderBy: { id: 'desc' },
    select: generationSelect,
  });
  return row && generationView(row);
}

/**
 * Removes results, all or none.
 * @throws StudioError NOT_FOUND when one is not the visitor's, CONFLICT when one has not ended
 */
export async function removeMany(
  { db }: HistoryDeps,
  visitorId: string,
  ids: string[],
): Promise<{ ids: string[] }> {
  const unique = [...new Set(ids)];
  await transaction(db.pool, async (client) => {
    const { rows } = await client.query<{ id: string; state: GenerationView['state'] }>(
      'SELECT id, state FROM generation WHERE visitor_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE',
      [visitorId, unique],
    );
    if (rows.length < unique.length)
      throw new StudioError('NOT_FOUND', 'Some of these results have already been removed. Select again.', {
        reason: 'RESULTS_GONE',
      });
    const running = rows.filter((row) => !hasEnded(row.state)).length;
    if (running > 0)
      throw new StudioError(
        'CONFLICT',
        `${running} of these are still running. Cancel or deselect them; nothing was removed.`,
        { reason: 'RESULTS_NOT_ENDED', params: { count: running } },
      );
    await client.query('DELETE FROM generation WHERE visitor_id = $1 AND id = ANY($2::uuid[])', [
      visitorId,
      unique,
    ]);
  });
  return { ids: unique };
}
