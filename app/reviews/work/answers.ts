import type { Answers, Rubric } from '@/server/reviews/schema';

/** What a reviewer says of an item: pure functions over the answers and the rubric. */

export const noAnswers: Answers = { verdict: null, scales: {}, tags: [], comment: '', vote: null };

/** One question of a rubric, in the order in which they are asked. */
export type Question =
  | { kind: 'verdict'; key: 'verdict'; text: string }
  | { kind: 'scale'; key: string; text: string; anchors: readonly string[] }
  | { kind: 'tags'; key: 'tags'; tags: readonly { key: string; label: string }[] }
  | { kind: 'comment'; key: 'comment'; required: boolean };

/** A scale may have the key `tags` too, so questions are told apart by this. */
export const questionId = (question: Question): string =>
  question.kind === 'scale' ? `scale-${question.key}` : question.kind;

export function questionsOf(rubric: Rubric): Question[] {
  const { verdict, scales, tags, comment } = rubric;
  return [
    ...(verdict ? [{ kind: 'verdict', key: 'verdict', text: verdict.question } as const] : []),
    ...scales.map(({ key, name, anchors }) => ({ kind: 'scale', key, text: name, anchors }) as const),
    ...(tags.length > 0 ? [{ kind: 'tags', key: 'tags', tags } as const] : []),
    ...(comment === 'none'
      ? []
      : [{ kind: 'comment', key: 'comment', required: comment === 'required' } as const]),
  ];
}

/** How many choices the digits 1 to 9 reach. */
export function choicesOf(question: Question): number {
  if (question.kind === 'verdict') return 2;
  if (question.kind === 'scale') return 5;
  return question.kind === 'tags' ? Math.min(9, question.tags.length) : 0;
}

/** The answers after the n-th choice (from 1) of a question; a tag chosen again is taken away. */
export function choose(answers: Answers, question: Question, n: number): Answers {
  if (n < 1 || n > choicesOf(question)) return answers;
  if (question.kind === 'verdict') return { ...answers, verdict: n === 1 ? 'pass' : 'fail' };
  if (question.kind === 'scale') return { ...answers, scales: { ...answers.scales, [question.key]: n } };
  const key = question.kind === 'tags' ? question.tags[n - 1]?.key : undefined;
  return key === undefined ? answers : toggleTag(answers, key);
}

export const toggleTag = (answers: Answers, key: string): Answers => ({
  ...answers,
  tags: answers.tags.includes(key) ? answers.tags.filter((tag) => tag !== key) : [...answers.tags, key],
});

export function isAnswered(answers: Answers, question: Question): boolean {
  if (question.kind === 'verdict') return Boolean(answers.verdict);
  if (question.kind === 'scale') return answers.scales[question.key] !== undefined;
  return question.kind === 'tags' ? answers.tags.length > 0 : answers.comment.trim() !== '';
}

/** Whether a review without an answer to it is refused. */
const isNeeded = (question: Question) =>
  question.kind === 'verdict' ||
  question.kind === 'scale' ||
  (question.kind === 'comment' && question.required);

/** The place of the first question that still needs an answer; -1 where there is none. */
export const firstMissing = (answers: Answers, questions: readonly Question[]): number =>
  questions.findIndex((question) => isNeeded(question) && !isAnswered(answers, question));

/**
 * Which question comes after one that was answered by a digit: the next that needs a choice, so that a rubric is
 * filled without other keys. Where none does it stays: a mistake is then mended by another digit.
 */
export function questionAfter(answers: Answers, questions: readonly Question[], at: number): number {
  const question = questions[at];
  if (!question || question.kind === 'tags') return at;
  const next = questions.findIndex(
    (other, place) => place > at && choicesOf(other) > 0 && isNeeded(other) && !isAnswered(answers, other),
  );
  return next < 0 ? at : next;
}

/** Whether a single choice answers the whole rubric, so that it may be sent with the choice. */
export function isSingleChoice(questions: readonly Question[]): boolean {
  const [first, ...others] = questions;
  const single = first?.kind === 'verdict' || first?.kind === 'scale';
  return (
    single &&
    others.every(({ kind, ...rest }) => kind === 'comment' && !('required' in rest && rest.required))
  );
}

export const isUntouched = ({ verdict, scales, tags, comment, vote }: Answers): boolean =>
  !verdict && !vote && Object.keys(scales).length === 0 && tags.length === 0 && comment === '';

/** The answers that a rubric asks for: what it no longer has is left out, so that an old draft is not refused. */
export function fitting(answers: Answers, rubric: Rubric | null): Answers {
  if (!rubric) return { ...noAnswers, vote: answers.vote ?? null };
  const scales = rubric.scales.flatMap(({ key }) => {
    const value = answers.scales[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return {
    verdict: rubric.verdict ? (answers.verdict ?? null) : null,
    scales: Object.fromEntries(scales),
    tags: answers.tags.filter((tag) => rubric.tags.some(({ key }) => key === tag)),
    comment: rubric.comment === 'none' ? '' : answers.comment,
    vote: null,
  };
}
