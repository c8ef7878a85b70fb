import { z } from 'zod';
import { router, visitorProcedure } from '../procedures';
import { createdKeySchema, createKeySchema, keySchema } from './schema';
import * as keys from './service';

const byId = z.object({ id: z.uuid() });

export const keysRouter = router({
  create: visitorProcedure
    .input(createKeySchema)
    .output(createdKeySchema)
    .mutation(({ ctx, input }) => keys.createKey(ctx, ctx.visitorId, input)),

  list: visitorProcedure.output(z.array(keySchema)).query(({ ctx }) => keys.listKeys(ctx, ctx.visitorId)),

  revoke: visitorProcedure
    .input(byId)
    .output(byId)
    .mutation(({ ctx, input }) => keys.revokeKey(ctx, ctx.visitorId, input.id)),
});
