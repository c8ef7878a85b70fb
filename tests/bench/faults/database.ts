import pg from 'pg';
import { builtInUrl } from '../../../server/start/postgres';
import type { Site } from './site';

/** Asks the built-in database of a studio, by a session of its own. @throws where it is away */
export async function query<T extends pg.QueryResultRow>(
  site: Site,
  text: string,
  values: unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client({
    connectionString: (await builtInUrl(site.home))!,
    connectionTimeoutMillis: 2000,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<T>(text, values)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
