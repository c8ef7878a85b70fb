import { shareOf, shareUncertainty, type Share, type Uncertainty } from '../../statistics';
import type { Problem } from '../problem';
import { OFFICIAL_TABLE } from './subjects';
import type { ScoredResponse } from './types';

interface Result {
  /** Questions; the expected number may be a fraction. */
  correct: number;
  accuracy: number;
}

export interface MmmuSummary {
  overall: Share;
  /** Those that have a scored question; weighted by questions. */
  domains: Partial<Record<string, Share>>;
  subjects: Partial<Record<string, Share>>;
  uncertainty: {
    overall: Uncertainty;
    domains: Partial<Record<string, Uncertainty>>;
    subjects: Partial<Record<string, Uncertainty>>;
  };
  /** Responses that named no option, so that a letter was drawn. */
  fallbacks: number;
  /** What the draws make of the overall result: as drawn, on average, and at worst and best. */
  guessing: { seeded: Result; expected: Result; lowest: Result; highest: Result };
  /** Questions without an answer that could be scored. */
  missing: number;
  /** Then the result is not comparable with complete ones. */
  incomplete: boolean;
}

/**
 * Accuracies as the official scripts print them (calculate_ins_level_acc: every question weighs the same).
 * @param expected how many questions there are of each subject, where it is not the table's: of an answer file of
 * one's own, or a part of the set
 */
export function summarize(
  scored: readonly ScoredResponse[],
  expected?: ReadonlyMap<string, number>,
  table = OFFICIAL_TABLE,
): MmmuSummary {
  const subjects: MmmuSummary['subjects'] = {};
  const domains: MmmuSummary['domains'] = {};
  const uncertainty: MmmuSummary['uncertainty'] = {
    overall: shareUncertainty(verdictsOf(scored)),
    domains: {},
    subjects: {},
  };
  for (const subject of table.subjects) {
    const own = scored.filter((response) => response.subject === subject);
    if (own.length === 0) continue;
    subjects[subject] = shareOf(verdictsOf(own));
    uncertainty.subjects[subject] = shareUncertainty(verdictsOf(own));
  }
  for (const [domain, members] of Object.entries(table.domains)) {
    const own = scored.filter(({ subject }) => members.includes(subject));
    if (own.length === 0) continue;
    domains[domain] = shareOf(verdictsOf(own));
    uncertainty.domains[domain] = shareUncertainty(verdictsOf(own));
  }
  let missing = 0;
  for (const [subject, count] of expected ?? table.expected)
    missing += Math.max(0, count - (subjects[subject]?.n ?? 0));
  return {
    overall: shareOf(verdictsOf(scored)),
    domains,
    subjects,
    uncertainty,
    fallbacks: scored.filter(({ guess }) => guess !== null).length,
    guessing: guessingOf(scored),
    missing,
    incomplete: missing > 0,
  };
}

/** A line for each subject that lacks answers. */
export function missingAnswers(
  { subjects }: Pick<MmmuSummary, 'subjects'>,
  expected: ReadonlyMap<string, number> = OFFICIAL_TABLE.expected,
): Problem[] {
  return [...expected]
    .map(([subject, count]) => ({ subject, count, lacking: count - (subjects[subject]?.n ?? 0) }))
    .filter(({ lacking }) => lacking > 0)
    .map(({ subject, count, lacking }) => ({
      where: subject,
      reason: `${lacking} of ${count} questions have no answer that can be scored`,
    }));
}

const verdictsOf = (scored: readonly ScoredResponse[]): boolean[] => scored.map(({ correct }) => correct);

function guessingOf(scored: readonly ScoredResponse[]): MmmuSummary['guessing'] {
  const sum = (value: (response: ScoredResponse) => number): Result => {
    const correct = scored.reduce((total, response) => total + value(response), 0);
    return { correct, accuracy: scored.length === 0 ? 0 : correct / scored.length };
  };
  const seeded = ({ correct }: ScoredResponse): number => (correct ? 1 : 0);
  return {
    seeded: sum(seeded),
    expected: sum((response) => response.guess?.chance ?? seeded(response)),
    lowest: sum((response) => (response.guess ? Math.floor(response.guess.chance) : seeded(response))),
    highest: sum((response) => (response.guess ? Math.ceil(response.guess.chance) : seeded(response))),
  };
}
