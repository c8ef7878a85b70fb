import { z } from 'zod';
import { blobHashSchema } from '../../demo/schema';
import { presence } from '../../inference/health';
import { router, visitorProcedure } from '../../accounts/procedures';
import { StudioError } from '../../platform/errors/errors';
import { linkTo, pictureAccesses } from '../../demo/sharing/picture-access';
import { awaitImages } from './await-images';
import { awaitedSchema, awaitSchema } from './schema';

export const imagesRouter = router({
  /** A mutation, because it has images drawn, and no other question waits in line with it. */
  wait: visitorProcedure
    .input(awaitSchema)
    .output(awaitedSchema)
    .mutation(({ ctx, input, signal }) =>
      awaitImages(ctx, { user: ctx.user, visitorIds: [ctx.visitorId] }, input, { signal }),
    ),

  /** Where a program gets an image of this visitor: a path of the site. */
  link: visitorProcedure
    .input(z.object({ hash: blobHashSchema }))
    .output(z.object({ path: z.string() }))
    .query(async ({ ctx, input: { hash } }) => {
      const reader = { user: null, visitorIds: [ctx.visitorId] };
      if (!(await pictureAccesses(ctx.db, reader, [hash])).has(hash))
        throw new StudioError('NOT_FOUND', 'This image doesn’t exist.');
      return { path: linkTo(hash, ctx.visitorId, ctx.auth) };
    }),

  /** Which workers are online: any, which runs need, and one that serves visitors. */
  workers: visitorProcedure
    .output(z.object({ any: z.boolean(), serves: z.boolean() }))
    .query(({ ctx }) => presence(ctx.db)),
});
