import { z } from 'zod';
import { questionTypes } from './list';
import type { QuestionType, QueueKind } from './question-type';

/** Rubrics, which are lists of typed questions, and answers to them. What a question means, its type says. */

type Types = (typeof questionTypes)[number];
export type Question = z.output<Types['schema']>;
export type QuestionOf<T extends Question['type']> = Extract<Question, { type: T }>;
/** A type of question whose questions and answers are not known more closely. */
export type AnyQuestionType = QuestionType<Question, unknown>;

const types: readonly AnyQuestionType[] = questionTypes;
const byType = new Map(types.map((type) => [type.type, type]));

/** The type of a question. */
export function typeOf({ type }: Pick<Question, 'type'>): AnyQuestionType {
  const found = byType.get(type);
  if (!found) throw new Error(`no type of question is called ${type}`);
  return found;
}

const [one, ...others] = questionTypes.map(({ schema }) => schema) as [Types['schema'], ...Types['schema'][]];
const questionSchema = z.discriminatedUnion('type', [one, ...others]);

/** What reviewers are asked of an item, in the order in which they are asked. */
export const rubricSchema = z.object({ questions: z.array(questionSchema).max(40) });
export type Rubric = z.infer<typeof rubricSchema>;

/** A rubric as a queue that is rated can be made with: at least one question that can be counted, none twice. */
export const newRubricSchema = rubricSchema.superRefine(({ questions }, context) => {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  if (!questions.some((question) => typeOf(question).measures))
    refuse('A rubric needs a question: a verdict, a scale or tags.');
  for (const { type, kinds, most, keyed } of types) {
    const own = questions.filter((question) => question.type === type);
    if (own.length > 0 && !kinds.includes('rate')) refuse(`Only pairs are asked a ${type}.`);
    if (own.length > most) refuse(`A rubric can have ${most} of ${type}.`);
    if (keyed && new Set(own.map(keyOf)).size < own.length) refuse('Two of its questions have the same key.');
  }
});

/** What every pair is asked. */
export const pairRubric: Rubric = {
  questions: [{ type: 'choice' }, { type: 'comment', need: 'unasked' }],
};

type Shape = { [T in Types as T['field']]: T['answers'] };

/**
 * What one review says, a field for every type of question; which of them there must be, the rubric says. A `choice` is
 * one of the outputs that the same answer of the server lists: `first` is the first of them (`questions/choice.ts`).
 */
export const answersSchema = z.object(
  Object.fromEntries(types.map(({ field, answers }) => [field, answers])) as Shape,
);
export type Answers = z.infer<typeof answersSchema>;
type Fields = Record<string, unknown>;

/** Nothing answered yet. */
export const noAnswers = Object.fromEntries(types.map(({ field, none }) => [field, none])) as Answers;

/** The name of a question among those of its type. */
export const keyOf = (question: Question): string => ('key' in question ? question.key : question.type);

/** The name of a question in its rubric: one of another type may have the same key. */
export const questionId = (question: Question): string =>
  typeOf(question).keyed ? `${question.type}-${keyOf(question)}` : question.type;

/** The answer to a question; null where there is none. */
export function answerTo(answers: Answers, question: Question): unknown {
  const { field, keyed } = typeOf(question);
  const held = (answers as Fields)[field];
  return (keyed ? (held as Fields | undefined)?.[keyOf(question)] : held) ?? null;
}

/** The answers with another one to a question. */
export function withAnswer(answers: Answers, question: Question, answer: unknown): Answers {
  const { field, keyed } = typeOf(question);
  const held = (answers as Fields)[field];
  return {
    ...answers,
    [field]: keyed ? { ...(held as Fields | undefined), [keyOf(question)]: answer } : answer,
  };
}

/** Whether a question has an answer that says something. */
export function isAnswered(answers: Answers, question: Question): boolean {
  const answer = answerTo(answers, question);
  return answer !== null && typeOf(question).isGiven(answer);
}

/** Whether a review is refused for want of an answer to a question. */
export const isMissing = (answers: Answers, question: Question): boolean =>
  typeOf(question).isRequired(question) && !isAnswered(answers, question);

/** Whether nothing was said, not even a space. */
export const isUntouched = (answers: Answers): boolean =>
  types.every(({ field, none }) => {
    const held = (answers as Fields)[field] ?? none;
    return held === none || (typeof held === 'object' && Object.keys(held as object).length === 0);
  });

/** The answers that a rubric asks for: what it does not ask is left out. */
export function fitting(answers: Answers, { questions }: Rubric): Answers {
  let fit = noAnswers;
  for (const question of questions) {
    const answer = answerTo(answers, question);
    if (answer !== null) fit = withAnswer(fit, question, typeOf(question).fit?.(answer, question) ?? answer);
  }
  return fit;
}

/** The type of which something is said that the rubric does not ask; null where there is none. */
export function unknownIn(answers: Answers, { questions }: Rubric): AnyQuestionType | null {
  const strays = ({ type, field, keyed, isGiven }: AnyQuestionType) => {
    const own = questions.filter((question) => question.type === type);
    const held = (answers as Fields)[field] ?? null;
    if (held === null) return false;
    if (keyed) return Object.keys(held).some((key) => !own.some((question) => keyOf(question) === key));
    const [question] = own;
    if (!question) return isGiven(held);
    const fit = typeOf(question).fit?.(held, question) ?? held;
    return Array.isArray(held) && held.some((part) => !(fit as unknown[]).includes(part));
  };
  return types.find(strays) ?? null;
}

/** The columns that exports have of the answers to a rubric, each with its cell for a review. */
export function columnsOf(
  { questions }: Rubric,
  kind: QueueKind,
): { name: string; cell: (answers: Answers, flipped: boolean) => string | number | null }[] {
  return types
    .filter(({ kinds }) => kinds.includes(kind))
    .flatMap(({ type, field, columns }) =>
      columns(questions.filter((question) => question.type === type)).map(({ name, key, cell }) => ({
        name,
        cell: (answers: Answers, flipped: boolean) => {
          const held = (answers as Fields)[field];
          return cell((key === undefined ? held : (held as Fields | undefined)?.[key]) ?? null, flipped);
        },
      })),
    );
}

/** Fields whose answers are notes: no figure is made of them. */
export const noteFields: readonly string[] = types
  .filter(({ measures }) => !measures)
  .map(({ field }) => field);

/** Whether every question that must be answered is. */
export const isComplete = (answers: Answers, { questions }: Rubric): boolean =>
  !questions.some((question) => isMissing(answers, question));

/** The question that a measure of agreement is of. */
export const measuredBy = ({ questions }: Rubric, measure: string): Question | undefined =>
  questions.find((question) =>
    typeOf(question)
      .measures?.(question)
      .some(({ name }) => name === measure),
  );
