import type { Db } from '../../platform/db/client';
import { tellApart, type Told } from './run-differences';
import { runRow, runRowSql, type RunRecord } from './view';

/** What to call some runs beside each other, in the order given, for whoever may read all of them. */
export async function tellRuns(db: Db, ids: readonly string[]): Promise<Told[]> {
  const { rows } = await db.pool.query<RunRecord>(`${runRowSql()} WHERE r.id = ANY($1::uuid[])`, [ids]);
  const byId = new Map(rows.map((row) => [row.id, runRow(row, { user: null })]));
  return tellApart(ids.flatMap((id) => byId.get(id) ?? []));
}
