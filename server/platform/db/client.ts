import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client';

export type { PrismaClient };
export { Prisma } from './generated/client';

/** Prisma for the plain cases, the pool beneath it for the single statements that must be one round trip. */
export interface Db {
  prisma: PrismaClient;
  pool: pg.Pool;
  url: string;
  close: () => Promise<void>;
}

export function createDb(url: string, { max = 10 } = {}): Db {
  const pool = new pg.Pool({
    ...{ connectionString: url, max, connectionTimeoutMillis: 5000, keepAlive: true },
    // Statements that do not wait for each other travel together (`transactionOf`).
    pipeline: true,
  });
  // An idle client whose server went away says so here; the pool has dropped it and the next query connects anew.
  pool.on('error', () => undefined);
  // And one in use says so to its query as well.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    prisma,
    pool,
    url,
    close: async () => {
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}
