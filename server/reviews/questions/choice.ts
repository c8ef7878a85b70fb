import { z } from 'zod';
import type { QuestionType } from './question-type';

/**
 * Which of two outputs is better. `first` is the first of the outputs that the same answer of the server lists, on every
 * wire: of a lease in the order that was drawn for its reviewer, of an item of a queue in the queue's order of runs.
 * The page shows the first one on the left.
 */
export const choiceSchema = z.enum(['first', 'second', 'tie', 'both_bad']);
export type Choice = z.infer<typeof choiceSchema>;

/** A choice as the database keeps and exports tell it to whom it was shown: by the side. */
export const sideOf = { first: 'left', second: 'right', tie: 'tie', both_bad: 'both_bad' } as const;
export type Side = (typeof sideOf)[Choice];

const other: Record<Choice, Choice> = { first: 'second', second: 'first', tie: 'tie', both_bad: 'both_bad' };

/** A choice to somebody who has the outputs in the other order, where `flipped`; and back. */
export const choiceIn = (choice: Choice, flipped: boolean): Choice => (flipped ? other[choice] : choice);

const schema = z.object({ type: z.literal('choice') });

/** What every queue of pairs asks, and no other. */
export const choice = {
  ...{ type: 'choice', kinds: ['pair'], most: 1, schema },
  ...{ field: 'choice', keyed: false, answers: choiceSchema.nullish(), none: null },
  isRequired: () => true,
  isGiven: Boolean,
  disagree: (answers) => answers.includes('first') && answers.includes('second'),
  measures: () => [{ name: 'vote', label: 'vote', level: 'nominal', value: (answer) => answer }],
  columns: () => [
    { name: 'choice', cell: (answer, flipped) => answer && choiceIn(answer, flipped) },
    { name: 'vote_as_seen', cell: (answer) => answer && sideOf[answer] },
    { name: 'left', cell: (answer, flipped) => answer && (flipped ? 'second' : 'first') },
  ],
  missing: () => ({ name: 'vote', message: 'Choose the first, the second, tie or both bad.' }),
  unknown: 'This is not a pair, so there is nothing to choose between.',
} satisfies QuestionType<z.infer<typeof schema>, Choice, 'choice'>;
