import { Gavel, Lock, Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { QueueRow } from '@/server/reviews/schema';
import { buttonStyle } from '../_ui/button';
import { PageLink } from '../_ui/page-link';
import { Badge } from './_parts/badge';
import { Moment } from '../_ui/moment';
import { Progress } from './_parts/progress';

/** A queue in the list: how far it is, and the way into it. */
export function QueueItem({ queue, mayReview }: { queue: QueueRow; mayReview: boolean }) {
  const t = useTranslations('reviews');
  const { id, name, kind, state, items, reviewsPerItem, reviews, done, adjudicate, openToMe } = queue;
  const wanted = items * reviewsPerItem;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2.5 px-4 py-3 md:grid-cols-[minmax(0,1fr)_15rem_8.5rem]">
      <div className="min-w-0 max-md:col-span-2">
        <p className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
          <PageLink
            href={`/reviews/${id}`}
            className="hover:text-accent min-w-0 truncate rounded font-medium transition-colors"
          >
            {name}
          </PageLink>
          {state === 'closed' && (
            <Badge>
              <Lock aria-hidden />
              {t('closed')}
            </Badge>
          )}
          {adjudicate > 0 && (
            <PageLink href={`/reviews/${id}?tab=adjudication`} className="rounded-md">
              <Badge tone="danger">
                <Gavel aria-hidden />
                {t('toDecide', { count: adjudicate })}
              </Badge>
            </PageLink>
          )}
        </p>
        <p className="text-muted mt-0.5 text-[13px] leading-5">
          {t(`kinds.${kind}`)} · {t('items', { count: items })}
          {reviewsPerItem > 1 && <> · {t('each', { count: reviewsPerItem })}</>}
          {' · '}
          {queue.mine ? t('byMe') : queue.createdBy ? t('by', { name: queue.createdBy.name }) : t('byNobody')}
          {' · '}
          <Moment at={queue.createdAt} />
        </p>
      </div>
      <div className="min-w-0">
        <Progress label={t('progressOf', { name })} value={reviews} of={wanted} />
        <p className="text-muted mt-1 text-[13px] leading-5 tabular-nums">
          {t('progress', { reviews, wanted, done, items })}
        </p>
      </div>
      <div className="flex justify-end">
        {mayReview && state === 'open' && openToMe > 0 ? (
          <PageLink
            href={`/reviews/${id}/work`}
            aria-label={t('reviewNamed', { name, count: openToMe })}
            className={buttonStyle({ variant: 'primary' })}
          >
            <Play aria-hidden />
            {t('review')}
            <span className="tabular-nums opacity-80">{openToMe}</span>
          </PageLink>
        ) : (
          <span className="text-muted text-[13px]">
            {mayReview && state === 'open' ? t(done === items ? 'allDone' : 'nothingForMe') : null}
          </span>
        )}
      </div>
    </li>
  );
}
