import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { QueueDetail } from '@/server/reviews/schema';
import { Failure } from '../../_ui/failure';
import { useTRPC } from '../../_trpc/client';
import { QuestionCard } from './agreement-card';
import { refetchMs } from './refetch-interval';

/** How far reviewers agree, question by question; asked for again while reviews come in. */
export function AgreementTab({ queue }: { queue: QueueDetail }) {
  const t = useTranslations('reviewResults.agreement');
  const common = useTranslations('common');
  const trpc = useTRPC();
  const found = useQuery({
    ...trpc.reviews.agreement.queryOptions({ queueId: queue.id }),
    refetchInterval: queue.state === 'open' ? refetchMs : false,
  });
  const questions = found.data ?? [];
  const enough = questions.some(({ items }) => items > 0);
  return (
    <section aria-label={t('label')}>
      <p className="text-muted max-w-prose text-sm leading-6 text-pretty">{t('lead')}</p>
      {found.isError && !found.data ? (
        <Failure className="mt-4" error={found.error} onRetry={() => void found.refetch()} />
      ) : !found.data ? (
        <p role="status" className="text-muted mt-4 text-sm">
          {common('loading')}
        </p>
      ) : !enough ? (
        <div className="border-line mt-4 rounded-xl border border-dashed px-4 py-8 text-center">
          <p role="status" className="text-sm font-medium">
            {t('few')}
          </p>
          <p className="text-muted mx-auto mt-1 max-w-prose text-sm leading-6 text-pretty">
            {t(queue.reviewsPerItem < 2 ? 'fewOne' : 'fewYet')}
          </p>
        </div>
      ) : (
        <ul className="mt-4 grid gap-3 lg:grid-cols-2">
          {questions.map((question) => (
            <li key={question.question}>
              <QuestionCard question={question} rubric={queue.rubric} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
