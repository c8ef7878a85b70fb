'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus, ScrollText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { atLeast } from '@/server/accounts/schema';
import type { QueueRow } from '@/server/reviews/schema';
import { buttonStyle } from '../_ui/button';
import { Failure } from '../_ui/failure';
import { useMe } from '../_ui/current-user';
import { PageLink } from '../_ui/page-link';
import { Segmented } from '../_ui/segmented';
import { useTRPC } from '../_trpc/client';
import { Frame } from './_parts/frame';
import { Begin } from './begin';
import { QueueItem } from './queue-item';

const shown = ['open', 'closed', 'mine', 'all'] as const;
type Shown = (typeof shown)[number];

const passes: Record<Shown, (queue: QueueRow) => boolean> = {
  open: ({ state }) => state === 'open',
  closed: ({ state }) => state === 'closed',
  mine: ({ mine }) => mine,
  all: () => true,
};

/** Every queue of the team, and what of it waits for whoever looks. */
export function Queues() {
  const t = useTranslations('reviews');
  const common = useTranslations('common');
  const trpc = useTRPC();
  const me = useMe();
  const mayReview = me !== null && atLeast(me.role, 'reviewer');
  const [show, setShow] = useQueryState('show', parseAsStringLiteral(shown).withDefault('open'));
  const queues = useQuery(trpc.reviews.queues.queryOptions(undefined, { refetchInterval: 15_000 }));
  const all = queues.data ?? [];
  const rows = all.filter(passes[show]);
  const waiting = all.filter(({ openToMe, state }) => state === 'open' && openToMe > 0);

  return (
    <Frame
      title={t('title')}
      lead={
        all.length > 0
          ? mayReview
            ? t('waiting', {
                items: waiting.reduce((sum, { openToMe }) => sum + openToMe, 0),
                queues: waiting.length,
              })
            : t('watching')
          : undefined
      }
      actions={
        <>
          <PageLink href="/reviews/audit" className={buttonStyle({ variant: 'ghost' })}>
            <ScrollText aria-hidden />
            {t('audit')}
          </PageLink>
          {mayReview && (
            <PageLink href="/reviews/new" className={buttonStyle({ variant: 'primary' })}>
              <Plus aria-hidden />
              {t('new')}
            </PageLink>
          )}
        </>
      }
    >
      {queues.isError && !queues.data ? (
        <Failure className="mt-6" error={queues.error} onRetry={() => void queues.refetch()} />
      ) : queues.data && all.length === 0 ? (
        <Begin mayReview={mayReview} />
      ) : (
        <>
          <div className="mt-5 max-w-full overflow-x-auto">
            <Segmented
              legend={t('show')}
              name="queues-shown"
              size="small"
              value={show}
              options={shown.map((value) => ({
                value,
                label: t('shown', { what: t(`shows.${value}`), count: all.filter(passes[value]).length }),
              }))}
              onChange={(value) => void setShow(value)}
            />
          </div>
          {rows.length > 0 ? (
            <ul
              aria-label={t('list')}
              className="border-line bg-surface divide-line mt-3 divide-y overflow-hidden rounded-xl border"
            >
              {rows.map((queue) => (
                <QueueItem key={queue.id} queue={queue} mayReview={mayReview} />
              ))}
            </ul>
          ) : (
            <p
              role="status"
              className="border-line text-muted mt-3 rounded-xl border border-dashed px-4 py-8 text-center text-sm"
            >
              {queues.data ? t(`none.${show}`) : common('loading')}
            </p>
          )}
        </>
      )}
    </Frame>
  );
}
