import { z } from 'zod';
import { presence } from '../inference/health';
import { router, visitorProcedure } from '../trpc/init';
import { awaitImages } from './await';
import { awaitedSchema, awaitSchema } from './schema';

export const imagesRouter = router({
  /** A mutation, because it has images drawn, and no other question waits in line with it. */
  wait: visitorProcedure
    .input(awaitSchema)
    .output(awaitedSchema)
    .mutation(({ ctx, input, signal }) => awaitImages(ctx, input, { signal })),

  /** Which workers are online: any, which runs need, and one that serves visitors. */
  workers: visitorProcedure
    .output(z.object({ any: z.boolean(), serves: z.boolean() }))
    .query(({ ctx }) => presence(ctx.db)),
});
