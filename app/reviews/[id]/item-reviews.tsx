import { EyeOff, Gavel } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { QueueDetail, ReviewView, Rubric, TaskRow } from '@/server/reviews/schema';
import { Badge } from '../_parts/badge';
import { Moment } from '../../_ui/moment';
import { AnswerView } from '../_questions/answer-view';
import { decisionOf, voicesOf, type Voice } from './reviewer-history';

interface ItemReviewsProps {
  row: TaskRow;
  queue: Pick<QueueDetail, 'rubric' | 'reviewsPerItem'>;
}

/** What every reviewer said, beside each other, each with what they said before; and the decision where there is one. */
export function ItemReviews({ row, queue }: ItemReviewsProps) {
  const t = useTranslations('reviewResults.item');
  const voices = voicesOf(row.reviews);
  const decision = decisionOf(row.reviews);
  const isOwn = voices.some(({ reviewer }) => reviewer.id === decision?.reviewer.id);
  const seen = voices.filter(({ current }) => current).length;
  const hidden = row.given - seen;
  return (
    <section aria-label={t('reviews')} className="flex min-w-0 flex-col gap-3">
      {decision && (
        <div className="border-accent bg-accent-soft rounded-xl border p-3">
          <p className="flex items-center gap-1.5 text-sm font-medium">
            <Gavel aria-hidden className="text-accent size-4" />
            {t(isOwn ? 'decidedOwn' : 'decided', { name: decision.reviewer.name })}
          </p>
          <ProblemText review={decision} rubric={queue.rubric} />
        </div>
      )}
      {voices.length > 0 && (
        <ul
          aria-label={t('reviews')}
          className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,13rem),1fr))] gap-3"
        >
          {voices.map((voice) => (
            <li key={voice.reviewer.id} className="border-line bg-surface min-w-0 rounded-xl border p-3">
              <VoiceView voice={voice} rubric={queue.rubric} />
            </li>
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <p className="text-muted flex items-start gap-2 text-[13px] leading-5">
          <EyeOff aria-hidden className="mt-0.5 size-4 shrink-0" />
          {t('hidden', { count: hidden })}
        </p>
      )}
      {voices.length === 0 && row.given === 0 && <p className="text-muted text-sm">{t('none')}</p>}
    </section>
  );
}

function VoiceView({ voice, rubric }: { voice: Voice; rubric: Rubric }) {
  const t = useTranslations('reviewResults.item');
  const { reviewer, current, history } = voice;
  const [newest] = history;
  const before = history.filter((review) => review !== (current ?? newest));
  return (
    <>
      <p className="truncate text-sm font-medium">{reviewer.name}</p>
      {current ? (
        <ProblemText review={current} rubric={rubric} />
      ) : newest ? (
        <ProblemText review={newest} rubric={rubric} />
      ) : null}
      {before.length > 0 && (
        <details className="border-line mt-2 border-t pt-2">
          <summary className="text-muted cursor-pointer rounded text-[13px]">
            {t('before', { count: before.length })}
          </summary>
          <ol className="mt-1.5 flex flex-col gap-3">
            {before.map((review) => (
              <li key={review.id}>
                <ProblemText review={review} rubric={rubric} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </>
  );
}

/** One entry of the record: what was said, why, when, and how long it took. */
function ProblemText({ review, rubric }: { review: ReviewView; rubric: Rubric }) {
  const t = useTranslations('reviewResults.item');
  const { kind, answers, reason, spentMs, createdAt, discussed } = review;
  return (
    <div className="mt-1.5 flex flex-col gap-1.5">
      {(kind === 'withdrawal' || kind === 'skip') && (
        <span>
          <Badge>{t(`kinds.${kind}`)}</Badge>
        </span>
      )}
      {discussed && (
        <span>
          <Badge>{t('kinds.discussed')}</Badge>
        </span>
      )}
      {answers && <AnswerView rubric={rubric} answers={answers} />}
      {reason && (
        <p className="text-[13px] leading-5 [overflow-wrap:anywhere]">
          <span className="text-muted">{t('reason')}</span> {reason}
        </p>
      )}
      <p className="text-muted text-xs leading-5">
        <Moment at={createdAt} />
        {spentMs !== null && spentMs >= 500 && <> · {t('spent', { seconds: Math.round(spentMs / 1000) })}</>}
      </p>
    </div>
  );
}
