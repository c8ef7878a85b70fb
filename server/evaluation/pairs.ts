import type { Db } from '../platform/db/client';

/** Samples of two runs on the same items, side by side. */

export interface Sides {
  first: string;
  second: string;
}

/**
 * SQL: `FROM` of the samples that both runs, $1 and $2, have scored: `s` of the first and `t` of the second. Items of one
 * data set are known by their place, those of two by their key.
 */
export async function pairsFrom(db: Db, { first, second }: Sides): Promise<string> {
  const { rows } = await db.pool.query<{ version_id: string }>(
    'SELECT DISTINCT version_id FROM evaluation_run WHERE id IN ($1, $2)',
    [first, second],
  );
  const sameData =
    rows.length === 1
      ? 'JOIN sample t ON t.position = s.position AND t.repeat = s.repeat'
      : `JOIN item i ON i.id = s.item_id
         JOIN item j ON j.key = i.key AND j.version_id = (SELECT r.version_id FROM evaluation_run r WHERE r.id = $2)
         JOIN sample t ON t.item_id = j.id AND t.repeat = s.repeat`;
  return `FROM sample s ${sameData} AND t.run_id = $2 AND t.state = 'scored'
    WHERE s.run_id = $1 AND s.state = 'scored'`;
}

/** The values of one figure in the order of the items. */
export interface PairedFigure {
  metric: string;
  /** Place of the item of each pair, and its group. */
  positions: number[];
  groups: string[];
  first: number[];
  second: number[];
}

/** Every figure of the samples that both runs have scored. */
export async function readPairs(db: Db, sides: Sides): Promise<{ common: number; figures: PairedFigure[] }> {
  const from = await pairsFrom(db, sides);
  const ids = [sides.first, sides.second];
  const [figures, common] = await Promise.all([
    db.pool.query<PairedFigure>(
      `SELECT c.metric, array_agg(p.position ORDER BY p.position, p.repeat) AS positions,
         array_agg(p."group" ORDER BY p.position, p.repeat) AS groups,
         array_agg(c.value ORDER BY p.position, p.repeat) AS first,
         array_agg(d.value ORDER BY p.position, p.repeat) AS second
       FROM (SELECT s.id, s.position, s.repeat, s."group", t.id AS other ${from}) AS p
       JOIN score c ON c.sample_id = p.id JOIN score d ON d.sample_id = p.other AND d.metric = c.metric
       GROUP BY c.metric ORDER BY c.metric`,
      ids,
    ),
    db.pool.query<{ n: number }>(`SELECT count(*)::int AS n ${from}`, ids),
  ]);
  return { common: common.rows[0]?.n ?? 0, figures: figures.rows };
}
