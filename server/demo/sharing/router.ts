import { z } from 'zod';
import { router, visitorProcedure } from '../../accounts/procedures';
import { flagSchema, sharedSchema, shareStateSchema, tokenSchema } from './schema';
import * as sharing from './service';

const byId = z.object({ id: z.uuid() });

export const sharingRouter = router({
  /** The link of one's own result. */
  state: visitorProcedure
    .input(byId)
    .output(shareStateSchema)
    .query(({ ctx, input }) => sharing.shareState(ctx, ctx.visitorId, input.id)),

  share: visitorProcedure
    .input(byId)
    .output(shareStateSchema)
    .mutation(({ ctx, input }) => sharing.share(ctx, ctx.visitorId, input.id)),

  unshare: visitorProcedure
    .input(byId)
    .output(shareStateSchema)
    .mutation(({ ctx, input }) => sharing.unshare(ctx, ctx.visitorId, input.id)),

  /** A shared result, for anybody with its link. */
  get: visitorProcedure
    .input(z.object({ token: tokenSchema }))
    .output(sharedSchema)
    .query(({ ctx, input }) => sharing.readShared(ctx, input.token)),

  flag: visitorProcedure
    .input(flagSchema)
    .output(byId)
    .mutation(({ ctx, input: { reason, comment, ...target } }) =>
      sharing.flag(ctx, ctx.visitorId, target, { reason, comment }),
    ),
});
