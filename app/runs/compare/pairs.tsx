import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { lazyPart } from '../../_ui/lazy-part';
import { MayBeUndrawn } from '../../_ui/stored-image';
import { useTranslations } from 'next-intl';
import { useCallback, useMemo, useState } from 'react';
import type { ComparedList, Comparison } from '@/server/evaluation/runs/schema';
import { Button } from '../../_ui/button';
import { Segmented } from '../../_ui/segmented';
import { Select } from '../../_ui/select';
import { useTRPC } from '../../_trpc/client';
import { nextPage } from '../../_trpc/next-page';
import { TilesSkeleton } from '../samples/sample-browser';
import { useTileWords } from '../samples/use-tile-words';
import { Failure } from '../../_ui/failure';
import { Nothing } from '../shared/notice';
import { VirtualGrid, type TileProps } from '../../_ui/virtual-grid';
import { useFigures } from '../shared/use-figures';
import { PairTile, pairTileHeight } from './pair-tile';
import { pairsInput, sides, type CompareUrl } from './url-state';

const PairDialog = lazyPart(() => import('./pair-dialog').then((m) => m.PairDialog));

export type Pair = ComparedList['items'][number] & { id: string };

interface PairsProps {
  comparison: Comparison;
  metric: string;
  url: CompareUrl;
  onChange: (change: Partial<CompareUrl>) => void;
  onPair: (pair: string | null) => void;
}

/** Radix takes no empty value for a choice. */
const any = ' ';

/** The items on which the two differ or agree, both pictures side by side. */
export function Pairs({ comparison, metric, url, onChange, onPair }: PairsProps) {
  const t = useTranslations('runCompare');
  const trpc = useTRPC();
  const figures = useFigures();
  const { first, second } = comparison;
  const groups = useMemo(
    () => [...new Set(comparison.groups.map(({ group }) => group).filter((name) => name !== ''))],
    [comparison.groups],
  );
  const input = pairsInput({ first: first.id, second: second.id }, metric, url, groups);
  const found = useInfiniteQuery(
    trpc.runs.comparedItems.infiniteQueryOptions(input, {
      ...nextPage,
      placeholderData: keepPreviousData,
      staleTime: Infinity,
      refetchOnWindowFocus: false,
      structuralSharing: false,
    }),
  );
  const pairs = useMemo(
    () =>
      (found.data?.pages.flatMap((page) => page.items) ?? []).map((pair) => ({ ...pair, id: pair.first.id })),
    [found.data],
  );
  const [left, setLeft] = useState<string | null>(null);
  const words = useTileWords(comparison.metricInfos);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = found;
  const nearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  const pictures = first.benchmark.task !== 'understand';
  const renderTile = useCallback(
    (pair: Pair, tile: TileProps) => <PairTile pair={pair} words={words} pictures={pictures} {...tile} />,
    [words, pictures],
  );
  const open = useCallback(
    (pair: Pair) => {
      setLeft(null);
      onPair(pair.id);
    },
    [onPair],
  );
  const total = found.data?.pages[0]?.total ?? null;
  const judged = comparison.metrics.find((one) => one.metric === metric)?.test === 'mcnemar';
  // Of other figures there are three: ahead, behind, equal.
  const shownSides = judged ? sides : sides.filter((one) => one !== 'neither');
  return (
    <MayBeUndrawn value={first.recorded || second.recorded}>
      <section aria-label={t('pairs.title')}>
        <h3 className="mb-2.5 text-base font-semibold tracking-tight">{t('pairs.title')}</h3>
        <div className="mb-3 flex flex-wrap items-center gap-2">
          <Segmented
            legend={t('pairs.which')}
            name="pairs-which"
            size="small"
            value={input.which}
            options={shownSides.map((value) => ({
              value,
              label: t(judged ? `which.${value}` : `ahead.${value}`),
            }))}
            onChange={(which) => onChange({ which })}
          />
          {comparison.metrics.length > 1 && (
            <Select
              label={t('metrics.metric')}
              value={metric}
              options={comparison.metrics.map((one) => ({
                value: one.metric,
                label: figures.metric(one.metric),
              }))}
              onChange={(value) => onChange({ metric: value })}
            />
          )}
          {groups.length > 1 && (
            <Select
              label={t('groups.group')}
              value={input.groups?.[0] ?? any}
              options={[
                { value: any, label: t('pairs.allGroups') },
                ...groups.map((value) => ({ value, label: figures.group(value) })),
              ]}
              onChange={(value) => onChange({ group: value === any ? null : [value] })}
            />
          )}
          <p role="status" className="text-muted ml-auto text-[13px] tabular-nums">
            {found.isPending ? '' : t('pairs.found', { count: total ?? pairs.length })}
          </p>
        </div>
        <div aria-busy={found.isFetching} className={found.isPlaceholderData ? 'opacity-60' : undefined}>
          {found.isError && pairs.length === 0 ? (
            <Failure error={found.error} onRetry={() => void found.refetch()} />
          ) : found.isPending ? (
            <TilesSkeleton label={t('pairs.loading')} />
          ) : pairs.length === 0 ? (
            <Nothing
              title={t('pairs.nothing')}
              action={
                input.groups && (
                  <Button onClick={() => onChange({ group: null })}>{t('pairs.allGroups')}</Button>
                )
              }
            />
          ) : (
            <VirtualGrid
              label={t('pairs.title')}
              items={pairs}
              total={total}
              smallest={pictures ? 320 : 360}
              heightOf={pairTileHeight(pictures)}
              renderTile={renderTile}
              onOpen={open}
              onNearEnd={nearEnd}
              focusId={left}
            />
          )}
          {isFetchNextPageError && (
            <div className="mt-3">
              <Failure error={found.error} onRetry={() => void fetchNextPage()} />
            </div>
          )}
        </div>
        {url.pair && (
          <PairDialog
            comparison={comparison}
            pairs={pairs}
            id={url.pair}
            onGo={onPair}
            onNearEnd={nearEnd}
            onClose={() => {
              setLeft(url.pair);
              onPair(null);
            }}
          />
        )}
      </section>
    </MayBeUndrawn>
  );
}
