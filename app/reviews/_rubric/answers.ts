import type { Answers, Rubric } from '@/server/reviews/schema';

/** Nothing answered yet. */
export const noAnswers: Answers = { verdict: null, scales: {}, tags: [], comment: '', vote: null };

/** Whether every question that the rubric asks for is answered; tags may stay empty. A vote where there is no rubric. */
export function isComplete(rubric: Rubric | null, answers: Answers): boolean {
  if (!rubric) return Boolean(answers.vote);
  if (rubric.verdict && !answers.verdict) return false;
  if (rubric.scales.some(({ key }) => answers.scales[key] === undefined)) return false;
  return rubric.comment !== 'required' || answers.comment.trim() !== '';
}
