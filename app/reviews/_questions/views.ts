import type { Question } from '@/server/reviews/questions/rubric';
import { questionViews } from './list';
import type { QuestionView } from './question-view';

/** A type of question whose questions and answers are not known more closely. */
export type AnyQuestionView = QuestionView<Question, unknown>;

const views: Readonly<Record<Question['type'], AnyQuestionView>> = questionViews;

/** How a question is on the pages. */
export const viewOf = ({ type }: Pick<Question, 'type'>): AnyQuestionView => views[type];

/** The questions that pages ask. */
export const askedOf = (questions: readonly Question[]): Question[] =>
  questions.filter((question) => viewOf(question).isAsked?.(question) ?? true);
