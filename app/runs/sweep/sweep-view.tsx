'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useState, type CSSProperties } from 'react';
import type { FlipList, RunDetail } from '@/server/evaluation/runs/schema';
import { Button } from '../../_ui/button';
import { Select } from '../../_ui/select';
import { useTRPC } from '../../_trpc/client';
import { TilesSkeleton } from '../samples/sample-browser';
import { Failure } from '../../_ui/failure';
import { Nothing, Skeleton } from '../shared/notice';
import { VirtualGrid, type TileProps } from '../../_ui/virtual-grid';
import { useFigures } from '../shared/use-figures';
import { useDebounced } from '../../_ui/use-debounced';
import { FlipTile, flipTileHeight } from './flip-tile';
import { bestPoint, nearestPoint, type SweepPoint } from './select';

const SweepChart = dynamic(() => import('./sweep-chart').then((m) => m.SweepChart), {
  ssr: false,
  loading: () => <Skeleton className="h-72 rounded-xl" />,
});

interface SweepViewProps {
  run: RunDetail;
  /** The one that is looked at; null for the run's own. */
  threshold: number | null;
  onThreshold: (threshold: number | null) => void;
  onOpen: (sample: string) => void;
  /** The sample that was looked at last. */
  focusId: string | null;
}

/** What other thresholds would make of the run, and which samples they would change. */
export function SweepView({ run, threshold, onThreshold, onOpen, focusId }: SweepViewProps) {
  const t = useTranslations('runSamples');
  const trpc = useTRPC();
  const { number, group, count } = useFigures();
  const sweep = useQuery(trpc.runs.sweep.queryOptions({ runId: run.id }, { staleTime: Infinity }));
  const [only, setOnly] = useState(any);
  // The slider moves at once; the address and the samples follow when it rests.
  const [moved, setMoved] = useState<number | null>(null);
  const points = sweep.data?.points ?? [];
  const current = sweep.data?.current.default ?? 0;
  const at = nearestPoint(points, moved ?? threshold ?? current);
  const point = points[at];
  const resting = useDebounced(String(at), 200);
  const chosen = points[Number(resting)];
  useEffect(() => {
    if (moved === null) return;
    const timer = setTimeout(() => {
      onThreshold(moved);
      setMoved(null);
    }, 250);
    return () => clearTimeout(timer);
  }, [moved, onThreshold]);

  if (sweep.isError) return <Failure error={sweep.error} onRetry={() => void sweep.refetch()} />;
  if (!sweep.data)
    return (
      <div role="status" aria-label={t('loading')} className="space-y-4">
        <Skeleton className="h-72 rounded-xl" />
        <Skeleton className="h-24 rounded-xl" />
      </div>
    );
  if (!point) return <Nothing title={t('sweep.nothing')} />;
  const best = bestPoint(points, current);
  return (
    <div className="space-y-6">
      <section aria-label={t('sweep.title')}>
        <p className="text-muted mb-3 max-w-prose text-sm leading-6 text-pretty">
          {t('sweep.intro', {
            current: number(sweep.data.current.default, 2),
            counting: number(sweep.data.current.counting, 2),
          })}
        </p>
        <SweepChart
          sweep={sweep.data}
          groups={run.groups}
          chosen={point.threshold}
          onChoose={(value) => onThreshold(value)}
        />
        <div className="border-line bg-surface mt-3 rounded-xl border px-4 py-3">
          <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
            <label htmlFor="sweep-threshold" className="text-sm font-medium">
              {t('sweep.threshold')} <output className="tabular-nums">{number(point.threshold, 2)}</output>
            </label>
            <input
              id="sweep-threshold"
              type="range"
              min={0}
              max={points.length - 1}
              step={1}
              value={at}
              aria-valuetext={t('sweep.valueText', {
                threshold: number(point.threshold, 2),
                overall: number(point.overall, 3),
                gained: count(point.gained),
                lost: count(point.lost),
              })}
              onChange={(event) => setMoved(points[Number(event.target.value)]!.threshold)}
              style={{ '--share': points.length > 1 ? at / (points.length - 1) : 0 } as CSSProperties}
              className="slider min-w-40 flex-1"
            />
            <Button size="small" onClick={() => onThreshold(null)}>
              {t('sweep.current')}
            </Button>
            {best && (
              <Button size="small" onClick={() => onThreshold(best.threshold)}>
                {t('sweep.best', { threshold: number(best.threshold, 2) })}
              </Button>
            )}
          </div>
          <p role="status" className="mt-2 text-sm leading-6 tabular-nums">
            {t('sweep.result', {
              overall: number(point.overall, 3),
              gained: count(point.gained),
              lost: count(point.lost),
            })}
          </p>
          {point.unknown > 0 && (
            <p className="text-muted text-[13px] leading-5">{t('sweep.unknown', { count: point.unknown })}</p>
          )}
          <GroupChanges groups={run.groups} now={points[nearestPoint(points, current)]!} then={point} />
        </div>
      </section>
      <section aria-label={t('flips.title')}>
        <div className="mb-3 flex flex-wrap items-center gap-3">
          <h3 className="text-base font-semibold tracking-tight">{t('flips.title')}</h3>
          <Select
            label={t('filters.group')}
            value={only}
            options={[
              { value: any, label: t('flips.allGroups') },
              ...run.groups.map((value) => ({ value, label: group(value) })),
            ]}
            onChange={setOnly}
          />
        </div>
        {chosen && (
          <Flips
            runId={run.id}
            threshold={chosen.threshold}
            group={only === any ? undefined : only}
            onOpen={onOpen}
            focusId={focusId}
          />
        )}
      </section>
    </div>
  );
}

/** Radix takes no empty value for a choice. */
const any = ' ';

/** What the threshold makes of each category, beside what it is. */
function GroupChanges({ groups, now, then }: { groups: string[]; now: SweepPoint; then: SweepPoint }) {
  const { number, group, signed } = useFigures();
  const shown = groups.filter((name) => then.groups[name] !== undefined);
  return (
    <dl className="mt-2 grid grid-cols-2 gap-x-6 gap-y-1 text-[13px] leading-5 tabular-nums sm:grid-cols-3">
      {shown.map((name) => {
        const value = then.groups[name]!;
        const change = value - (now.groups[name] ?? value);
        return (
          <div key={name} className="flex items-baseline gap-2">
            <dt className="text-muted min-w-0 flex-1 truncate">{group(name)}</dt>
            <dd>{number(value, 3)}</dd>
            <dd className="text-muted w-14 text-right text-xs">
              {signed(change, { unit: 'share', decimals: 3 })}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

type Flip = FlipList['items'][number];

function Flips(props: {
  runId: string;
  threshold: number;
  group: string | undefined;
  onOpen: (sample: string) => void;
  focusId: string | null;
}) {
  const { runId, threshold, group, onOpen, focusId } = props;
  const t = useTranslations('runSamples');
  const trpc = useTRPC();
  const { count } = useFigures();
  const flips = useQuery(trpc.runs.flips.queryOptions({ runId, threshold, group }, { staleTime: Infinity }));
  const renderTile = useCallback(
    (tile: Flip, { focusable, width }: TileProps) => (
      <FlipTile tile={tile} focusable={focusable} width={width} />
    ),
    [],
  );
  const open = useCallback((tile: Flip) => onOpen(tile.id), [onOpen]);
  if (flips.isError) return <Failure error={flips.error} onRetry={() => void flips.refetch()} />;
  if (!flips.data) return <TilesSkeleton label={t('loading')} />;
  const { items, total, unknown } = flips.data;
  return (
    <>
      <p role="status" className="text-muted mb-3 text-[13px] tabular-nums">
        {total > items.length
          ? t('flips.some', { shown: count(items.length), total: count(total) })
          : t('flips.count', { count: total })}
        {unknown > 0 && <> · {t('sweep.unknown', { count: unknown })}</>}
      </p>
      {items.length === 0 ? (
        <Nothing title={t('flips.none')}>{t('flips.noneHint')}</Nothing>
      ) : (
        <VirtualGrid
          label={t('flips.title')}
          items={items}
          smallest={220}
          heightOf={flipTileHeight}
          renderTile={renderTile}
          onOpen={open}
          focusId={focusId}
        />
      )}
    </>
  );
}
