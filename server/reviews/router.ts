import { z } from 'zod';
import { auditCursorSchema } from '../platform/audit/schema';
import { reviewerProcedure, router, viewerProcedure } from '../accounts/procedures';
import { adjudicate } from './adjudicate';
import { reviewAudit } from './audit';
import { nextItems, releaseItems } from './leases';
import { reviewersOf } from './people';
import { createQueue, listQueues, readQueue, updateQueue } from './queues';
import {
  adjudicateSchema,
  auditRowSchema,
  changeReviewSchema,
  createQueueSchema,
  draftSavedSchema,
  leaseSchema,
  listTasksSchema,
  nextResultSchema,
  nextSchema,
  personSchema,
  queueDetailSchema,
  queueRowSchema,
  queueSourceSchema,
  saveDraftSchema,
  skipSchema,
  sourceCountSchema,
  submitReviewSchema,
  submittedSchema,
  taskPageSchema,
  taskRowSchema,
  undoSchema,
  updateQueueSchema,
} from './schema';
import { countSource } from './sources';
import { changeReview, saveDraft, skipItem, submitReview, undoLast } from './submit';
import { listTasks, readTask } from './tasks';

const byId = z.object({ id: z.uuid() });
const ofTask = z.object({ taskId: z.uuid() });

export const reviewsRouter = router({
  queues: viewerProcedure.output(z.array(queueRowSchema)).query(({ ctx }) => listQueues(ctx, ctx.user)),

  queue: viewerProcedure
    .input(byId)
    .output(queueDetailSchema)
    .query(({ ctx, input }) => readQueue(ctx, ctx.user, input.id)),

  create: reviewerProcedure
    .input(createQueueSchema)
    .output(byId)
    .mutation(({ ctx, input }) => createQueue(ctx, ctx.user, input)),

  /** By whoever made the queue, or an admin. */
  update: reviewerProcedure
    .input(updateQueueSchema)
    .mutation(({ ctx, input }) => updateQueue(ctx, ctx.user, input)),

  sourceCount: reviewerProcedure
    .input(z.object({ source: queueSourceSchema }))
    .output(sourceCountSchema)
    .query(({ ctx, input }) => countSource(ctx, ctx, input.source)),

  people: reviewerProcedure.output(z.array(personSchema)).query(({ ctx }) => reviewersOf(ctx.db.pool)),

  next: reviewerProcedure
    .input(nextSchema)
    .output(nextResultSchema)
    .mutation(({ ctx, input }) => nextItems(ctx, ctx.user, input)),

  release: reviewerProcedure
    .input(z.object({ taskIds: z.array(z.uuid()).max(10) }))
    .mutation(({ ctx, input }) => releaseItems(ctx, ctx.user, input.taskIds)),

  submit: reviewerProcedure
    .input(submitReviewSchema)
    .output(submittedSchema)
    .mutation(({ ctx, input }) => submitReview(ctx, ctx.user, input)),

  skip: reviewerProcedure.input(skipSchema).mutation(({ ctx, input }) => skipItem(ctx, ctx.user, input)),

  undo: reviewerProcedure
    .input(undoSchema)
    .output(leaseSchema)
    .mutation(({ ctx, input }) => undoLast(ctx, ctx.user, input)),

  saveDraft: reviewerProcedure
    .input(saveDraftSchema)
    .output(draftSavedSchema)
    .mutation(({ ctx, input }) => saveDraft(ctx, ctx.user, input)),

  change: reviewerProcedure
    .input(changeReviewSchema)
    .output(submittedSchema)
    .mutation(({ ctx, input }) => changeReview(ctx, ctx.user, input)),

  tasks: viewerProcedure
    .input(listTasksSchema)
    .output(taskPageSchema)
    .query(({ ctx, input }) => listTasks(ctx, ctx.user, input)),

  task: viewerProcedure
    .input(ofTask)
    .output(taskRowSchema)
    .query(({ ctx, input }) => readTask(ctx, ctx.user, input.taskId)),

  adjudicate: reviewerProcedure
    .input(adjudicateSchema)
    .output(submittedSchema)
    .mutation(({ ctx, input }) => adjudicate(ctx, ctx.user, input)),

  audit: viewerProcedure
    .input(z.object({ queueId: z.uuid().optional(), cursor: auditCursorSchema.nullish() }))
    .output(z.object({ items: z.array(auditRowSchema), nextCursor: z.string().nullable() }))
    .query(({ ctx, input }) => reviewAudit(ctx.db.pool, input)),
});
