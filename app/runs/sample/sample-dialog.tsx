'use client';

import { useQueries, useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useEffectEvent, type KeyboardEvent } from 'react';
import type { RunDetail } from '@/server/evaluation/runs/schema';
import { takesKeys } from '../../_ui/keyboard';
import { IconButton } from '../../_ui/button';
import { Dialog, DialogContent } from '../../_ui/dialog';
import { useTRPC } from '../../_trpc/client';
import type { Samples } from '../samples/use-samples';
import { isGone } from '../../_trpc/is-gone';
import { Failure } from '../../_ui/failure';
import { Nothing, Skeleton } from '../shared/notice';
import { Thumbnail } from '../../_ui/images/thumbnail';
import { useFigures } from '../shared/use-figures';
import { SampleHead } from './sample-panel';
import { SampleView } from './sample-view';
import { imageUrl } from '../../_ui/images/address';
import { useImagesAhead } from '../../_ui/images/use-awaited-image';

interface SampleDialogProps {
  run: RunDetail;
  id: string;
  /** The filter in which the sample stands: its neighbours are one key away. */
  samples: Samples;
  onGo: (id: string) => void;
  onClose: () => void;
  /** It is not there: its run may be gone too. */
  onGone: () => void;
}

/** One sample, large, with everything that led to its score. */
export function SampleDialog({ run, id, samples, onGo, onClose, onGone }: SampleDialogProps) {
  const t = useTranslations('runSamples');
  const trpc = useTRPC();
  const { count } = useFigures();
  const { data, error, isError, refetch } = useQuery(
    trpc.runs.sample.queryOptions({ id }, { staleTime: 60_000 }),
  );
  const { index, previous, next, total } = useNeighbours(id, samples);
  // Somebody may have put the sample of another run into the address.
  const stranger = data !== undefined && data.runId !== run.id;
  const gone = isGone(error) || stranger;
  const tellGone = useEffectEvent(onGone);
  useEffect(() => {
    if (gone) tellGone();
  }, [gone]);
  const tile = samples.items[index];
  // What the grid knows is told at once.
  const title = stranger ? t('sample.title') : (data ?? tile)?.prompt || t('sample.title');
  const root = useCallback((element: HTMLDivElement | null) => {
    if (element && !element.contains(document.activeElement)) element.focus();
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (takesKeys(event.target as Element)) return;
    const to = { ArrowRight: next, j: next, ArrowLeft: previous, k: previous }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (to) onGo(to);
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        side="full"
        title={
          <span className="flex min-w-0 items-center gap-2">
            <span className="truncate">{title}</span>
          </span>
        }
        onKeyDown={onKeyDown}
        onCloseAutoFocus={(event) => event.preventDefault()}
      >
        <div ref={root} tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
          <div className="border-line flex items-center gap-1 border-b px-3 pb-1.5">
            <IconButton
              label={t('sample.previous')}
              className="tip-below"
              aria-disabled={previous === null}
              onClick={() => previous && onGo(previous)}
            >
              <ChevronLeft aria-hidden />
            </IconButton>
            <IconButton
              label={t('sample.next')}
              className="tip-below"
              aria-disabled={next === null}
              onClick={() => next && onGo(next)}
            >
              <ChevronRight aria-hidden />
            </IconButton>
            <p role="status" className="text-muted px-1 text-[13px] tabular-nums">
              {index < 0
                ? t('sample.outside')
                : t('sample.place', {
                    index: count(index + 1),
                    total: count(Math.max(total ?? 0, samples.items.length)),
                  })}
            </p>
          </div>
          {gone ? (
            <div className="p-6">
              <Nothing title={t('sample.gone')}>{t('sample.goneHint')}</Nothing>
            </div>
          ) : data ? (
            <SampleView key={id} run={run} sample={data} onGo={onGo} />
          ) : isError ? (
            <div className="p-6">
              <Failure error={error} onRetry={() => void refetch()} />
            </div>
          ) : (
            <div
              role="status"
              aria-label={t('loading')}
              className="flex min-h-0 flex-1 gap-4 p-4 max-lg:flex-col"
            >
              {tile?.picture ? (
                <Thumbnail
                  image={tile.picture}
                  width={320}
                  className="min-h-72 min-w-0 flex-1 rounded-xl object-contain opacity-70"
                />
              ) : (
                <Skeleton className="min-h-72 flex-1 rounded-xl" />
              )}
              <div className="lg:w-96">
                {tile && <SampleHead run={run} sample={tile} />}
                <Skeleton className="mt-4 h-48 rounded-xl" />
              </div>
            </div>
          )}
        </div>
      </DialogContent>
    </Dialog>
  );
}

/** The samples before and after one within the filter, and its place; read ahead with their images, so that the next is there at once. */
function useNeighbours(id: string, { items, total, nearEnd, hasNextPage }: Samples) {
  const trpc = useTRPC();
  const index = items.findIndex((item) => item.id === id);
  const previous = index > 0 ? items[index - 1]!.id : null;
  const next = index >= 0 ? (items[index + 1]?.id ?? null) : null;
  const atEnd = index >= 0 && index >= items.length - 3;
  useEffect(() => {
    if (atEnd && hasNextPage) nearEnd();
  }, [atEnd, hasNextPage, nearEnd]);
  const near = useQueries({
    queries: [next, previous]
      .filter((one) => one !== null)
      .map((one) => trpc.runs.sample.queryOptions({ id: one }, { staleTime: 60_000 })),
  });
  useImagesAhead(
    near.flatMap(({ data }) =>
      data ? [data.picture, ...data.pictures].flatMap((one) => (one ? imageUrl(one.hash) : [])) : [],
    ),
  );
  return { index, previous, next, total };
}
