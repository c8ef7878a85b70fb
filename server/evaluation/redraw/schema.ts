import { z } from 'zod';
import { mostAwaited } from './most-awaited';

export const awaitSchema = z.object({
  /** sha256 of the images, the one that is wanted first at the front. */
  hashes: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(mostAwaited),
  /** What the page believes of the workers; it is told when that is wrong. */
  served: z.boolean(),
  /** False for an answer at once: how it stands with images of which the page knows nothing yet. */
  hold: z.boolean().default(true),
});
export type AwaitInput = z.input<typeof awaitSchema>;

export const awaitedSchema = z.object({
  /** Those whose wait is over; the others are still to come. */
  images: z.array(
    z.object({
      hash: z.string(),
      /** `ready`: it can be loaded; `failed`: no worker here could draw it; `none`: nobody can draw it. */
      state: z.enum(['ready', 'failed', 'none']),
    }),
  ),
  /** Whether a worker is online that would draw them. */
  served: z.boolean(),
});
export type Awaited = z.infer<typeof awaitedSchema>;
