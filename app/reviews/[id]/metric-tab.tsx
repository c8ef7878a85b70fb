import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { lazyPart } from '../../_ui/lazy-part';
import { useFormatter, useTranslations } from 'next-intl';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useCallback } from 'react';
import type { AgainstMetric, QueueDetail } from '@/server/reviews/schema';
import { Button } from '../../_ui/button';
import { Failure } from '../../_ui/failure';
import { useTRPC } from '../../_trpc/client';
import { nextPage } from '../../_trpc/next-page';
import { VirtualList } from '../../_ui/virtual-list';
import { CoefficientRow } from './coefficient';
import { Confusion, cells } from './confusion';
import { refetchMs } from './refetch-interval';
import { agreementLevel } from './agreement-level';
import { TaskLine } from './task-line';

const ItemDialog = lazyPart(() => import('./item-dialog').then((of) => of.ItemDialog));

/** What people said against what the benchmark measured, and the items behind every figure. */
export function MetricTab({ queue }: { queue: QueueDetail }) {
  const t = useTranslations('reviewResults.metric');
  const common = useTranslations('common');
  const trpc = useTRPC();
  const found = useQuery({
    ...trpc.reviews.againstMetric.queryOptions({ queueId: queue.id }),
    refetchInterval: queue.state === 'open' ? refetchMs : false,
  });
  const against = found.data;
  if (found.isError && !against) return <Failure error={found.error} onRetry={() => void found.refetch()} />;
  if (found.isPending)
    return (
      <p role="status" className="text-muted text-sm">
        {common('loading')}
      </p>
    );
  if (!against || against.items === 0)
    return (
      <div className="border-line rounded-xl border border-dashed px-4 py-8 text-center">
        <p role="status" className="text-sm font-medium">
          {t('few')}
        </p>
        <p className="text-muted mx-auto mt-1 max-w-prose text-sm leading-6 text-pretty">{t('fewText')}</p>
      </div>
    );
  return (
    <section aria-label={t('label')}>
      <p className="text-muted max-w-prose text-sm leading-6 text-pretty">
        {t('lead', { metric: against.metric, items: against.items })}
      </p>
      <Figures against={against} />
      {against.confusion && <Items queue={queue} against={against} />}
    </section>
  );
}

function Figures({ against }: { against: AgainstMetric }) {
  const t = useTranslations('reviewResults.metric');
  const words = useTranslations('reviewResults.agreement');
  const format = useFormatter();
  const { agreement, kappa, kappaless, correlation, confusion } = against;
  const [{ cell }, set] = useQueryStates({ cell: parseAsStringLiteral(cells) });
  return (
    <div className="mt-4 grid items-start gap-4 md:grid-cols-[minmax(0,26rem)_minmax(0,1fr)]">
      {confusion && (
        <Confusion counts={confusion} chosen={cell} onChoose={(next) => void set({ cell: next })} />
      )}
      <div className="border-line bg-surface rounded-xl border p-4">
        {agreement !== null && (
          <p className="flex items-baseline gap-2">
            <span className="text-2xl font-semibold tracking-tight tabular-nums">
              {format.number(agreement, { style: 'percent', maximumFractionDigits: 1 })}
            </span>
            <span className="text-muted text-[13px]">{t('same')}</span>
          </p>
        )}
        <dl className="mt-3 flex flex-col gap-3 first:mt-0">
          {confusion && !kappaless && (
            <CoefficientRow
              name={words('cohen')}
              found={kappa}
              absent={t('kappaAbsent')}
              meaning={kappa && t(`trust.${agreementLevel(kappa.value)}`)}
            />
          )}
          {!confusion && (
            <CoefficientRow
              name={t('spearman')}
              found={correlation === null ? null : { value: correlation, interval: null }}
              absent={t('correlationAbsent')}
              meaning={t('spearmanMeans')}
            />
          )}
        </dl>
        {kappaless && confusion && (
          <>
            <p className="bg-sunken rounded-lg px-3 py-2 text-[13px] leading-5 text-pretty">
              {t(`kappaless.${kappaless}`)}
            </p>
            {kappaless === 'prevalent' && <Specific confusion={confusion} />}
          </>
        )}
      </div>
    </div>
  );
}

/** How often people and metric agree on right and on wrong: positive and negative agreement, 2a / (2a + b + c). */
function Specific({ confusion }: { confusion: NonNullable<AgainstMetric['confusion']> }) {
  const t = useTranslations('reviewResults.agreement');
  const words = useTranslations('reviewQuestions.verdict.agreed');
  const format = useFormatter();
  const { bothPass, humanOnly, metricOnly, bothFail } = confusion;
  return (
    <ul aria-label={t('specific')} className="mt-3 flex flex-col gap-1 text-sm leading-5 tabular-nums">
      {[['pass', bothPass] as const, ['fail', bothFail] as const].map(([answer, both]) => {
        const share = (2 * both) / (2 * both + humanOnly + metricOnly);
        if (Number.isNaN(share)) return null;
        const percent = format.number(share, { style: 'percent', maximumFractionDigits: 1 });
        return <li key={answer}>{t('specificOf', { answer: words(answer), share: percent })}</li>;
      })}
    </ul>
  );
}

/** The items of a cell, or of both cells in which people and metric differ. */
function Items({ queue, against }: { queue: QueueDetail; against: AgainstMetric }) {
  const t = useTranslations('reviewResults.metric');
  const trpc = useTRPC();
  const [{ cell, item }, set] = useQueryStates({ cell: parseAsStringLiteral(cells), item: parseAsString });
  const list = useInfiniteQuery(
    trpc.reviews.differences.infiniteQueryOptions({ queueId: queue.id, ...(cell ? { cell } : {}) }, nextPage),
  );
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const { confusion } = against;
  const count = !confusion ? 0 : cell ? confusion[cell] : confusion.humanOnly + confusion.metricOnly;
  return (
    <div className="mt-5">
      <div className="flex flex-wrap items-center gap-3">
        <h3 className="text-sm font-semibold">{t(cell ? `cells.${cell}` : 'differing')}</h3>
        <span role="status" className="text-muted text-[13px] tabular-nums">
          {t('count', { count })}
        </span>
        {cell && (
          <Button size="small" variant="ghost" onClick={() => void set({ cell: null })}>
            {t('showDiffering')}
          </Button>
        )}
      </div>
      {items.length > 0 ? (
        <div className="border-line bg-surface mt-2 overflow-hidden rounded-xl border">
          <VirtualList
            label={t(cell ? `cells.${cell}` : 'differing')}
            items={items}
            keyOf={(row) => row.item.taskId}
            rowHeight={77}
            onNearEnd={onNearEnd}
            render={(row) => (
              <TaskLine row={row} queue={queue} onOpen={() => void set({ item: row.item.taskId })} />
            )}
          />
        </div>
      ) : (
        list.data && (
          <p className="border-line text-muted mt-2 rounded-xl border border-dashed px-4 py-6 text-center text-sm">
            {t('noItems')}
          </p>
        )
      )}
      {item && (
        <ItemDialog
          taskId={item}
          known={items.find((row) => row.item.taskId === item)}
          queue={queue}
          neighbours={items.map((row) => row.item.taskId)}
          onGo={(taskId) => void set({ item: taskId })}
          onClose={() => void set({ item: null })}
        />
      )}
    </div>
  );
}
