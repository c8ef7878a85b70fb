import { randomUUID } from 'node:crypto';
import { readPublished } from '.';
import type { Db } from '../../platform/db/client';
import { transaction } from '../../platform/db/transaction';

/** Makes the published results of the database those of this folder. Safe to repeat. @returns how many there are */
export async function seedPublished(db: Db): Promise<number> {
  const rows = readPublished().map(({ table, transcribed, ...row }) => ({
    id: randomUUID(),
    ...row,
    place: `Table ${table}`,
    reported_at: transcribed,
  }));
  await transaction(db.pool, async (client) => {
    await client.query(
      `INSERT INTO published_result (id, benchmark, model, metric, value, unit, decimals, source, place, protocol, reported_at)
       SELECT id, benchmark, model, metric, value, unit, decimals, source, place, protocol, reported_at
       FROM jsonb_to_recordset($1::jsonb) AS t(id uuid, benchmark text, model text, metric text, value float8,
         unit text, decimals int, source text, place text, protocol text, reported_at date)
       ON CONFLICT (source, place, model, metric) DO UPDATE SET benchmark = excluded.benchmark, value = excluded.value,
         unit = excluded.unit, decimals = excluded.decimals, protocol = excluded.protocol, reported_at = excluded.reported_at`,
      [JSON.stringify(rows)],
    );
    // What a later version of the folder no longer has.
    await client.query(
      `DELETE FROM published_result p WHERE NOT EXISTS (
         SELECT 1 FROM jsonb_to_recordset($1::jsonb) AS t(model text, metric text, source text, place text)
         WHERE (t.source, t.place, t.model, t.metric) = (p.source, p.place, p.model, p.metric))`,
      [JSON.stringify(rows)],
    );
  });
  return rows.length;
}
