import type { Answers, Rubric } from './schema';

/** Steps of a scale of five by which two reviewers must be apart: one step is a matter of taste. */
const apart = 2;

/**
 * Whether reviewers disagree so far on an item that somebody else has to decide:
 * - their verdicts are split, however many are on either side;
 * - on one scale the lowest and the highest answer are 2 steps or more apart;
 * - of a pair, one prefers the left and another the right. A tie beside a preference is no contradiction, nor is
 *   "both bad".
 *
 * Tags and comments never ask for it: they are notes, and leaving one out is no denial. Questions that the rubric does
 * not ask, and those that somebody left open, do not count.
 * @param answers of the reviews that count, one a reviewer: not withdrawn, not replaced, not skipped; votes in the
 *   stored order of the pair, not as the sides were drawn
 * @param rubric null for pairs
 */
export function needsAdjudication(
  answers: readonly Pick<Answers, 'verdict' | 'scales' | 'vote'>[],
  rubric: Pick<Rubric, 'verdict' | 'scales'> | null,
): boolean {
  if (!rubric)
    return split(
      answers.map(({ vote }) => vote),
      'left',
      'right',
    );
  if (
    rubric.verdict &&
    split(
      answers.map(({ verdict }) => verdict),
      'pass',
      'fail',
    )
  )
    return true;
  return rubric.scales.some(({ key }) => {
    const given = answers.flatMap(({ scales }) => scales[key] ?? []);
    return Math.max(...given) - Math.min(...given) >= apart;
  });
}

const split = <T>(given: readonly T[], one: T, other: T): boolean =>
  given.includes(one) && given.includes(other);
