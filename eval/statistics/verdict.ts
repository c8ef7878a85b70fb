/** What a comparison of two runs on the same items says of the second; an effect inside the noise is a tie. */
export type Verdict = 'better' | 'worse' | 'tie';

/** A difference that equally good runs show less often than this is no tie. */
export const significance = 0.05;
