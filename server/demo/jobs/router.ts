import { tracked } from '@trpc/server';
import { z } from 'zod';
import { toTrpcError } from '../../accounts/trpc-errors';
import { router, visitorProcedure } from '../../accounts/procedures';
import { pictureCheck, pictureCheckSchema } from './picture-check';
import { polishedSchema, polishInputSchema, polishPrompt } from './polish';
import type { GenerationEventView } from '../schema';
import {
  blobHashSchema,
  eventSchema,
  generationSchema,
  modelInfoSchema,
  queueSchema,
  submitSchema,
} from '../schema';
import * as demo from './service';
import { streamEvents } from './stream';

const byId = z.object({ id: z.uuid() });
const page = z.object({ cursor: z.uuid().nullish(), limit: z.int().min(1).max(100).default(20) });

export const demoRouter = router({
  model: visitorProcedure.output(modelInfoSchema).query(({ ctx }) => demo.describeModel(ctx)),

  submit: visitorProcedure
    .input(submitSchema)
    .output(byId)
    .mutation(({ ctx, input }) => demo.submit(ctx, ctx.visitorId, input)),

  cancel: visitorProcedure
    .input(byId)
    .output(generationSchema)
    .mutation(({ ctx, input }) => demo.cancel(ctx, ctx.visitorId, input.id)),

  remove: visitorProcedure
    .input(byId)
    .output(byId)
    .mutation(({ ctx, input }) => demo.remove(ctx, ctx.visitorId, input.id)),

  get: visitorProcedure
    .input(byId)
    .output(generationSchema)
    .query(({ ctx, input }) => demo.getGeneration(ctx, ctx.visitorId, input.id)),

  list: visitorProcedure
    .input(page)
    .output(z.object({ items: z.array(generationSchema), nextCursor: z.uuid().nullable() }))
    .query(({ ctx, input }) => demo.listGenerations(ctx, ctx.visitorId, input)),

  /** Expands a short prompt, by whom the model's manifest names. */
  polish: visitorProcedure
    .input(polishInputSchema)
    .output(polishedSchema)
    .mutation(({ ctx, input, signal }) => polishPrompt(ctx, ctx.visitorId, input, { signal })),

  /** How well the model draws an uploaded picture again. */
  pictureCheck: visitorProcedure
    .input(z.object({ hash: blobHashSchema }))
    .output(pictureCheckSchema)
    .query(({ ctx, input }) => pictureCheck(ctx, ctx.visitorId, input.hash)),

  queue: visitorProcedure
    .input(byId)
    .output(queueSchema)
    .query(({ ctx, input }) => demo.queuePosition(ctx, ctx.visitorId, input.id)),

  /** Events after `lastEventId` (a number; the browser sends it after a break), until `end`. After a
   * `state: running` that follows another, the job was started anew: the answer so far is void. */
  events: visitorProcedure
    .input(
      byId.extend({
        lastEventId: z
          .string()
          .regex(/^\d{1,9}$/)
          .nullish(),
      }),
    )
    .subscription(async function* ({ ctx, input, signal }) {
      const after = Number(input.lastEventId ?? 0);
      const events = streamEvents(ctx, ctx.visitorId, { id: input.id, after, signal });
      try {
        for await (const { seq, event } of events)
          yield tracked<GenerationEventView>(String(seq), eventSchema.parse(event));
      } catch (error) {
        throw toTrpcError(error);
      }
    }),
});
