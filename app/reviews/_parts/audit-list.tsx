'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { AuditRow } from '@/server/reviews/schema';
import { Pending } from '../../_ui/pending';
import { PageLink } from '../../_ui/page-link';
import { useTRPC } from '../../_trpc/client';
import { nextPage } from '../../_trpc/next-page';
import { AuditDetails } from './audit-details';
import { Moment } from '../../_ui/moment';
import { VirtualList } from '../../_ui/virtual-list';

/**
 * Who did what, and when: the newest first. Nothing in it is ever changed.
 * @param props.queueId one queue's record; without it that of all of them
 */
export function AuditList({ queueId }: { queueId?: string }) {
  const t = useTranslations('reviewResults.audit');
  const trpc = useTRPC();
  const list = useInfiniteQuery(
    trpc.reviews.audit.infiniteQueryOptions(queueId ? { queueId } : {}, nextPage),
  );
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];

  if (!list.data) return <Pending query={list} />;
  if (rows.length === 0)
    return (
      <p role="status" className="text-muted text-sm">
        {t('none')}
      </p>
    );
  return (
    <div aria-busy={list.isFetching} className="border-line bg-surface overflow-hidden rounded-xl border">
      <VirtualList
        label={t('label')}
        items={rows}
        keyOf={({ id }) => id}
        rowHeight={45}
        onNearEnd={onNearEnd}
        render={(row) => <Line row={row} withQueue={!queueId} />}
      />
    </div>
  );
}

function Line({ row, withQueue }: { row: AuditRow; withQueue: boolean }) {
  const t = useTranslations('reviewResults.audit');
  const { at, who, what, queueId, queue, taskId, details } = row;
  const key = `what.${what}` as 'label';
  return (
    <div className="border-line grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-b px-4 py-2 text-sm leading-6 sm:grid-cols-[11.5rem_minmax(0,1fr)_auto]">
      <Moment at={at} seconds className="text-muted text-[13px] tabular-nums max-sm:col-span-2" />
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <span className="font-medium">{who?.name ?? t('server')}</span>{' '}
        <span className="text-muted">{/^\w+\.\w+$/.test(what) && t.has(key) ? t(key) : what}</span>
        {withQueue && queueId && (
          <>
            {' '}
            <PageLink href={`/reviews/${queueId}`} className={linkStyle}>
              {queue ?? t('queue')}
            </PageLink>
          </>
        )}
        {queueId && taskId && (
          <>
            {' · '}
            <PageLink href={`/reviews/${queueId}?item=${taskId}`} className={linkStyle}>
              {t('item')}
            </PageLink>
          </>
        )}
      </div>
      <AuditDetails details={details} />
    </div>
  );
}

const linkStyle =
  'text-accent decoration-accent/40 hover:decoration-accent rounded underline underline-offset-2';
