import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useEffectEvent, useRef } from 'react';
import type { RunDetail, SampleFilter, SampleTile } from '@/server/evaluation/runs/schema';
import { isOverlayOpen, takesKeys } from '../../_ui/keyboard';
import { Button } from '../../_ui/button';
import { Failure } from '../../_ui/failure';
import { Nothing, Skeleton } from '../shared/notice';
import { VirtualGrid, type TileProps } from '../../_ui/virtual-grid';
import { FilterBar } from './filter-bar';
import { SampleTileView, tileHeight } from './tile';
import { useNewSamples } from './use-new-samples';
import type { Samples } from './use-samples';
import { useTileWords } from './use-tile-words';
import { filterCount, noFilter, type FilterUrl } from './url-state';

/** The server counts no further. */
const mostCounted = 100_000;

interface SampleBrowserProps {
  run: RunDetail;
  url: FilterUrl;
  filter: SampleFilter;
  samples: Samples;
  /** Another one whenever samples came or changed. */
  stamp: string;
  onFilter: (change: Partial<FilterUrl>) => void;
  onOpen: (id: string) => void;
  /** The sample that was looked at last. */
  focusId: string | null;
}

/** The samples of a run as a grid: filters, order, keys. */
export function SampleBrowser(props: SampleBrowserProps) {
  const { run, url, filter, samples, stamp, onFilter, onOpen, focusId } = props;
  const t = useTranslations('runSamples');
  const search = useRef<HTMLInputElement>(null);
  const words = useTileWords(run.metrics);
  const { items, total, nearEnd, isPending, isError, isPlaceholderData, error, refetch } = samples;
  const pictures = run.benchmark.task !== 'understand';
  const fresh = useNewSamples(samples, stamp);

  const renderTile = useCallback(
    (tile: SampleTile, tileProps: TileProps) => (
      <SampleTileView tile={tile} words={words} pictures={pictures} {...tileProps} />
    ),
    [words, pictures],
  );
  const open = useCallback((tile: SampleTile) => onOpen(tile.id), [onOpen]);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== 'f' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (takesKeys(document.activeElement) || isOverlayOpen()) return;
    event.preventDefault();
    search.current?.focus();
    search.current?.select();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);

  return (
    <section aria-label={t('title')}>
      <div className="bg-canvas z-20 -mx-1 px-1 pt-1 pb-3 sm:sticky sm:top-0">
        <FilterBar {...{ run, url, filter, onFilter }} searchRef={search} />
        <div className="mt-2 flex min-h-8 items-center gap-3">
          <p role="status" className="text-muted text-[13px] tabular-nums">
            {samples.isFetching && samples.failureCount > 0
              ? t('reconnecting')
              : isPending
                ? ' '
                : total === null
                  ? t('foundSome', { count: items.length })
                  : t(total >= mostCounted ? 'foundMost' : 'found', { count: total })}
          </p>
          {fresh.waiting && (
            <Button size="small" onClick={fresh.show}>
              {t('showNew')}
            </Button>
          )}
          <p className="text-muted ml-auto text-xs max-sm:hidden">{t('keys')}</p>
        </div>
      </div>
      <div aria-busy={samples.isFetching} className={isPlaceholderData ? 'opacity-60' : undefined}>
        {isError && items.length === 0 ? (
          <Failure error={error} onRetry={() => void refetch()} />
        ) : isPending ? (
          <TilesSkeleton label={t('loading')} />
        ) : items.length === 0 ? (
          <Nothing
            title={t(filterCount(filter) > 0 ? 'nothing' : 'empty')}
            action={
              filterCount(filter) > 0 && (
                <Button onClick={() => onFilter(noFilter)}>{t('filters.reset')}</Button>
              )
            }
          >
            {t(filterCount(filter) > 0 ? 'nothingHint' : 'emptyHint')}
          </Nothing>
        ) : (
          <VirtualGrid
            label={t('grid')}
            items={items}
            total={total}
            smallest={pictures ? 168 : 260}
            least={pictures ? 2 : 1}
            heightOf={tileHeight(pictures)}
            renderTile={renderTile}
            onOpen={open}
            onNearEnd={nearEnd}
            covered={112}
            focusId={focusId}
          />
        )}
        {samples.isFetchNextPageError && (
          <div className="mt-3">
            <Failure error={error} onRetry={() => void samples.fetchNextPage()} />
          </div>
        )}
        {samples.isFetchingNextPage && <Skeleton className="mt-2.5 h-16 rounded-xl" />}
      </div>
    </section>
  );
}

/** Room for tiles on their way. */
export function TilesSkeleton({ label }: { label: string }) {
  return (
    <div
      role="status"
      aria-label={label}
      className="grid grid-cols-2 gap-2.5 sm:grid-cols-[repeat(auto-fill,minmax(10.5rem,1fr))]"
    >
      {Array.from({ length: 12 }, (_, i) => (
        <Skeleton key={i} className="aspect-[2/3] rounded-xl" />
      ))}
    </div>
  );
}
