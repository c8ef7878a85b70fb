import { z } from 'zod';
import type { Db } from '../../platform/db/client';
import { storableText } from '../../platform/db/text';
import { wordPatterns } from '../../demo/history/search-words';
import { readableSql, type Reader } from '../../accounts/run-access';
import { decodeCursor, encodeCursor } from './cursor';
import type { listRunsSchema, RunRow } from './schema';
import { withProvisional } from './provisional';
import { runRow, runRowSql, type RunRecord } from './view';

/**
 * Runs, newest first, in one statement for any number of rows.
 * @throws StudioError BAD_REQUEST for a cursor of another list
 */
export async function listRuns(
  db: Db,
  reader: Reader,
  { benchmark, state, query, tag, visibility, cursor, limit }: z.output<typeof listRunsSchema>,
): Promise<{ items: RunRow[]; nextCursor: string | null }> {
  const values: unknown[] = [];
  const given = (value: unknown) => `$${values.push(value)}`;
  const where = [readableSql(reader)];
  if (benchmark !== undefined)
    where.push(`r.version_id = ANY(ARRAY(SELECT d2.id FROM benchmark_version d2 JOIN benchmark b2
      ON b2.id = d2.benchmark_id WHERE b2.name = ${given(benchmark)}))`);
  if (state !== undefined) where.push(`r.state = ${given(state)}::run_state`);
  for (const { operator, value } of wordPatterns(query ?? ''))
    where.push(
      `concat_ws(' ', m.name, v.version, r.name, r.note, array_to_string(r.tags, ' ')) ${operator} ${given(value)}`,
    );
  if (tag !== undefined) where.push(`r.tags @> ARRAY[${given(storableText(tag))}]`);
  if (visibility !== undefined) where.push(`r.visibility = ${given(visibility)}::run_visibility`);
  if (cursor) {
    const [at, id] = decodeCursor('runs', [z.int().min(0).max(4e12), z.uuid()], cursor);
    where.push(`(r.created_at, r.id) < (to_timestamp(${given(at)}::float8 / 1000), ${given(id)}::uuid)`);
  }
  const { rows } = await db.pool.query<RunRecord>(
    `${runRowSql()} WHERE ${where.join(' AND ')} ORDER BY r.created_at DESC, r.id DESC LIMIT ${given(limit + 1)}`,
    values,
  );
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: await Promise.all(
      rows.slice(0, limit).map((row) => withProvisional(db, row, runRow(row, reader))),
    ),
    nextCursor: last ? encodeCursor('runs', [last.created_at.getTime(), last.id]) : null,
  };
}
