import { router, visitorProcedure } from '../../accounts/procedures';
import { beforeSchema, estimateSchema } from './schema';
import { estimateBefore } from './service';

export const estimatesRouter = router({
  /** How long until the result, if it were submitted now. */
  before: visitorProcedure
    .input(beforeSchema)
    .output(estimateSchema)
    .query(({ ctx, input }) => estimateBefore(ctx, ctx.visitorId, input)),
});
