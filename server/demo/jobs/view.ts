import type pg from 'pg';
import type { Prisma } from '../../platform/db/client';
import type { GenerationView } from '../schema';

const picture = { select: { hash: true, width: true, height: true } } as const;

/** What the API shows of a job. */
export const generationSelect = {
  id: true,
  task: true,
  state: true,
  prompt: true,
  language: true,
  parameters: true,
  source: picture,
  parentId: true,
  picture,
  text: true,
  error: true,
  errorCode: true,
  imported: true,
  gridId: true,
  gridX: true,
  gridY: true,
  timings: true,
  createdAt: true,
  finishedAt: true,
} satisfies Prisma.GenerationSelect;

export type Row = Prisma.GenerationGetPayload<{ select: typeof generationSelect }>;

export function generationView(row: Row): GenerationView {
  const { gridId, gridX, gridY, ...rest } = row;
  return {
    ...rest,
    grid: gridId === null || gridX === null || gridY === null ? null : { id: gridId, x: gridX, y: gridY },
    language: row.language === 'zh' ? 'zh' : 'en',
    parameters: row.parameters as GenerationView['parameters'],
    timings: row.timings as GenerationView['timings'],
  };
}

const pictureSql = (blob: string) =>
  `CASE WHEN ${blob}.hash IS NULL THEN NULL ELSE json_build_object('hash', ${blob}.hash, 'width', ${blob}.width, 'height', ${blob}.height) END`;

/** SQL: what `generationSelect` reads, of the generation `g`. */
export const rowSql = `SELECT g.id, task, state, prompt, language, parameters, parent_id AS "parentId", text, error,
  error_code AS "errorCode", imported, grid_id AS "gridId", grid_x AS "gridX", grid_y AS "gridY", timings,
  g.created_at AS "createdAt", finished_at AS "finishedAt", ${pictureSql('s')} AS source, ${pictureSql('p')} AS picture
  FROM generation g LEFT JOIN blob s ON s.hash = source_hash LEFT JOIN blob p ON p.hash = picture_hash`;

/** A row of `rowSql` as the database writes it in JSON. */
export type RowAsJson = Omit<Row, 'createdAt' | 'finishedAt'> & {
  createdAt: string;
  finishedAt: string | null;
};

export const rowFromJson = (row: RowAsJson): Row => ({
  ...row,
  createdAt: new Date(row.createdAt),
  finishedAt: row.finishedAt === null ? null : new Date(row.finishedAt),
});

/** The same as `generationSelect` reads, in one round trip. */
export async function readRow(
  db: Pick<pg.Pool, 'query'>,
  { id, visitorId }: { id: string; visitorId: string | null },
): Promise<Row | null> {
  const { rows } = await db.query<Row>({
    name: 'read-generation',
    text: `${rowSql} WHERE g.id = $1 AND ($2::uuid IS NULL OR visitor_id = $2)`,
    values: [id, visitorId],
  });
  return rows[0] ?? null;
}
