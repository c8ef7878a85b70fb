import { z } from 'zod';
import { generationSchema } from '../schema';
import { router, visitorProcedure } from '../../accounts/procedures';
import { byPictureSchema, lineageSchema, removeManySchema, searchResultSchema, searchSchema } from './schema';
import * as history from './service';

export const historyRouter = router({
  search: visitorProcedure
    .input(searchSchema)
    .output(searchResultSchema)
    .query(({ ctx, input }) => history.search(ctx, ctx.visitorId, input)),

  lineage: visitorProcedure
    .input(z.object({ id: z.uuid() }))
    .output(lineageSchema)
    .query(({ ctx, input }) => history.lineage(ctx, ctx.visitorId, input.id)),

  byPicture: visitorProcedure
    .input(byPictureSchema)
    .output(generationSchema.nullable())
    .query(({ ctx, input }) => history.byPicture(ctx, ctx.visitorId, input.hash)),

  removeMany: visitorProcedure
    .input(removeManySchema)
    .output(removeManySchema)
    .mutation(({ ctx, input }) => history.removeMany(ctx, ctx.visitorId, input.ids)),
});
