'use client';

import { ChartColumn, Columns3, Download, ListFilter } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Suspense, useState, type ReactNode } from 'react';
import type { Leaderboard } from '@/server/evaluation/leaderboard/schema';
import type { View } from '@/server/evaluation/leaderboard/view';
import { Button } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { ComingLine, lazyPart } from '../../_ui/lazy-part';
import { Segmented } from '../../_ui/segmented';
import { SearchField } from '../../_ui/search-field';
import type { Chart } from '../url';

export type TableView = View & { chart: Chart | null; rows: string[] | null };
type Change = { [Key in keyof TableView]?: TableView[Key] | null };

export interface ToolbarProps {
  table: Leaderboard;
  view: TableView;
  setView: (change: Change & { columns?: string[] | null; rows?: string[] | null }) => unknown;
  /** Columns that are shown. */
  columns: readonly string[];
  /** Rows that are shown. */
  count: number;
}

// Each comes when it is first opened.
const ColumnsPanel = lazyPart(
  () => import('./columns-panel').then((module) => module.ColumnsPanel),
  ComingLine,
);
const FilterPanel = lazyPart(() => import('./filter-panel').then((module) => module.FilterPanel), ComingLine);
const ExportLinks = lazyPart(() => import('./export-links').then((module) => module.ExportLinks), ComingLine);
type Panel = 'columns' | 'filter' | 'export';

/** What is looked at: everything here stands in the address. */
export function Toolbar(props: ToolbarProps) {
  const { table, view, setView, count } = props;
  const t = useTranslations('leaderboard.tools');
  const [open, setOpen] = useState<Panel | null>(null);
  const toggle = (panel: Panel) => ({
    onClick: () => setOpen(open === panel ? null : panel),
    'aria-expanded': open === panel,
    'aria-controls': 'leaderboard-panel',
  });
  const kinds = [
    { value: 'all', label: t('all') },
    { value: 'measured', label: t('measured') },
    { value: 'published', label: t('published') },
  ] as const;
  const filters = Number(view.board !== null) + Number(view.complete) + Number(view.limit !== null);
  return (
    <div className="mt-4 mb-3">
      <div className="flex flex-wrap items-center gap-2">
        <SearchField
          label={t('search')}
          value={view.q}
          onChange={(words) => setView({ q: words })}
          className="min-w-0 max-sm:w-full"
          boxClassName="border-line hover:border-line-strong text-[13px] sm:w-52"
        />
        <Segmented
          legend={t('kind')}
          name="kind"
          size="small"
          value={view.kind ?? 'all'}
          options={kinds}
          onChange={(kind) => setView({ kind: kind === 'all' ? null : kind })}
        />
        <Tool icon={<ListFilter aria-hidden />} on={open === 'filter'} {...toggle('filter')}>
          {t('filter')}
          {filters > 0 && <span className="text-accent tabular-nums">{filters}</span>}
        </Tool>
        <Tool icon={<Columns3 aria-hidden />} on={open === 'columns'} {...toggle('columns')}>
          {t('columns')}
        </Tool>
        <Tool
          icon={<ChartColumn aria-hidden />}
          on={view.chart !== null}
          aria-pressed={view.chart !== null}
          onClick={() => setView({ chart: view.chart === null ? firstChart(table) : null })}
        >
          {t('chart')}
        </Tool>
        <Tool icon={<Download aria-hidden />} on={open === 'export'} {...toggle('export')}>
          {t('export')}
        </Tool>
        <p role="status" className="text-muted ml-auto text-[13px] tabular-nums">
          {t('shown', { count })}
        </p>
      </div>
      <div id="leaderboard-panel" className={cn(open && 'border-line bg-surface mt-2 rounded-xl border p-3')}>
        <Suspense>
          {open === 'columns' && <ColumnsPanel {...props} />}
          {open === 'filter' && <FilterPanel {...props} />}
          {open === 'export' && <ExportLinks benchmark={table.benchmark.name} view={view} />}
        </Suspense>
      </div>
    </div>
  );
}

/** Categories where there are some. */
const firstChart = ({ metrics }: Leaderboard): Chart =>
  metrics.filter(({ category }) => category).length > 2 ? 'radar' : 'bars';

function Tool(props: React.ComponentProps<typeof Button> & { icon: ReactNode; on: boolean }) {
  const { icon, on, children, ...rest } = props;
  return (
    <Button size="small" className={cn(on && 'border-ink')} {...rest}>
      {icon}
      {children}
    </Button>
  );
}
