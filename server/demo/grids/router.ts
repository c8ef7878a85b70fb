import { z } from 'zod';
import { router, visitorProcedure } from '../../accounts/procedures';
import { gridSchema, gridSubmitSchema } from './schema';
import * as grids from './service';

const byId = z.object({ id: z.uuid() });

export const gridsRouter = router({
  submit: visitorProcedure
    .input(gridSubmitSchema)
    .output(gridSchema)
    .mutation(({ ctx, input }) => grids.submitGrid(ctx, ctx.visitorId, input)),

  get: visitorProcedure
    .input(byId)
    .output(gridSchema)
    .query(({ ctx, input }) => grids.getGrid(ctx, ctx.visitorId, input.id)),

  cancel: visitorProcedure
    .input(byId)
    .output(gridSchema)
    .mutation(({ ctx, input }) => grids.cancelGrid(ctx, ctx.visitorId, input.id)),

  remove: visitorProcedure
    .input(byId)
    .output(byId)
    .mutation(({ ctx, input }) => grids.removeGrid(ctx, ctx.visitorId, input.id)),
});
