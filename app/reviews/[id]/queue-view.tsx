'use client';

import { useQuery } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { atLeast } from '@/server/accounts/schema';
import { buttonStyle } from '../../_ui/button';
import { useMe } from '../../_ui/current-user';
import { PageLink } from '../../_ui/page-link';
import { useTRPC } from '../../_trpc/client';
import { Badge } from '../_parts/badge';
import { Frame } from '../_parts/frame';
import { Moment } from '../../_ui/moment';
import { Pending } from '../../_ui/pending';
import { Progress } from '../_parts/progress';
import { AboutQueue } from './about-queue';
import { QueueTabs } from './queue-tabs';
import { QueueTools } from './queue-tools';
import { refetchMs } from './refetch-interval';

/** A queue: how far it is, what it asks, and everything that follows from its reviews. */
export function QueueView({ id }: { id: string }) {
  const t = useTranslations('reviews');
  const r = useTranslations('reviewResults');
  const trpc = useTRPC();
  const me = useMe();
  const found = useQuery(trpc.reviews.queue.queryOptions({ id }, { refetchInterval: refetchMs }));
  const queue = found.data;
  const back = { href: '/reviews', label: t('back') };
  if (!queue)
    return (
      <Frame title={t('title')} back={back}>
        <div className="mt-6">
          <Pending query={found} />
        </div>
      </Frame>
    );
  const mayReview = me !== null && atLeast(me.role, 'reviewer');
  const wanted = queue.items * queue.reviewsPerItem;
  return (
    <Frame
      title={
        <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          {queue.name}
          {queue.state === 'closed' && <Badge>{t('closed')}</Badge>}
          {queue.blind && <Badge tone="outline">{r('blind')}</Badge>}
        </span>
      }
      lead={
        <>
          {t(`kinds.${queue.kind}`)} · {t('items', { count: queue.items })} ·{' '}
          {t('each', { count: queue.reviewsPerItem })} ·{' '}
          {queue.mine ? t('byMe') : queue.createdBy ? t('by', { name: queue.createdBy.name }) : t('byNobody')}
          {' · '}
          <Moment at={queue.createdAt} />
        </>
      }
      back={back}
      actions={
        <>
          <QueueTools queue={queue} />
          {mayReview && queue.state === 'open' && queue.openToMe > 0 && (
            <PageLink href={`/reviews/${id}/work`} className={buttonStyle({ variant: 'primary' })}>
              <Play aria-hidden />
              {t('review')}
              <span className="tabular-nums opacity-80">{queue.openToMe}</span>
            </PageLink>
          )}
        </>
      }
    >
      <div className="mt-4">
        <Progress label={t('progressOf', { name: queue.name })} value={queue.reviews} of={wanted} />
        <p role="status" className="text-muted mt-1.5 text-[13px] leading-5 tabular-nums">
          {t('progress', { reviews: queue.reviews, wanted, done: queue.done, items: queue.items })}
          {queue.adjudicate > 0 && <> · {t('toDecide', { count: queue.adjudicate })}</>}
        </p>
      </div>
      <AboutQueue queue={queue} />
      <QueueTabs queue={queue} />
    </Frame>
  );
}
