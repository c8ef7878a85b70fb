'use client';

import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useMemo, useState, type KeyboardEvent } from 'react';
import { verdictMetric } from '../../../server/evaluation/runs/figures';
import type { Comparison, RunRow, SampleDetail } from '@/server/evaluation/runs/schema';
import { useZoom } from '../../_viewer/use-zoom';
import { takesKeys } from '../../_ui/keyboard';
import { IconButton } from '../../_ui/button';
import { Dialog, DialogContent } from '../../_ui/dialog';
import { PageLink } from '../../_ui/page-link';
import { useTRPC } from '../../_trpc/client';
import { coloursOf } from '../../_viewer/class-colours';
import { Decisions } from '../sample/decisions';
import { DetectedImage } from '../../_viewer/detected-image';
import type { Drawn } from '../../_viewer/detection-layer';
import { DetectionTools } from '../../_viewer/detection-tools';
import { OutcomeSign, outcomeOf } from '../samples/tile';
import { isGone } from '../../_trpc/is-gone';
import { Failure } from '../../_ui/failure';
import { Nothing, Skeleton } from '../shared/notice';
import { useRunNames, type RunName } from '../shared/run-names';
import { useFigures } from '../shared/use-figures';
import type { Pair } from './pairs';

interface PairDialogProps {
  comparison: Comparison;
  pairs: readonly Pair[];
  /** The first run's sample. */
  id: string;
  onGo: (id: string) => void;
  onNearEnd: () => void;
  onClose: () => void;
}

/** One item as both runs have it, large, under one zoom. */
export function PairDialog({ comparison, pairs, id, onGo, onNearEnd, onClose }: PairDialogProps) {
  const t = useTranslations('runCompare');
  const samples = useTranslations('runSamples');
  const trpc = useTRPC();
  const index = pairs.findIndex((pair) => pair.id === id);
  const pair = pairs[index];
  const first = useQuery(trpc.runs.sample.queryOptions({ id }, { staleTime: 60_000 }));
  const second = useQuery(
    trpc.runs.sample.queryOptions(
      { id: pair?.second.id ?? '' },
      { enabled: pair !== undefined, staleTime: 60_000 },
    ),
  );
  const [previous, next] = [pairs[index - 1]?.id, index < 0 ? undefined : pairs[index + 1]?.id];
  const nearEnd = index >= pairs.length - 3;
  useEffect(() => {
    if (index >= 0 && nearEnd) onNearEnd();
  }, [index, nearEnd, onNearEnd]);
  const failed = first.error ?? second.error;
  const gone = isGone(first.error) || isGone(second.error) || (index < 0 && first.isFetched);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (takesKeys(event.target as Element)) return;
    if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
    event.preventDefault();
    const to = event.key === 'ArrowRight' ? next : previous;
    if (to) onGo(to);
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        side="full"
        title={pair?.first.prompt ?? t('pairs.title')}
        onKeyDown={onKeyDown}
        onCloseAutoFocus={(event) => event.preventDefault()}
      >
        <div className="border-line flex items-center gap-1 border-b px-3 pb-1.5">
          <IconButton
            label={samples('sample.previous')}
            className="tip-below"
            aria-disabled={previous === undefined}
            onClick={() => previous && onGo(previous)}
          >
            <ChevronLeft aria-hidden />
          </IconButton>
          <IconButton
            label={samples('sample.next')}
            className="tip-below"
            aria-disabled={next === undefined}
            onClick={() => next && onGo(next)}
          >
            <ChevronRight aria-hidden />
          </IconButton>
        </div>
        {gone ? (
          <div className="p-6">
            <Nothing title={samples('sample.gone')}>{samples('sample.goneHint')}</Nothing>
          </div>
        ) : first.data && second.data ? (
          <Both key={id} comparison={comparison} first={first.data} second={second.data} />
        ) : failed ? (
          <div className="p-6">
            <Failure
              error={failed}
              onRetry={() => {
                void first.refetch();
                void second.refetch();
              }}
            />
          </div>
        ) : (
          <div role="status" aria-label={samples('loading')} className="grid flex-1 grid-cols-2 gap-4 p-4">
            <Skeleton className="min-h-60 rounded-xl" />
            <Skeleton className="min-h-60 rounded-xl" />
          </div>
        )}
      </DialogContent>
    </Dialog>
  );
}

function Both(props: { comparison: Comparison; first: SampleDetail; second: SampleDetail }) {
  const { comparison, first, second } = props;
  const both = [first, second];
  const names = useRunNames()([comparison.first, comparison.second]);
  const pictures = both.flatMap(({ picture }) => (picture ? [picture] : []));
  const zoom = useZoom(pictures);
  const [drawn, setDrawn] = useState<Drawn>({ boxes: true, masks: true, labels: true, below: false });
  // One colour for a class in both pictures.
  const colours = useMemo(
    () => coloursOf([...first.detections, ...second.detections].map(({ className }) => className)),
    [first, second],
  );
  const found = both.flatMap(({ detections }) => detections);
  return (
    <div
      className="flex min-h-0 flex-1 flex-col overflow-y-auto"
      tabIndex={0}
      role="group"
      aria-label={first.prompt}
    >
      {pictures.length > 0 && (
        <div className="px-3 py-1.5">
          <DetectionTools zoom={zoom} detections={found} drawn={drawn} onDrawn={setDrawn} />
        </div>
      )}
      <div className="grid flex-1 grid-cols-2 gap-x-3 px-3 pb-4">
        {both.map((sample, i) => (
          <Side
            key={i}
            letter={i === 0 ? 'A' : 'B'}
            run={i === 0 ? comparison.first : comparison.second}
            name={names[i]!}
            {...{ sample, zoom, drawn, colours }}
          />
        ))}
      </div>
    </div>
  );
}

interface SideProps {
  letter: string;
  run: RunRow;
  name: RunName;
  sample: SampleDetail;
  zoom: ReturnType<typeof useZoom>;
  drawn: Drawn;
  colours: ReadonlyMap<string, string>;
}

function Side({ letter, run, name, sample, zoom, drawn, colours }: SideProps) {
  const t = useTranslations('runCompare');
  const samples = useTranslations('runSamples');
  const { metric, figure } = useFigures();
  const [active, setActive] = useState<number | null>(null);
  const figures = sample.scores.filter((score) => score.metric !== verdictMetric);
  return (
    <div className="min-w-0">
      {sample.picture && (
        <DetectedImage
          picture={sample.picture}
          alt={`${letter}: ${sample.prompt}`}
          label={t('pairs.stage', { letter })}
          zoom={zoom}
          detections={sample.detections}
          colours={colours}
          drawn={drawn}
          active={active}
          onActive={setActive}
          className="h-[min(52dvh,38rem)]"
        />
      )}
      <p className="mt-2.5 flex flex-wrap items-center gap-2 text-sm">
        <span className="bg-sunken rounded px-1.5 font-semibold">{letter}</span>
        <OutcomeSign tile={sample} className="shadow-none" />
        <span className="font-medium">{samples(`outcomes.${outcomeOf(sample)}`)}</span>
        <PageLink
          href={`/runs/${run.id}?sample=${sample.id}`}
          title={name.whole}
          className="text-accent ml-auto line-clamp-2 min-w-0 rounded [overflow-wrap:anywhere] hover:underline"
        >
          {name.whole}
        </PageLink>
      </p>
      {sample.text !== null && (
        <p className="mt-1.5 text-sm leading-6 break-words whitespace-pre-wrap">{sample.text}</p>
      )}
      {sample.reason && (
        <p className="text-muted mt-1 text-[13px] leading-5 break-words whitespace-pre-wrap">
          {sample.reason}
        </p>
      )}
      {figures.length > 0 && (
        <dl className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1 text-[13px] tabular-nums">
          {figures.map((score) => (
            <div key={score.metric} className="flex gap-1.5">
              <dt className="text-muted">{metric(score.metric)}</dt>
              <dd>{figure(score.value)}</dd>
            </div>
          ))}
        </dl>
      )}
      <Decisions decisions={sample.decisions} />
    </div>
  );
}
