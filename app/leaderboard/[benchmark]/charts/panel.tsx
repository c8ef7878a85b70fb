'use client';

import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import type { Leaderboard, LeaderboardRow } from '@/server/evaluation/leaderboard/schema';
import { Segmented } from '../../../_ui/segmented';
import type { Chart } from '../../url';
import { mostCharted } from '../../_parts/series';

function Loading() {
  const t = useTranslations('leaderboard.chart');
  return <p className="text-muted grid h-80 place-items-center text-sm">{t('loading')}</p>;
}
const Categories = dynamic(() => import('./categories').then((module) => module.Categories), {
  ssr: false,
  loading: Loading,
});
const Latency = dynamic(() => import('./latency').then((module) => module.Latency), {
  ssr: false,
  loading: Loading,
});
const History = dynamic(() => import('./history').then((module) => module.History), {
  ssr: false,
  loading: Loading,
});

export interface ChartProps {
  table: Leaderboard;
  /** The rows chosen for it. */
  rows: readonly LeaderboardRow[];
}

interface ChartPanelProps extends ChartProps {
  chart: Chart;
  /** Every row of the view. */
  all: readonly LeaderboardRow[];
  onChart: (chart: Chart | null) => void;
}

/** The chart that is open, above the table. */
export function ChartPanel({ table, chart, rows, all, onChart }: ChartPanelProps) {
  const t = useTranslations('leaderboard.chart');
  const boards = new Set(rows.map(({ board }) => board));
  const options = (['radar', 'bars', 'latency', 'history', 'none'] as const).map((value) => ({
    value,
    label: t(value),
  }));
  return (
    <section aria-label={t('name')} className="border-line bg-surface mb-3 rounded-xl border p-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="-mx-1 max-w-full overflow-x-auto px-1">
          <Segmented
            legend={t('name')}
            name="chart"
            size="small"
            value={chart as Chart | 'none'}
            options={options}
            onChange={(next) => onChart(next === 'none' ? null : next)}
          />
        </div>
        {chart !== 'latency' && <p className="text-muted text-[13px]">{t('hint', { most: mostCharted })}</p>}
        {(chart === 'latency' ? new Set(all.map(({ board }) => board)) : boards).size > 1 && (
          <p className="text-muted text-[13px]">{t('mixed')}</p>
        )}
      </div>
      {chart === 'latency' ? (
        <Latency table={table} rows={all} />
      ) : chart === 'history' ? (
        <History table={table} rows={rows} />
      ) : (
        <Categories table={table} rows={rows} form={chart} />
      )}
    </section>
  );
}
