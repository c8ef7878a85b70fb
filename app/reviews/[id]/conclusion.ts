import type { Agreement } from '@/server/reviews/schema';
import { agreementLevel, type AgreementLevel } from './agreement-level';

export type CoefficientName = 'cohen' | 'fleiss' | 'krippendorff';

/** What is to be said of the agreement on one question: one word, by one coefficient. */
export interface Conclusion {
  /** Null where no coefficient says anything, or none is told. */
  word: AgreementLevel | null;
  /** The coefficient that fits these reviews, and why it does; null where none is defined. */
  by: CoefficientName | null;
  fits: 'two' | 'same' | 'any' | 'ordered' | null;
  /** Where the interval reaches into another word. */
  unsettled: readonly [low: number, high: number] | null;
  /** The other ones that are defined; all of them where none is the measure. */
  others: CoefficientName[];
}

const names = ['cohen', 'fleiss', 'krippendorff'] as const;

/**
 * The coefficient that fits: for ordered answers the one that knows how far they are apart; for named ones Cohen's kappa
 * where two reviewers judged everything, Fleiss' where every item has the same number of reviews, else Krippendorff's
 * alpha. None is the measure where nearly all answers are one.
 */
export function conclusionOf(agreement: Agreement): Conclusion {
  const defined = names.filter((name) => agreement[name] !== null);
  const by =
    agreement.level === 'nominal'
      ? (defined[0] ?? null)
      : (defined.find((name) => name === 'krippendorff') ?? null);
  const found = by && agreement[by];
  if (!by || !found || agreement.prevalent)
    return { word: null, by: null, fits: null, unsettled: null, others: defined };
  const { value, interval } = found;
  const fits = { cohen: 'two', fleiss: 'same', krippendorff: 'any' } as const;
  return {
    word: agreementLevel(value),
    by,
    fits: agreement.level === 'nominal' ? fits[by] : 'ordered',
    unsettled: interval && agreementLevel(interval[0]) !== agreementLevel(interval[1]) ? interval : null,
    others: defined.filter((name) => name !== by),
  };
}
