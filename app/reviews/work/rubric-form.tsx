import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { questionId } from '../../../server/reviews/questions/rubric';
import { SubmitBar } from './actions';
import { QuestionField } from './question';
import type { Review } from './use-review';

interface RubricFormProps {
  review: Review;
  /** Above the buttons: what keeps this item from being sent. */
  notice: ReactNode;
  onSkip: () => void;
  canUndo: boolean;
}

/** The questions of the rubric, and what sends the answers: at the side, on a phone under the thumb. */
export function RubricForm({ review, notice, onSkip, canUndo }: RubricFormProps) {
  const t = useTranslations('reviewWork');
  const { questions, answers, at, missing, disabled, single, atOnce } = review;
  return (
    <form
      aria-label={t('rubric')}
      onSubmit={(event) => event.preventDefault()}
      className="border-line flex min-h-0 flex-col max-lg:max-h-[38dvh] max-lg:border-t max-lg:pt-1 lg:border-l"
    >
      <div className="min-h-0 flex-1 space-y-1 overflow-y-auto overscroll-contain px-2 py-1 sm:px-3 lg:pt-3">
        {questions.map((question, place) => (
          <QuestionField
            key={questionId(question)}
            {...{ question, answers }}
            disabled={review.held === null}
            current={place === at}
            missing={place === missing}
            onCurrent={() => review.setAt(place)}
            onAnswers={(next) => review.answerHere(next, question)}
          />
        ))}
      </div>
      <div className="shrink-0 space-y-2 px-3 pt-1 pb-3 sm:px-4">
        {notice}
        {single && (
          <label className="text-muted flex min-h-6 cursor-pointer items-center gap-2 text-[13px]">
            <input
              type="checkbox"
              className="accent-accent size-4"
              checked={atOnce}
              onChange={({ target }) => review.setAtOnce(target.checked)}
            />
            {t('atOnce')}
          </label>
        )}
        <SubmitBar
          onSubmit={() => review.submit()}
          onUndo={review.undo}
          onSkip={onSkip}
          canUndo={canUndo}
          disabled={disabled}
        />
      </div>
    </form>
  );
}
