import { z } from 'zod';
import { router, viewerProcedure } from '../../accounts/procedures';
import {
  agreementSchema,
  againstMetricSchema,
  differencesSchema,
  ratingsSchema,
  taskPageSchema,
} from '../schema';
import { againstMetric, differences } from './against-metric';
import { agreementOf } from './agreement';
import { ratingsOf } from './ratings';

const ofQueue = z.object({ queueId: z.uuid() });

/** What reviews say; under one name with the router of the reviews. */
export const analysisRouter = router({
  agreement: viewerProcedure
    .input(ofQueue)
    .output(z.array(agreementSchema))
    .query(({ ctx, input }) => agreementOf(ctx, ctx.user, input.queueId)),

  /** Null for a queue that has no pairs. */
  ratings: viewerProcedure
    .input(ofQueue)
    .output(ratingsSchema.nullable())
    .query(({ ctx, input }) => ratingsOf(ctx, ctx.user, input.queueId)),

  /** Null for pairs and where there is no automatic score. */
  againstMetric: viewerProcedure
    .input(ofQueue)
    .output(againstMetricSchema.nullable())
    .query(({ ctx, input }) => againstMetric(ctx, ctx.user, input.queueId)),

  differences: viewerProcedure
    .input(differencesSchema)
    .output(taskPageSchema.omit({ total: true }))
    .query(({ ctx, input }) => differences(ctx, ctx.user, input)),
});
