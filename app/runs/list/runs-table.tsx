import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useTranslations } from 'next-intl';
import { useEffect, useLayoutEffect, useRef } from 'react';
import type { RunRow } from '@/server/evaluation/runs/schema';
import { cn } from '../../_ui/cn';
import { useIsWide } from '../../_ui/use-is-wide';
import { usePlace } from '../../_ui/use-place';
import { columnsStyle, rowHeights, RunRowView } from './run-row';

interface RunsTableProps {
  rows: readonly RunRow[];
  chosen: readonly RunRow[];
  onChoose: (run: RunRow, chosen: boolean) => void;
  onNearEnd: () => void;
}

/** The runs under one another; only those in sight are in the document. */
export function RunsTable({ rows, chosen, onChoose, onNearEnd }: RunsTableProps) {
  const t = useTranslations('runs');
  const root = useRef<HTMLDivElement>(null);
  const { top } = usePlace(root);
  const height = useIsWide() ? rowHeights.wide : rowHeights.narrow;

  const list = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => height,
    overscan: 6,
    scrollMargin: top,
    // What the server draws, and the first picture here: as many as fill a window.
    initialRect: { width: 1280, height: 1200 },
    useFlushSync: false,
  });
  useLayoutEffect(() => {
    list.measure();
  }, [list, height]);
  const visible = list.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 15) onNearEnd();
  }, [last, rows.length, onNearEnd]);

  /** Two runs of one benchmark are compared. */
  const first = chosen[0];
  const choosable = (run: RunRow) =>
    chosen.some(({ id }) => id === run.id) ||
    (chosen.length < 2 && (!first || first.benchmark.name === run.benchmark.name));
  const heads = ['choose', 'model', 'benchmark', 'figure', 'state', 'started'] as const;
  return (
    <div role="table" aria-label={t('title')} aria-rowcount={rows.length + 1}>
      <div role="rowgroup">
        <div
          role="row"
          aria-rowindex={1}
          className={cn('text-muted px-3 pb-2 text-xs font-medium max-lg:sr-only', columnsStyle)}
        >
          {heads.map((name) => (
            <span key={name} role="columnheader" className="last:text-right">
              <span className={name === 'choose' ? 'sr-only' : undefined}>{t(`list.columns.${name}`)}</span>
            </span>
          ))}
        </div>
      </div>
      {/* The style sheet places the rows: the server knows no width, and they would move when the page begins to listen. */}
      <div
        ref={root}
        role="rowgroup"
        className="relative h-[calc(var(--row)*var(--rows))] max-lg:[--row:var(--narrow)] lg:[--row:var(--wide)]"
        style={
          {
            '--rows': rows.length,
            '--narrow': `${rowHeights.narrow}px`,
            '--wide': `${rowHeights.wide}px`,
          } as React.CSSProperties
        }
      >
        {visible.map(({ index }) => {
          const run = rows[index]!;
          return (
            <div
              key={run.id}
              role="row"
              aria-rowindex={index + 2}
              className="absolute inset-x-0 top-0 h-(--row) pb-2"
              style={{ transform: `translateY(calc(var(--row) * ${index}))` }}
            >
              <div
                role="presentation"
                className={cn(
                  'border-line bg-surface hover:border-line-strong relative h-full rounded-xl border px-3 max-lg:px-4 max-lg:py-2.5',
                  columnsStyle,
                )}
              >
                <RunRowView
                  run={run}
                  chosen={choosable(run) ? chosen.some(({ id }) => id === run.id) : null}
                  onChoose={(yes) => onChoose(run, yes)}
                />
              </div>
            </div>
          );
        })}
      </div>
    </div>
  );
}
