import { useVirtualizer, useWindowVirtualizer } from '@tanstack/react-virtual';
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
import { usePlace } from './use-place';

export interface TileProps {
  focusable: boolean;
  width: number;
  height: number;
}

interface VirtualGridProps<Item extends { id: string }> {
  /** Its accessible name. */
  label: string;
  items: readonly Item[];
  /** Of all, where more than those here are known of. */
  total?: number | null;
  /** Between tiles, in CSS pixels. */
  gap?: number;
  /** The least width of a tile, in CSS pixels. */
  smallest: number;
  /** The fewest columns. */
  least?: number;
  /** The height of every tile in CSS pixels, from its width. */
  heightOf: (width: number) => number;
  /** Has to be the same function as long as it draws the same: rows are drawn anew only for another one. */
  renderTile: (item: Item, props: TileProps) => ReactNode;
  onOpen: (item: Item) => void;
  /** More is wanted: the end is near. Has to be the same function while it does the same. */
  onNearEnd?: () => void;
  /** Rows before the end from which more is wanted; left out, three screens of them. */
  ahead?: number;
  /** Rows beside those in sight that are in the document too. */
  overscan?: number;
  /** The element that the grid scrolls in; left out, it scrolls with the page. One grid keeps to one of the two. */
  scroller?: RefObject<HTMLElement | null>;
  /** Ids of the selected items; null while nothing is being selected, left out where nothing can be. */
  selected?: ReadonlySet<string> | null;
  /** What lies over the top of the window, in CSS pixels: rows walked to by keys stand below it. */
  covered?: number;
  /** The tile that takes the focus when it changes, e.g. the one that was looked at. */
  focusId?: string | null;
}

/**
 * Tiles side by side. Only the rows in sight are in the document; arrows, Home and End walk through all of them, Enter
 * opens.
 */
export function VirtualGrid<Item extends { id: string }>(props: VirtualGridProps<Item>) {
  const { label, items, total, smallest, least, heightOf, renderTile, onOpen, onNearEnd } = props;
  const { gap = 10, overscan = 3, covered = 0, scroller, selected, focusId } = props;
  const root = useRef<HTMLDivElement>(null);
  const place = usePlace(root);
  const { width } = place;
  const top = scroller ? 0 : place.top;
  const [active, setActive] = useState(0);
  const wanted = useRef<string | null>(null);
  const { columns, tile } = layoutOf(width, { smallest, gap, least });
  const height = heightOf(tile);
  const rowCount = rowsOf(items.length, columns);
  const at = Math.min(active, Math.max(0, items.length - 1));

  const options = {
    count: width > 0 ? rowCount : 0,
    estimateSize: () => height + gap,
    overscan,
    scrollPaddingStart: covered,
    // React draws when it is ready: a frame late is better than a frame lost.
    useFlushSync: false,
  };
  const inPage = useWindowVirtualizer({ ...options, scrollMargin: top, enabled: !scroller });
  // Not compiled by React's compiler here, so nothing of it is memoized.
  // eslint-disable-next-line react-hooks/incompatible-library
  const inScroller = useVirtualizer({
    ...options,
    getScrollElement: () => scroller?.current ?? null,
    enabled: scroller !== undefined,
  });
  const rows = scroller ? inScroller : inPage;
  const visible = rows.getVirtualItems();
  const lastRow = visible.at(-1)?.index ?? 0;
  const activeRow = Math.floor(at / columns);
  // So that whoever scrolls meets no end.
  const ahead = props.ahead ?? Math.max(6, visible.length * 3);

  useLayoutEffect(() => {
    rows.measure();
  }, [rows, height]);
  useEffect(() => {
    if (width > 0 && lastRow >= rowCount - ahead) onNearEnd?.();
  }, [width, lastRow, rowCount, ahead, onNearEnd]);
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
    const seen = scroller?.current?.clientHeight ?? window.innerHeight;
    const page = Math.max(1, Math.floor((seen - covered) / (height + gap)) - 1);
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
      aria-multiselectable={selected === undefined ? undefined : selected !== null}
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
          gap={gap}
          selected={selected ?? null}
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
  gap: number;
  selected: ReadonlySet<string> | null;
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
    const { index, start, columns, tile, height, gap, items, focusable, selected } = props;
    const { renderTile, onOpen, onFocused } = props;
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
            aria-selected={selected?.has(item.id)}
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
    a.gap === b.gap &&
    a.selected === b.selected &&
    a.focusable === b.focusable &&
    a.renderTile === b.renderTile &&
    a.onOpen === b.onOpen &&
    sameTiles(a, b),
);
