'use client';

import { ChevronDown } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState, type ComponentProps } from 'react';
import { cn } from '../../_ui/cn';
import { useBoardTitle } from './board-title';
import { useLabels } from '../_parts/labels';
import type { ToolbarProps } from './toolbar';

/** Only one board, only complete rows, only rows that are so good. */
export function FilterPanel({ table, view, setView }: ToolbarProps) {
  const t = useTranslations('leaderboard.tools');
  const labels = useLabels();
  const titleOf = useBoardTitle();
  const { metrics, boards, benchmark } = table;
  const [metric, setMetric] = useState(view.limit?.metric ?? '');
  const [typed, setTyped] = useState(view.limit ? String(view.limit.value) : '');
  const chosen = metrics.find((one) => one.metric === metric);
  function limit(name: string, text: string) {
    setMetric(name);
    setTyped(text);
    const value = Number(text);
    const usable = name !== '' && text.trim() !== '' && Number.isFinite(value);
    setView({ limit: usable ? { metric: name, value } : null });
  }
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-[13px]">
      <Choice
        label={t('board')}
        className="max-w-96"
        value={boards.some(({ id }) => id === view.board) ? (view.board ?? '') : ''}
        onChange={(event) => setView({ board: event.target.value || null })}
      >
        <option value="">{t('everyBoard')}</option>
        {boards.map((board) => (
          <option key={board.id} value={board.id}>
            {titleOf(board)}
          </option>
        ))}
      </Choice>
      <span className="flex min-w-0 flex-wrap items-center gap-2">
        <Choice label={t('figure')} value={metric} onChange={(event) => limit(event.target.value, typed)}>
          <option value="">{t('noFigure')}</option>
          {metrics.map((one) => (
            <option key={one.metric} value={one.metric}>
              {labels.column(one, benchmark.name)}
            </option>
          ))}
        </Choice>
        <label className="flex items-center gap-2">
          {t(chosen?.better === 'lower' ? 'atMost' : 'atLeast')}
          <input
            inputMode="decimal"
            value={typed}
            disabled={metric === ''}
            onChange={(event) => limit(metric, event.target.value)}
            className="border-line bg-surface h-8 w-20 rounded-lg border px-2 tabular-nums disabled:opacity-60"
          />
        </label>
      </span>
      <label className="flex cursor-pointer items-center gap-2">
        <input
          type="checkbox"
          className="accent-accent size-4"
          checked={view.complete}
          onChange={(event) => setView({ complete: event.target.checked })}
        />
        {t('complete')}
      </label>
    </div>
  );
}

/** The browser's own list of choices in the page's frame: weighs nothing, and phones show it in their way. */
function Choice({ label, className, ...props }: ComponentProps<'select'> & { label: string }) {
  return (
    <span className={cn('relative inline-flex max-w-full min-w-0', className)}>
      <select
        aria-label={label}
        className="border-line bg-surface text-ink hover:border-line-strong h-8 w-full min-w-0 appearance-none truncate rounded-lg border pr-7 pl-2.5 text-[13px]"
        {...props}
      />
      <ChevronDown
        aria-hidden
        className="text-muted pointer-events-none absolute top-1/2 right-2 size-4 -translate-y-1/2"
      />
    </span>
  );
}
