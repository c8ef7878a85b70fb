/** What statements a piece of work sends, and how PostgreSQL answers them. */
import pg from 'pg';
import type { Db } from '../../../server/platform/db/client';

export interface Statement {
  text: string;
  values: unknown[];
}

/** Runs work and collects the SELECT statements that it sends, by any client of this process. */
export async function statementsOf(work: () => Promise<unknown>): Promise<Statement[]> {
  const sent: Statement[] = [];
  const { prototype } = pg.Client as unknown as { prototype: { query: (...args: unknown[]) => unknown } };
  const original = prototype.query;
  prototype.query = function (this: unknown, ...args: unknown[]) {
    const [first, second] = args;
    const { text, values } = (
      typeof first === 'string' ? { text: first, values: second } : (first ?? {})
    ) as {
      text?: string;
      values?: unknown;
    };
    if (text && /^\s*(SELECT|WITH)\b/i.test(text))
      sent.push({ text, values: Array.isArray(values) ? values : [] });
    return original.apply(this, args);
  };
  try {
    await work();
  } finally {
    prototype.query = original;
  }
  return sent;
}

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: Plan[];
}

/** Indexes that a statement goes through, and large tables that it reads from end to end. */
export async function explain(
  db: Db,
  { text, values }: Statement,
): Promise<{ indexes: string[]; scans: string[] }> {
  const { rows } = await db.pool.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `EXPLAIN (FORMAT JSON) ${text}`,
    values,
  );
  const found = { indexes: new Set<string>(), scans: new Set<string>() };
  const walk = (plan: Plan) => {
    if (plan['Index Name']) found.indexes.add(plan['Index Name']);
    const table = plan['Relation Name'];
    if (plan['Node Type'] === 'Seq Scan' && table && large.includes(table)) found.scans.add(table);
    plan.Plans?.forEach(walk);
  };
  walk(rows[0]!['QUERY PLAN'][0].Plan);
  return { indexes: [...found.indexes], scans: [...found.scans] };
}

/** Tables that grow with the samples, the items or the reviews. */
const large = [
  'sample',
  'score',
  'item',
  'item_picture',
  'blob',
  'review',
  'review_task',
  'review_assignment',
  'review_output',
];
