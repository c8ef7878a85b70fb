import { z } from 'zod';
import { blobHashSchema, taskSchema } from '../demo/schema';
import { sampleFilterSchema } from '../evaluation/runs/schema';
import { answersSchema, newRubricSchema, rubricSchema } from './questions/rubric';

/**
 * The shapes of the reviews, which only the team sees. Browser-safe: zod only. A `choice` between the outputs of a pair
 * is `first` for the first of the outputs that the same answer lists, so that nothing has to say on which side it was.
 */

const takeSchema = z.discriminatedUnion('take', [
  z.object({ take: z.literal('all') }),
  z.object({ take: z.literal('random'), n: z.int().min(1).max(100_000), seed: z.int().min(0).default(42) }),
  /** So many of every group. */
  z.object({
    take: z.literal('stratified'),
    perGroup: z.int().min(1).max(10_000),
    seed: z.int().min(0).default(42),
  }),
]);

/** Where the items of a queue come from. */
export const queueSourceSchema = z.discriminatedUnion('from', [
  z.object({
    from: z.literal('run'),
    runId: z.uuid(),
    /** e.g. `{verdict: 'wrong'}` for its failures. */
    filter: sampleFilterSchema.prefault({}),
    choice: takeSchema.default({ take: 'all' }),
  }),
  /** Two models' outputs of the same items. */
  z.object({
    from: z.literal('pair'),
    firstRunId: z.uuid(),
    secondRunId: z.uuid(),
    groups: z.array(z.string().max(100)).max(100).optional(),
    choice: takeSchema.default({ take: 'all' }),
  }),
  z.object({
    from: z.literal('flags'),
    reasons: z.array(z.enum(['wrong', 'harmful', 'rights', 'other'])).optional(),
  }),
  z.object({
    from: z.literal('upload'),
    /** Pictures sent to `/api/reviews/uploads` before. */
    items: z
      .array(z.object({ hash: blobHashSchema, prompt: z.string().max(4000).default('') }))
      .min(1)
      .max(2000),
  }),
]);

export const createQueueSchema = z.object({
  name: z.string().trim().min(1).max(120),
  instructions: z.string().max(10_000).default(''),
  /** Null for pairs, whose question is always the same. */
  rubric: newRubricSchema.nullable(),
  source: queueSourceSchema,
  reviewsPerItem: z.int().min(1).max(20).default(1),
  /** Names of models are hidden from reviewers. Pairs always are. */
  blind: z.boolean().default(false),
  /** Empty: every reviewer. */
  assignees: z.array(z.uuid()).max(200).default([]),
  requestId: z.uuid(),
});

/** What is left out stays as it is. */
export const updateQueueSchema = z.object({
  id: z.uuid(),
  name: z.string().trim().min(1).max(120).optional(),
  instructions: z.string().max(10_000).optional(),
  /** Empty: every reviewer. */
  assignees: z.array(z.uuid()).max(200).optional(),
  state: z.enum(['open', 'closed']).optional(),
});

/** How many items a source gives, before there is a queue. */
export const sourceCountSchema = z.object({
  items: z.int(),
  groups: z.array(z.object({ name: z.string(), n: z.int() })),
});

export const personSchema = z.object({ id: z.uuid(), name: z.string() });

export const queueRowSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: z.enum(['rate', 'pair']),
  state: z.enum(['open', 'closed']),
  items: z.int(),
  reviewsPerItem: z.int(),
  /** Reviews given, of items × reviewsPerItem. */
  reviews: z.int(),
  /** Items with all of their reviews. */
  done: z.int(),
  /** Items that wait for adjudication. */
  adjudicate: z.int(),
  /** Items that are open to me: not reviewed or skipped by me, and not taken by as many others as are needed. */
  openToMe: z.int(),
  mine: z.boolean(),
  createdBy: personSchema.nullable(),
  createdAt: z.date(),
});

export const queueDetailSchema = queueRowSchema.extend({
  instructions: z.string(),
  rubric: rubricSchema,
  blind: z.boolean(),
  assignees: z.array(personSchema),
  source: z.object({
    from: z.enum(['run', 'pair', 'flags', 'upload']),
    runs: z.array(z.object({ id: z.uuid(), title: z.string(), removed: z.boolean() })),
  }),
  benchmark: z.string().nullable(),
  /** Groups of its items. */
  groups: z.array(z.object({ name: z.string(), n: z.int() })),
  /** How far each reviewer is. */
  reviewers: z.array(personSchema.extend({ reviews: z.int(), lastAt: z.date().nullable() })),
});

const pictureSchema = z.object({ hash: blobHashSchema, width: z.int(), height: z.int() });

/** One output to be judged. */
export const outputSchema = z.object({
  picture: pictureSchema.nullable(),
  text: z.string().nullable(),
  /** Null where it is hidden. */
  model: z.string().nullable(),
});

/** What a reviewer sees of an item. Others' answers and the automatic score are not part of it. */
export const taskItemSchema = z.object({
  taskId: z.uuid(),
  position: z.int(),
  task: taskSchema,
  group: z.string().nullable(),
  prompt: z.string(),
  /** Source, question pictures, target, by name. */
  pictures: z.array(pictureSchema.extend({ name: z.string() })),
  /** Of a question: what is right, and its options. */
  options: z.array(z.object({ letter: z.string(), text: z.string() })),
  answers: z.array(z.string()),
  /** One; of a pair two, in the order that was drawn for this reviewer. */
  outputs: z.array(outputSchema).min(1).max(2),
  /** Of a flagged result: what the reporter said. */
  flag: z.object({ reason: z.string(), comment: z.string() }).nullable(),
});

/** An item that is this reviewer's for a while. */
export const leaseSchema = z.object({
  /** Proves it; goes with the submission. */
  lease: z.uuid(),
  expiresAt: z.date(),
  item: taskItemSchema,
  draft: answersSchema.nullable(),
});

export const nextSchema = z.object({
  queueId: z.uuid(),
  /** Leased items in hand, by task: they are renewed and kept. The page holds the current one and those preloaded. */
  holding: z.array(z.uuid()).max(5).default([]),
  /** How many to hold in all. */
  count: z.int().min(1).max(5).default(3),
});
export const nextResultSchema = z.object({
  /** All that are mine in this queue: those in hand, those of a page that was reloaded, then new ones. */
  leases: z.array(leaseSchema),
  /** For me, besides those leased. */
  left: z.int(),
  reviewed: z.int(),
  /** Why there is none: all done, others have what is left, or the queue was closed. */
  nothing: z.enum(['done', 'others', 'closed']).nullable(),
});

export const submitReviewSchema = z.object({
  taskId: z.uuid(),
  lease: z.uuid(),
  answers: answersSchema,
  /** Milliseconds that the item was on the screen. */
  spentMs: z.int().min(0).max(86_400_000).optional(),
  /** Drawn by the sender: sent again it is the same review. */
  requestId: z.uuid(),
});

/** The review that there is now of this reviewer, or the decision. */
export const submittedSchema = z.object({ reviewId: z.uuid() });

export const skipSchema = z.object({
  taskId: z.uuid(),
  lease: z.uuid(),
  reason: z.string().trim().min(1).max(1000),
});

export const undoSchema = z.object({
  queueId: z.uuid(),
  /** Drawn by the sender: sent again it takes back nothing more. */
  requestId: z.uuid().optional(),
});

export const saveDraftSchema = submitReviewSchema.pick({ taskId: true, lease: true, answers: true });
export const draftSavedSchema = z.object({
  /** Until when the item is theirs; null where it no longer is. The draft is kept all the same. */
  expiresAt: z.date().nullable(),
});

/** Takes the place of one's own review. A choice is one in the order of the queue's runs, as its items list them. */
export const changeReviewSchema = z.object({
  taskId: z.uuid(),
  answers: answersSchema,
  reason: z.string().trim().min(1).max(2000),
  /**
   * To settle a dispute, after reading what the others said. It counts for the item as any change does; agreement goes on
   * counting what was said before.
   */
  discussion: z.boolean().default(false),
});

/** A review as the record has it. A choice is one in the order of the queue's runs, as its items list them. */
export const reviewSchema = z.object({
  id: z.uuid(),
  taskId: z.uuid(),
  reviewer: personSchema,
  kind: z.enum(['review', 'adjudication', 'withdrawal', 'skip']),
  answers: answersSchema.nullable(),
  /** Of a change, a withdrawal, a skip, an adjudication. */
  reason: z.string().nullable(),
  /** The one whose place this takes. */
  replaces: z.uuid().nullable(),
  /** Changed to settle a dispute, after reading what the others said. */
  discussed: z.boolean().optional(),
  spentMs: z.number().nullable(),
  createdAt: z.date(),
});

export const listTasksSchema = z.object({
  queueId: z.uuid(),
  state: z.enum(['open', 'done', 'adjudicate', 'adjudicated', 'skipped']).optional(),
  group: z.string().max(100).optional(),
  cursor: z.string().max(200).nullish(),
  limit: z.int().min(1).max(200).default(50),
});
/**
 * An item with what became of it; answers are hidden until all are there, except one's own. Of a pair the outputs stand
 * in their stored order, first and second, not as they are drawn for anybody.
 */
export const taskRowSchema = z.object({
  item: taskItemSchema,
  state: z.enum(['open', 'done', 'adjudicate', 'adjudicated', 'skipped']),
  reviews: z.array(reviewSchema),
  /** How many there are, hidden ones included. */
  given: z.int(),
  sampleId: z.uuid().nullable(),
  runId: z.uuid().nullable(),
  /** The automatic score; null where there is none. */
  metric: z.object({ name: z.string(), value: z.number() }).nullable(),
});

export const taskPageSchema = z.object({
  items: z.array(taskRowSchema),
  nextCursor: z.string().nullable(),
  /** Of all that pass the filter; on the first page alone. */
  total: z.int().nullable(),
});

/** A choice is one in the order of the queue's runs, as its items list them. */
export const adjudicateSchema = z.object({
  taskId: z.uuid(),
  answers: answersSchema,
  reason: z.string().trim().min(1).max(2000),
  requestId: z.uuid(),
});

const intervalSchema = z.tuple([z.number(), z.number()]).nullable();

/** Agreement on one question of a rubric, of items that are no longer open. */
export const agreementSchema = z.object({
  /** e.g. `verdict`, `scale_<key>`, `tag_<key>`, or of pairs `vote`: the names of `measures` of its type. */
  question: z.string(),
  /** In the rubric's words; of pairs `vote`. */
  label: z.string(),
  level: z.enum(['nominal', 'ordinal', 'interval']),
  /** Items with two reviews or more, and the reviews of those. */
  items: z.int(),
  reviews: z.int(),
  /** Share of pairs of reviews of one item that are the same. */
  percent: z.number().nullable(),
  /**
   * The answer that makes up more than nine tenths of all, and its share; absent where there is none. Coefficients beyond
   * chance say little then: chance alone would agree nearly always.
   */
  prevalent: z.object({ value: z.union([z.string(), z.number()]), share: z.number() }).optional(),
  /**
   * For each answer, how often it was given by another reviewer of the item too, where one gave it; of named answers, and
   * where coefficients are missing or say little.
   */
  specific: z.array(z.object({ value: z.union([z.string(), z.number()]), share: z.number() })).optional(),
  /** Of two reviewers who did all; null where there are more or fewer. */
  cohen: z.object({ value: z.number(), interval: intervalSchema }).nullable(),
  /** Where every item has the same number of reviews. */
  fleiss: z.object({ value: z.number(), interval: intervalSchema }).nullable(),
  krippendorff: z.object({ value: z.number(), interval: intervalSchema }).nullable(),
  /**
   * Why alpha is missing: `constant` (everybody always said the same), `no_overlap` (no item has two reviews), `one_unit`
   * (only one has), `selected` (the items were chosen by how they came out, as a run's failures are, so that what chance
   * would give is that choice's, and no coefficient is told). Or why it has no interval: `perfect` (they always agree), `unsure` (they nearly always say the same).
   */
  note: z.enum(['constant', 'no_overlap', 'one_unit', 'selected', 'perfect', 'unsure']).nullable(),
});

/** Ratings of the models of a queue of pairs, from votes on items that are no longer open. */
export const ratingsSchema = z.object({
  votes: z.int(),
  bothBad: z.int(),
  ties: z.int(),
  /** Bradley–Terry strengths on Elo's scale (400 a factor of ten), 1000 on average. Null where data is separated. */
  models: z.array(
    z.object({
      model: z.string(),
      rating: z.number().nullable(),
      interval: intervalSchema,
      wins: z.int(),
      losses: z.int(),
      ties: z.int(),
      bothBad: z.int(),
    }),
  ),
  /** Models that won or lost everything, so that no finite rating fits; null where all is well. */
  separated: z.array(z.string()).nullable(),
  /** Names are hidden: A is the first model of the queue's pairs, B the second. */
  hidden: z.literal(true).optional(),
});

/** Human verdict against automatic score. */
export const againstMetricSchema = z.object({
  metric: z.string(),
  /** Those on which people have a verdict: the decision of a dispute, else what all reviewers said. */
  items: z.int(),
  /** Of right-or-wrong scores. */
  confusion: z
    .object({ bothPass: z.int(), humanOnly: z.int(), metricOnly: z.int(), bothFail: z.int() })
    .nullable(),
  agreement: z.number().nullable(),
  kappa: z.object({ value: z.number(), interval: intervalSchema }).nullable(),
  /**
   * Why kappa says nothing, and is not told: the items were chosen by how they came out (`selected`), or people or the
   * metric give one answer to more than nine tenths of them (`prevalent`). Absent where it does.
   */
  kappaless: z.enum(['selected', 'prevalent']).optional(),
  /** Of scores that are figures: Spearman's rank correlation with the human mean. */
  correlation: z.number().nullable(),
});

/** Cells of the confusion; the two in the middle are where people and metric differ. */
export const confusionCellSchema = z.enum(['bothPass', 'humanOnly', 'metricOnly', 'bothFail']);

export const differencesSchema = z.object({
  queueId: z.uuid(),
  /** Absent: both cells that differ. */
  cell: confusionCellSchema.optional(),
  cursor: z.string().max(200).nullish(),
  limit: z.int().min(1).max(200).default(50),
});

export const auditRowSchema = z.object({
  id: z.string(),
  at: z.date(),
  who: personSchema.nullable(),
  what: z.string(),
  queueId: z.uuid().nullable(),
  queue: z.string().nullable(),
  taskId: z.uuid().nullable(),
  /** What it was about, as JSON. */
  details: z.record(z.string(), z.unknown()),
});

export type { Answers, Rubric } from './questions/rubric';
export type QueueSource = z.infer<typeof queueSourceSchema>;
export type CreateQueue = z.input<typeof createQueueSchema>;
export type QueueRow = z.infer<typeof queueRowSchema>;
export type QueueDetail = z.infer<typeof queueDetailSchema>;
export type TaskItem = z.infer<typeof taskItemSchema>;
export type Lease = z.infer<typeof leaseSchema>;
export type NextResult = z.infer<typeof nextResultSchema>;
export type ReviewView = z.infer<typeof reviewSchema>;
export type TaskRow = z.infer<typeof taskRowSchema>;
export type Agreement = z.infer<typeof agreementSchema>;
export type Ratings = z.infer<typeof ratingsSchema>;
export type AgainstMetric = z.infer<typeof againstMetricSchema>;
export type ConfusionCell = z.infer<typeof confusionCellSchema>;
export type AuditRow = z.infer<typeof auditRowSchema>;
