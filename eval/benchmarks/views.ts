import { z } from 'zod';

/** What a page shows of one sample and of thresholds, by the benchmark that knows it. Browser-safe: zod only. */

/** What was asked for, by the kind of answer. */
export const expectedSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('objects'),
    include: z.array(
      z.object({
        className: z.string(),
        count: z.int(),
        color: z.string().nullable(),
        position: z.string().nullable(),
      }),
    ),
    exclude: z.array(z.object({ className: z.string(), count: z.int() })),
  }),
  z.object({
    kind: z.literal('answer'),
    question: z.enum(['multiple-choice', 'open']),
    options: z.array(z.object({ letter: z.string(), text: z.string() })),
    answers: z.array(z.string()),
    /** What the scoring read in the answer. */
    parsed: z.string().nullable(),
    /** Whether it was drawn at random, because nothing could be read. */
    guessed: z.boolean(),
  }),
  z.object({ kind: z.literal('edit'), instruction: z.string(), caption: z.string() }),
]);

/** A detection of a sample's picture. */
export const detectionSchema = z.object({
  className: z.string(),
  /** left, top, right, bottom in pixels of the picture. */
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  score: z.number(),
  color: z.string().nullable(),
  /** The pixels of the object: run lengths row by row, zeros first, as large as the picture; null where not kept. */
  mask: z.object({ width: z.int(), height: z.int(), runs: z.array(z.int()) }).nullable(),
  /** Whether it passed the threshold. */
  counted: z.boolean(),
});

/** One decision of the score, and how far it was from going the other way. */
export const decisionSchema = z.object({
  /** e.g. `count: 2 × apple`, `colour: red apple`, `position: left of dog`, `no more: apple` */
  what: z.string(),
  value: z.number(),
  threshold: z.number(),
  /** How far it was from going the other way: not below 0 where it passed, not above where not. */
  margin: z.number(),
  passed: z.boolean(),
});

/** What a threshold that is the same for every group would make of a run. */
export const sweepPointSchema = z.object({
  /** For every tag. */
  threshold: z.number(),
  overall: z.number(),
  groups: z.record(z.string(), z.number()),
  /** Samples that become right, and wrong. */
  gained: z.int(),
  lost: z.int(),
  /**
   * Samples whose verdict would depend on the colour of an object for which none was asked: they count neither way,
   * also not in the figures.
   */
  unknown: z.int(),
});

export type ExpectedView = z.infer<typeof expectedSchema>;
export type DetectionView = z.infer<typeof detectionSchema>;
export type DecisionView = z.infer<typeof decisionSchema>;
export type SweepPoint = z.infer<typeof sweepPointSchema>;
