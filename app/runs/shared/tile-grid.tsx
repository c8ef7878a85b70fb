import { useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  memo,
  useCallback,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import { keyTarget, layoutOf, rowsOf } from './grid-layout';

const gap = 10;

export interface TileProps {
  focusable: boolean;
  width: number;
  height: number;
}

interface TileGridProps<Item extends { id: string }> {
  /** Its accessible name. */
  label: string;
  items: readonly Item[];
  /** Of all, where more than those here are known of. */
  total?: number | null;
  /** In CSS pixels. */
  smallest: number;
  least?: number;
  /** The height of every tile, from its width. */
  heightOf: (width: number) => number;
  /** Has to be the same function as long as it draws the same: rows are drawn anew only for another one. */
  renderTile: (item: Item, props: TileProps) => ReactNode;
  onOpen: (item: Item) => void;
  /** More is wanted: the end is near. Has to be the same function while it does the same. */
  onNearEnd?: () => void;
  /** What lies over the top of the window, in CSS pixels: rows walked to by keys stand below it. */
  covered?: number;
  /** The tile that takes the focus when it changes, e.g. the one that was looked at. */
  focusId?: string | null;
}

/**
 * Tiles side by side in the page's own scrolling. Only the rows in sight are in the document; arrows, Home and End walk
 * through all of them, Enter opens.
 */
export function TileGrid<Item extends { id: string }>(props: TileGridProps<Item>) {
  const { label, items, total, smallest, least, heightOf, renderTile, onOpen, onNearEnd } = props;
  const { covered = 0, focusId } = props;
  const root = useRef<HTMLDivElement>(null);
  const { width, top } = usePlace(root);
  const [active, setActive] = useState(0);
  const wanted = useRef<string | null>(null);
  const { columns, tile } = layoutOf(width, { smallest, gap, least });
  const height = Math.round(heightOf(tile));
  const rowCount = rowsOf(items.length, columns);
  const at = Math.min(active, Math.max(0, items.length - 1));

  const rows = useWindowVirtualizer({
    count: width > 0 ? rowCount : 0,
    estimateSize: () => height + gap,
    overscan: 3,
    scrollMargin: top,
    scrollPaddingStart: covered,
    // React draws when it is ready: a frame late is better than a frame lost.
    useFlushSync: false,
  });
  const visible = rows.getVirtualItems();
  const lastRow = visible.at(-1)?.index ?? 0;
  const activeRow = Math.floor(at / columns);

  useLayoutEffect(() => {
    rows.measure();
  }, [rows, height]);
  useEffect(() => {
    // Three screens ahead, so that whoever scrolls meets no end.
    const ahead = Math.max(6, visible.length * 3);
    if (width > 0 && lastRow >= rowCount - ahead) onNearEnd?.();
  }, [width, lastRow, rowCount, visible.length, onNearEnd]);
  const focusWanted = () => {
    const id = wanted.current;
    const element = id && root.current?.querySelector<HTMLElement>(`[data-tile="${CSS.escape(id)}"]`);
    if (!element) return;
    wanted.current = null;
    element.focus({ preventScroll: true });
  };
  useLayoutEffect(focusWanted);

  const go = useCallback(
    (to: number) => {
      wanted.current = items[to]?.id ?? null;
      setActive(to);
      rows.scrollToIndex(Math.floor(to / columns));
    },
    [items, rows, columns],
  );
  const [sought, setSought] = useState(focusId);
  if (sought !== focusId) {
    setSought(focusId);
    const to = focusId ? items.findIndex(({ id }) => id === focusId) : -1;
    if (to >= 0) setActive(to);
  }
  const reveal = useEffectEvent(() => {
    if (!focusId || items[at]?.id !== focusId) return;
    wanted.current = focusId;
    rows.scrollToIndex(activeRow);
    focusWanted();
  });
  useEffect(() => {
    reveal();
  }, [focusId]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const page = Math.max(1, Math.floor((window.innerHeight - covered) / (height + gap)) - 1);
    const to = keyTarget(event.key, at, { columns, count: items.length, page });
    if (to === null) return;
    event.preventDefault();
    go(to);
  };
  const onFocused = useCallback((index: number) => setActive(index), []);
  // The tile that Tab reaches stays in the page wherever it was scrolled to.
  const first = visible[0]?.index ?? 0;
  const away = rowCount > 0 && width > 0 && (activeRow < first || activeRow > lastRow);
  const drawn = [
    ...visible.map(({ index, start }) => ({ index, start: start - top })),
    ...(away ? [{ index: activeRow, start: activeRow * (height + gap) }] : []),
  ];

  return (
    <div
      ref={root}
      role="grid"
      aria-label={label}
      aria-rowcount={total ? rowsOf(total, columns) : rowCount}
      aria-colcount={columns}
      onKeyDown={onKeyDown}
      className="relative [overflow-anchor:none]"
      style={{ height: Math.max(0, rowCount * (height + gap) - gap) }}
    >
      {drawn.map(({ index, start }) => (
        <Row
          key={index}
          index={index}
          start={start}
          columns={columns}
          tile={tile}
          height={height}
          items={items as readonly { id: string }[]}
          focusable={activeRow === index ? at - index * columns : -1}
          renderTile={renderTile as RowProps['renderTile']}
          onOpen={onOpen as RowProps['onOpen']}
          onFocused={onFocused}
        />
      ))}
    </div>
  );
}

interface RowProps {
  index: number;
  start: number;
  columns: number;
  tile: number;
  height: number;
  items: readonly { id: string }[];
  /** The column that Tab reaches; -1 where it is in another row. */
  focusable: number;
  renderTile: (item: { id: string }, props: TileProps) => ReactNode;
  onOpen: (item: { id: string }) => void;
  onFocused: (index: number) => void;
}

const sameTiles = (a: RowProps, b: RowProps): boolean => {
  for (let i = a.index * a.columns; i < (a.index + 1) * a.columns; i++)
    if (a.items[i] !== b.items[i]) return false;
  return true;
};

/** A row is drawn anew only where something of it changed: scrolling moves no tile. */
const Row = memo(
  function Row(props: RowProps) {
    const { index, start, columns, tile, height, items, focusable, renderTile, onOpen, onFocused } = props;
    return (
      <div
        role="row"
        aria-rowindex={index + 1}
        className="absolute inset-x-0 top-0 flex"
        style={{ height, gap, transform: `translateY(${start}px)` }}
      >
        {items.slice(index * columns, (index + 1) * columns).map((item, column) => (
          <div
            key={item.id}
            role="gridcell"
            aria-colindex={column + 1}
            style={{ width: tile }}
            className="h-full shrink-0"
            onFocus={() => onFocused(index * columns + column)}
            onClick={(event) => {
              if ((event.target as Element).closest('[data-tile]')) onOpen(item);
            }}
          >
            {renderTile(item, { focusable: focusable === column, width: tile, height })}
          </div>
        ))}
      </div>
    );
  },
  (a, b) =>
    a.start === b.start &&
    a.columns === b.columns &&
    a.tile === b.tile &&
    a.height === b.height &&
    a.focusable === b.focusable &&
    a.renderTile === b.renderTile &&
    a.onOpen === b.onOpen &&
    sameTiles(a, b),
);

/** Its width, and how far below the top of the document it begins, also when something above it grows. */
function usePlace(ref: RefObject<HTMLElement | null>): { width: number; top: number } {
  const [place, setPlace] = useState({ width: 0, top: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => {
      const box = element.getBoundingClientRect();
      const next = { width: box.width, top: Math.round(box.top + window.scrollY) };
      setPlace((old) => (old.width === next.width && old.top === next.top ? old : next));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [ref]);
  return place;
}
