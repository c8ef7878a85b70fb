import { PythonRandom } from '../../random/mt19937';
import type { Problem } from '../problem';
import { isRightChoice, parseChoice } from './parse-choice';
import { isRightOpen, parseOpen } from './parse-open';
import { OFFICIAL_TABLE, type SubjectTable } from './subjects';
import { UnscorableError, type MmmuResponse, type ScoredResponse } from './types';

const seed = 42;

/**
 * Scores responses as the official main_parse_and_eval.py with `--subject ALL`: the random draws for responses
 * that name no option come from one generator, subject after subject in the table's order.
 * @returns the scored responses in that order; those that cannot be scored, and draw nothing, as problems
 */
export function scoreResponses(
  responses: readonly MmmuResponse[],
  table = OFFICIAL_TABLE,
): {
  scored: ScoredResponse[];
  problems: Problem[];
} {
  const random = new PythonRandom(seed);
  const scored: ScoredResponse[] = [];
  const problems: Problem[] = [];
  for (const response of inTableOrder(responses, table))
    try {
      scored.push(scoreResponse(response, random));
    } catch (error) {
      if (!(error instanceof UnscorableError)) throw error;
      problems.push({ where: response.id, reason: error.message });
    }
  return { scored, problems };
}

/** By subject in the table's order; within a subject as they come. */
export const inTableOrder = (
  responses: readonly MmmuResponse[],
  { subjects }: Pick<SubjectTable, 'subjects'>,
): MmmuResponse[] =>
  subjects.flatMap((subject) => responses.filter((response) => response.subject === subject));

function scoreResponse(response: MmmuResponse, random: PythonRandom): ScoredResponse {
  const { id, subject, answer } = response;
  if (response.kind === 'open')
    return { id, subject, correct: isRightOpen(answer, parseOpen(response.response)), guess: null };
  const { letter, guessed } = parseChoice(response, random);
  const right = response.choices.filter((choice) => isRightChoice(answer, choice)).length;
  return {
    id,
    subject,
    correct: isRightChoice(answer, letter),
    guess: guessed ? { letter, chance: right / response.choices.length } : null,
  };
}
