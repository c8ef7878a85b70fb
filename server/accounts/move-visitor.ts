import type pg from 'pg';

/**
 * Gives what an anonymous visitor has to an account: results, grids, uploads, keys and reports. Jobs go on meanwhile:
 * they know themselves by their own id. Run it within a transaction.
 * @param from the browser's visitor; nothing happens when it is an account's own.
 * @param to the account's visitor
 */
export async function moveVisitor(
  client: Pick<pg.ClientBase, 'query'>,
  from: string,
  to: string,
): Promise<void> {
  // In one order whoever comes first, so that two sign-ins do not wait for each other; submits wait on these rows too.
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM visitor v WHERE id IN ($1, $2) AND NOT (id = $1 AND EXISTS
       (SELECT 1 FROM account_user WHERE visitor_id = $1)) ORDER BY id FOR UPDATE`,
    [from, to],
  );
  if (from === to || !rows.some(({ id }) => id === from)) return;
  const pair = [from, to];
  const move = (sql: string) => client.query(sql, pair);
  // A request that was sent under both is one of each: the moved one is no answer to a repeated request.
  await move(`UPDATE generation g SET visitor_id = $2, request_id = CASE WHEN EXISTS
                (SELECT 1 FROM generation o WHERE o.visitor_id = $2 AND o.request_id = g.request_id)
                THEN NULL ELSE g.request_id END WHERE g.visitor_id = $1`);
  await move('UPDATE grid SET visitor_id = $2 WHERE visitor_id = $1');
  await move('UPDATE api_key SET visitor_id = $2 WHERE visitor_id = $1');
  await move(`UPDATE flag f SET visitor_id = CASE WHEN EXISTS
                (SELECT 1 FROM flag o WHERE o.visitor_id = $2 AND o.generation_id = f.generation_id)
                THEN NULL ELSE $2::uuid END WHERE f.visitor_id = $1`);
  await move(`INSERT INTO upload (visitor_id, hash, created_at)
              SELECT $2, hash, created_at FROM upload WHERE visitor_id = $1 ON CONFLICT DO NOTHING`);
  await client.query('DELETE FROM upload WHERE visitor_id = $1', [from]);
  await move(`INSERT INTO removed_request (visitor_id, request_id, removed_at)
              SELECT $2, request_id, removed_at FROM removed_request WHERE visitor_id = $1 ON CONFLICT DO NOTHING`);
  await client.query('DELETE FROM removed_request WHERE visitor_id = $1', [from]);
  await client.query('UPDATE visitor SET seen_at = now() WHERE id = $1', [to]);
}
