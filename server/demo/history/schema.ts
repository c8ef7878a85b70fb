import { z } from 'zod';
import { blobHashSchema, generationSchema, taskSchema } from '../schema';

/** The shapes of the history API. Browser-safe: zod only. */

/** In characters; longer searches are refused. */
export const longestQuery = 200;
/** The most results that one request removes, and the most that a tree of lineage shows. */
export const mostRemoved = 200;
export const mostNodes = 200;

export const searchSchema = z.object({
  /** Every word must occur in the prompt or the answer, in any case. */
  query: z.string().max(longestQuery).optional(),
  task: taskSchema.nullish(),
  cursor: z.uuid().nullish(),
  limit: z.int().min(1).max(100).default(60),
});

export const searchResultSchema = z.object({
  items: z.array(generationSchema),
  nextCursor: z.uuid().nullable(),
});

/** The tree that a result belongs to, its root first and parents before their children. */
export const lineageSchema = z.object({
  nodes: z.array(generationSchema).max(mostNodes),
  /** Whether the tree has more than is shown. */
  more: z.boolean(),
});

export const byPictureSchema = z.object({ hash: blobHashSchema });

export const removeManySchema = z.object({ ids: z.array(z.uuid()).min(1).max(mostRemoved) });

export type Lineage = z.infer<typeof lineageSchema>;
