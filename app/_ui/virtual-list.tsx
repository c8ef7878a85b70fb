'use client';

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import { cn } from './cn';
import { usePlace } from './use-place';

interface VirtualListProps<Item> {
  label: string;
  items: readonly Item[];
  keyOf: (item: Item) => string;
  /** In CSS pixels, before a row was measured. */
  rowHeight: number;
  render: (item: Item, index: number) => ReactNode;
  /** More is wanted: the end is near. */
  onNearEnd: () => void;
  className?: string;
}

/** A long list that scrolls with the page. Only the rows in sight are in it. */
export function VirtualList<Item>(props: VirtualListProps<Item>) {
  const { label, items, keyOf, rowHeight, render, onNearEnd, className } = props;
  const list = useRef<HTMLUListElement>(null);
  const { top } = usePlace(list);
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => rowHeight,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    scrollMargin: top,
    overscan: 8,
  });
  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? -1;
  useEffect(() => {
    if (items.length > 0 && last >= items.length - 10) onNearEnd();
  }, [items.length, last, onNearEnd]);
  return (
    <ul
      ref={list}
      aria-label={label}
      className={cn('relative', className)}
      style={{ height: rows.getTotalSize() }}
    >
      {visible.map((row) => {
        const item = items[row.index];
        return (
          item !== undefined && (
            <li
              key={row.key}
              ref={rows.measureElement}
              data-index={row.index}
              aria-setsize={items.length}
              aria-posinset={row.index + 1}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${row.start - top}px)` }}
            >
              {render(item, row.index)}
            </li>
          )
        );
      })}
    </ul>
  );
}
