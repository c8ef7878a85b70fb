import { choiceIn, sideOf, type Choice, type Side } from './questions/choice';
import { noAnswers, pairRubric, type Answers, type Question, type Rubric } from './questions/rubric';

/**
 * Rubrics and answers as they are kept, in the database and on the devices of reviewers: all that the first release
 * wrote is read here, and nowhere else. Browser-safe.
 */

/** One list for each type of question. */
interface FirstRubric {
  verdict: { question: string } | null;
  scales: { key: string; name: string; anchors: string[] }[];
  tags: { key: string; label: string }[];
  comment: 'none' | 'optional' | 'required';
}

/** A rubric as the column of a queue has it. */
export type KeptRubric = Rubric | FirstRubric | null;

/** What the items of a queue are asked. @param kept null for pairs, whose question is always the same */
export function rubricOf(kept: KeptRubric): Rubric {
  if (!kept) return pairRubric;
  if ('questions' in kept) return kept;
  const { verdict, scales, tags, comment } = kept;
  const questions: Question[] = [
    ...(verdict ? [{ type: 'verdict', question: verdict.question } as const] : []),
    ...scales.map((scale) => ({ type: 'scale', ...scale }) as const),
    ...(tags.length > 0 ? [{ type: 'tags', tags } as const] : []),
    ...(comment === 'none' ? [] : [{ type: 'comment', need: comment } as const]),
  ];
  return { questions };
}

/** Answers as they are kept: a choice is a `vote` for the side on which the reviewer saw it. */
export type KeptAnswers = Omit<Answers, 'choice'> & { vote?: Side | null };

const choiceOfSide = Object.fromEntries(
  Object.entries(sideOf).map(([choice, side]) => [side, choice]),
) as Record<Side, Choice>;

/** Answers to be kept, of whoever had the outputs in this order. */
export const keep = ({ choice, ...answers }: Answers): KeptAnswers => ({
  ...answers,
  vote: choice ? sideOf[choice] : null,
});

/** Answers that were kept, to whoever gave them. */
export const readKept = ({ vote, ...answers }: KeptAnswers): Answers => ({
  ...noAnswers,
  ...answers,
  choice: vote ? choiceOfSide[vote] : null,
});

/**
 * The answers of a review to anybody.
 * @param choice of a pair, in the queue's order
 * @param flipped whether they have the second output first
 */
export const answersOf = (kept: KeptAnswers, choice: Choice | null, flipped = false): Answers => ({
  ...readKept(kept),
  choice: choice && choiceIn(choice, flipped),
});
