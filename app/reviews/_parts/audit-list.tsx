'use client';

import { useInfiniteQuery, type InfiniteData } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { AuditRow } from '@/server/reviews/schema';
import { Failure } from '../../_ui/failure';
import { PageLink } from '../../_ui/page-link';
import { useTRPC } from '../../_trpc/client';
import { AuditDetails } from './audit-details';
import { Moment } from '../../_ui/moment';
import { VirtualList } from '../../_ui/virtual-list';

interface AuditListProps {
  /** One queue's record; without it that of all of them. */
  queueId?: string;
  /** The newest, as the server read it for the page. */
  first?: { items: AuditRow[]; nextCursor: string | null } | null;
}

/** Who did what, and when: the newest first. Nothing in it is ever changed. */
export function AuditList({ queueId, first }: AuditListProps) {
  const t = useTranslations('reviewResults.audit');
  const common = useTranslations('common');
  const trpc = useTRPC();
  const initialData: InfiniteData<NonNullable<typeof first>, string | null> | undefined = first
    ? { pages: [first], pageParams: [null] }
    : undefined;
  const list = useInfiniteQuery({
    ...trpc.reviews.audit.infiniteQueryOptions(queueId ? { queueId } : {}, {
      getNextPageParam: (page) => page.nextCursor,
    }),
    initialData,
  });
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];

  if (list.isError && rows.length === 0)
    return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  if (rows.length === 0)
    return (
      <p role="status" className="text-muted text-sm">
        {list.data ? t('none') : common('loading')}
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
