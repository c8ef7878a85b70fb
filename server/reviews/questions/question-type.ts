import { z } from 'zod';

/** What a type of question is made of. Browser-safe, like everything in this folder: zod only. */

/** Of a queue: single outputs are rated, of two outputs one is chosen. */
export type QueueKind = 'rate' | 'pair';

/** The name of a question among others of its type, in answers, exports and figures. */
export const keySchema = z.string().regex(/^[a-z0-9_]{1,40}$/);

/** Something that reviewers can agree on. */
export interface Measure<V> {
  /** Its name in programs, which stays. */
  name: string;
  /** In the rubric's words. */
  label: string;
  level: 'nominal' | 'ordinal' | 'interval';
  /** What an answer says of it; null where it says nothing. */
  value(answer: V | null): string | number | null;
}

/** A column of the exports. */
export interface Column<V> {
  name: string;
  /** The question that it is of; absent where the rubric may lack one, and the column is there all the same. */
  key?: string;
  /** @param flipped of a pair: whether the reviewer had the second output first */
  cell(answer: V | null, flipped: boolean): string | number | null;
}

/**
 * A type of question: everything that the server and the pages must know of it to ask it, keep its answers and count
 * them. How it looks is in `app/reviews/_questions`.
 *
 * `Q` is a question of a rubric, `V` the answer to it, `F` the field of all answers in which it stands.
 */
export interface QuestionType<
  Q extends { type: string },
  V,
  F extends string = string,
  A extends z.ZodType = z.ZodType,
> {
  type: Q['type'];
  kinds: readonly QueueKind[];
  /** How many of it a rubric can have. */
  most: number;
  /** One question in a rubric. */
  schema: z.ZodType<Q>;
  /** Where its answers stand: it is a name of the wire, the database and the exports. */
  field: F;
  /** Whether the field holds an answer for each question, by its key; else it is the answer to the only question. */
  keyed: boolean;
  /** What the field can hold, and what it holds before anything was answered. */
  answers: A;
  none: NoInfer<z.output<A>>;
  /** Whether a review without an answer to it is refused. */
  isRequired(question: Q): boolean;
  /** Whether an answer says something. */
  isGiven(answer: V): boolean;
  /** An answer as the question asks it, in its order and without what it does not know. Absent: as it is. */
  fit?(answer: V, question: Q): V;
  /** Whether answers of several reviewers are so far apart that somebody has to decide. Absent: never. */
  disagree?(answers: readonly V[]): boolean;
  /** Absent where agreement means nothing: such answers are notes, and a rubric of them alone asks nothing. */
  measures?(question: Q): Measure<V>[];
  /** The columns of all of its questions in a rubric. */
  columns(questions: readonly Q[]): Column<V>[];
  /** What a program that sent no answer is told. */
  missing(question: Q): { name: string; message: string };
  /** What a program is told that sent an answer to no question. */
  unknown: string;
}
