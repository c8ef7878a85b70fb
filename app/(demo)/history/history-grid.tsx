import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useTranslations } from 'next-intl';
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { HistoryTile } from './history-tile';

const gap = 8;
/** In CSS pixels; as many tiles stand side by side as have this width at least. */
const smallestTile = 108;

interface GridProps {
  items: GenerationView[];
  /** Ids; null while nothing is being selected. */
  selected: ReadonlySet<string> | null;
  onPress: (generation: GenerationView) => void;
  /** More is wanted: the end is near. */
  onNearEnd: () => void;
}

/** Results side by side. Only the rows in sight are in the page; arrows, Home and End walk through all of them. */
export function HistoryGrid({ items, selected, onPress, onNearEnd }: GridProps) {
  const t = useTranslations('history');
  const scroll = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [active, setActive] = useState(0);
  const wanted = useRef<number | null>(null);
  const columns = Math.max(2, Math.floor((width + gap) / (smallestTile + gap)));
  const tile = Math.max(1, (width - gap * (columns - 1)) / columns);
  const rowCount = Math.ceil(items.length / columns);
  const at = Math.min(active, Math.max(0, items.length - 1));
  const activeRow = Math.floor(at / columns);

  useLayoutEffect(() => {
    const element = scroll.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // Not compiled by React's compiler here, so nothing of it is memoized.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: width > 0 ? rowCount : 0,
    getScrollElement: () => scroll.current,
    estimateSize: () => tile + gap,
    overscan: 4,
    // The tile that Tab reaches stays in the page wherever it was scrolled to.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), ...(activeRow < rowCount ? [activeRow] : [])])].sort(
        (a, b) => a - b,
      ),
  });
  const visible = rows.getVirtualItems();
  const lastRow = visible.at(-1)?.index ?? 0;

  useLayoutEffect(() => rows.measure(), [rows, tile]);
  useEffect(() => {
    if (width > 0 && lastRow >= rowCount - 4) onNearEnd();
  }, [width, lastRow, rowCount, onNearEnd]);
  useLayoutEffect(() => {
    const id = wanted.current === null ? undefined : items[wanted.current]?.id;
    const element = id && scroll.current?.querySelector<HTMLElement>(`[data-tile="${id}"]`);
    if (!element) return;
    wanted.current = null;
    element.focus({ preventScroll: true });
  });

  const go = (to: number) => {
    const next = Math.min(items.length - 1, Math.max(0, to));
    wanted.current = next;
    setActive(next);
    rows.scrollToIndex(Math.floor(next / columns));
  };
  const steps: Record<string, number> = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at + columns,
    ArrowUp: at - columns,
    PageDown: at + columns * 4,
    PageUp: at - columns * 4,
    Home: 0,
    End: items.length - 1,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = steps[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (to >= 0 || event.key === 'PageUp') go(to);
  };

  return (
    <div ref={scroll} className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-1" data-history-scroll>
      <div
        role="grid"
        aria-label={t('results')}
        aria-rowcount={rowCount}
        aria-colcount={columns}
        aria-multiselectable={selected !== null}
        onKeyDown={onKeyDown}
        className="relative"
        style={{ height: Math.max(0, rows.getTotalSize() - gap) }}
      >
        {visible.map((row) => (
          <div
            key={row.key}
            role="row"
            aria-rowindex={row.index + 1}
            className="absolute inset-x-0 top-0 flex"
            style={{ height: tile, gap, transform: `translateY(${row.start}px)` }}
          >
            {items.slice(row.index * columns, (row.index + 1) * columns).map((item, column) => (
              <div
                key={item.id}
                role="gridcell"
                aria-colindex={column + 1}
                aria-selected={selected ? selected.has(item.id) : undefined}
                style={{ width: tile }}
                className="h-full shrink-0"
              >
                <HistoryTile
                  generation={item}
                  selecting={selected !== null}
                  selected={selected?.has(item.id) ?? false}
                  focusable={row.index * columns + column === at}
                  onFocus={() => setActive(row.index * columns + column)}
                  onPress={() => onPress(item)}
                />
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
