import type { Prisma } from '../db/client';
import type { GenerationView } from './schema';

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

type Row = Prisma.GenerationGetPayload<{ select: typeof generationSelect }>;

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
