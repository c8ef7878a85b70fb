import {
  agreementEstimate,
  agreementEstimates,
  cohenKappa,
  countValues,
  fleissKappa,
  krippendorffAlpha,
  percentAgreement,
  sizeOf,
  paired,
  prevalentValue,
  specificAgreement,
  type AgreementEstimate,
  type Value,
} from '../../../eval/statistics';
import type { Me } from '../../accounts/schema';
import { queueFor } from '../queue';
import type { ReviewDeps } from '../queues';
import { answerTo, typeOf, type Rubric } from '../questions/rubric';
import type { Agreement } from '../schema';
import { isSelectedByOutcome } from './selection';
import { byItem, live, readReviews, untilNextReview, type CountedReview } from './read';

interface Measured extends Pick<Agreement, 'question' | 'label' | 'level'> {
  answer: (review: CountedReview) => Value | null;
}

/**
 * How far reviewers agree, by what the types of its questions measure: a verdict and every tag (there or
 * not) by name, a scale by its order.
 * A decision in a dispute is nobody's review and counts in none of it, nor does what somebody changed after reading the
 * others' answers.
 * @throws StudioError NOT_FOUND
 */
export async function agreementOf({ db }: ReviewDeps, user: Me, queueId: string): Promise<Agreement[]> {
  const { rubric, source } = await queueFor(db.pool, user, queueId);
  const selected = isSelectedByOutcome(source);
  return untilNextReview(db.pool, 'agreement', queueId, async () => {
    const items = byItem(await readReviews(db.pool, queueId, 'first')).filter(
      (reviews) => reviews.length >= 2,
    );
    return measuresOf(rubric).map((measured) => agreementOn(measured, items, selected));
  });
}

const measuresOf = ({ questions }: Rubric): Measured[] =>
  questions.flatMap((question) =>
    (typeOf(question).measures?.(question) ?? []).map(({ name, label, level, value }) => ({
      ...{ question: name, label, level },
      answer: ({ answers }) => value(answerTo(answers, question)),
    })),
  );

function agreementOn(
  { question, label, level, answer }: Measured,
  items: readonly CountedReview[][],
  selected: boolean,
): Agreement {
  const table = paired(countValues(items.map((reviews) => reviews.map(answer))));
  const { units, ratings } = sizeOf(table);
  const percent = percentAgreement(table);
  const [fleiss, alpha] = agreementEstimates([fleissKappa(table), krippendorffAlpha(table, level)], live);
  const cohen = twoReviewers(items, answer);
  const prevalent = alpha!.undefined === null ? prevalentValue(table, prevalence) : null;
  const specific =
    level === 'nominal' && units > 0 && (selected || prevalent) ? specificAgreement(table) : null;
  // Of items that were chosen by how they came out only percentages are told.
  const told = selected && units > 0 ? null : { cohen, fleiss: fleiss!, krippendorff: alpha! };
  return {
    ...{ question, label, level, items: units, reviews: ratings },
    percent: percent.undefined ? null : percent.at(percent.weights),
    ...(prevalent && told && { prevalent }),
    ...(specific && { specific }),
    cohen: told?.cohen ? figure(agreementEstimate(cohenKappa(...told.cohen), live)) : null,
    fleiss: told && figure(told.fleiss),
    krippendorff: told && figure(told.krippendorff),
    note: told ? noteOf(told.krippendorff) : 'selected',
  };
}

/** Share of one answer above which coefficients beyond chance say little. */
export const prevalence = 0.9;

/** What the two reviewers said, if there are two and both reviewed every item. */
function twoReviewers(
  items: readonly CountedReview[][],
  answer: Measured['answer'],
): [first: (Value | null)[], second: (Value | null)[]] | null {
  const reviewers = [...new Set(items.flat().map(({ reviewerId }) => reviewerId))].sort();
  if (reviewers.length !== 2 || items.some((reviews) => reviews.length !== 2)) return null;
  const said = (reviewer: string) =>
    items.map((reviews) => answer(reviews.find(({ reviewerId }) => reviewerId === reviewer)!));
  return [said(reviewers[0]!), said(reviewers[1]!)];
}

export const figure = ({ value, interval }: AgreementEstimate) =>
  value === null ? null : { value, interval: interval && ([...interval] as [number, number]) };

/** Why there is no alpha, or none with an interval. */
function noteOf({ value, undefined: why, interval }: AgreementEstimate): Agreement['note'] {
  // Alpha does not mind different numbers of reviews.
  if (why) return why === 'unequal' ? null : why;
  return interval ? null : value === 1 ? 'perfect' : 'unsure';
}
