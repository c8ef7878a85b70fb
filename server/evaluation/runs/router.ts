import { z } from 'zod';
import { cancelRun, pauseRun, resumeRun } from '../control';
import { toTrpcError } from '../../accounts/trpc-errors';
import { adminProcedure, reviewerProcedure, router, visitorProcedure } from '../../accounts/procedures';
import { needReadable } from '../../accounts/run-access';
import { compareRuns, comparedItems } from './compare';
import { readRunDetail } from './detail';
import { editRun, setVisibility } from './edit';
import { followRun } from './follow';
import { editRunSchema, setVisibilitySchema } from '../labels';
import { listRuns } from './list';
import { readOptions } from './options';
import { removeRun } from './remove';
import { readSample } from './sample';
import { listSamples } from './samples';
import {
  comparedItemsSchema,
  comparedListSchema,
  compareRunsSchema,
  comparisonSchema,
  flipListSchema,
  flipsSchema,
  listRunsSchema,
  listSamplesSchema,
  runDetailSchema,
  runListSchema,
  runOptionsSchema,
  runProgressSchema,
  sampleDetailSchema,
  sampleListSchema,
  startRunSchema,
  sweepSchema,
} from './schema';
import { startRun } from './start';
import { flipsOf, sweepRun } from './sweep';

const byId = z.object({ id: z.uuid() });

export const runsRouter = router({
  list: visitorProcedure
    .input(listRunsSchema)
    .output(runListSchema)
    .query(({ ctx, input }) => listRuns(ctx.db, ctx, input)),

  get: visitorProcedure
    .input(byId)
    .output(runDetailSchema)
    .query(({ ctx, input }) => readRunDetail(ctx.db, ctx, input.id)),

  /** Progress until the end. After a break the browser begins anew: the first is how it stands. */
  follow: visitorProcedure
    .input(byId.extend({ lastEventId: z.string().nullish() }))
    .subscription(async function* ({ ctx, input, signal }) {
      try {
        for await (const progress of followRun(ctx, input.id, { signal }))
          yield runProgressSchema.parse(progress);
      } catch (error) {
        throw toTrpcError(error);
      }
    }),

  samples: visitorProcedure
    .input(listSamplesSchema)
    .output(sampleListSchema)
    .query(({ ctx, input }) => listSamples(ctx.db, ctx, input)),

  sample: visitorProcedure
    .input(byId)
    .output(sampleDetailSchema)
    .query(({ ctx, input }) => readSample(ctx.db, ctx, input.id)),

  sweep: visitorProcedure
    .input(z.object({ runId: z.uuid() }))
    .output(sweepSchema)
    .query(({ ctx, input }) => sweepRun(ctx.db, ctx, input.runId)),

  flips: visitorProcedure
    .input(flipsSchema)
    .output(flipListSchema)
    .query(({ ctx, input }) => flipsOf(ctx.db, ctx, input)),

  compare: visitorProcedure
    .input(compareRunsSchema)
    .output(comparisonSchema)
    .query(({ ctx, input }) => compareRuns(ctx.db, ctx, input)),

  comparedItems: visitorProcedure
    .input(comparedItemsSchema)
    .output(comparedListSchema)
    .query(({ ctx, input }) => comparedItems(ctx.db, ctx, input)),

  options: reviewerProcedure.output(runOptionsSchema).query(({ ctx }) => readOptions(ctx.db)),

  start: reviewerProcedure
    .input(startRunSchema)
    .output(byId)
    .mutation(({ ctx, input }) => startRun(ctx, ctx.user, input)),

  pause: reviewerProcedure
    .input(byId)
    .output(byId)
    .mutation(async ({ ctx, input }) => {
      await needReadable(ctx.db.pool, ctx, input.id);
      await pauseRun(ctx, input.id);
      return input;
    }),

  resume: reviewerProcedure
    .input(byId)
    .output(byId)
    .mutation(async ({ ctx, input }) => {
      await needReadable(ctx.db.pool, ctx, input.id);
      await resumeRun(ctx, input.id);
      return input;
    }),

  cancel: reviewerProcedure
    .input(byId)
    .output(byId)
    .mutation(async ({ ctx, input }) => {
      await needReadable(ctx.db.pool, ctx, input.id);
      await cancelRun(ctx, input.id);
      return input;
    }),

  edit: reviewerProcedure
    .input(editRunSchema)
    .output(byId)
    .mutation(({ ctx, input }) => editRun(ctx, ctx.user, input)),

  setVisibility: reviewerProcedure
    .input(setVisibilitySchema)
    .output(byId)
    .mutation(({ ctx, input }) => setVisibility(ctx, ctx.user, input)),

  remove: adminProcedure
    .input(byId)
    .output(byId)
    .mutation(({ ctx, input }) => removeRun(ctx, input.id)),
});
