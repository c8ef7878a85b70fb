import { useTranslations } from 'next-intl';
import { useCallback, useRef } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { VirtualGrid, type TileProps } from '../../_ui/virtual-grid';
import { HistoryTile } from './history-tile';

interface GridProps {
  items: GenerationView[];
  /** Ids; null while nothing is being selected. */
  selected: ReadonlySet<string> | null;
  onPress: (generation: GenerationView) => void;
  /** More is wanted: the end is near. */
  onNearEnd: () => void;
}

/** Results side by side, in a place that scrolls by itself. */
export function HistoryGrid({ items, selected, onPress, onNearEnd }: GridProps) {
  const t = useTranslations('history');
  const scroller = useRef<HTMLDivElement>(null);
  const renderTile = useCallback(
    (generation: GenerationView, { focusable }: TileProps) => (
      <HistoryTile
        generation={generation}
        selecting={selected !== null}
        selected={selected?.has(generation.id) ?? false}
        focusable={focusable}
      />
    ),
    [selected],
  );
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-1">
      <VirtualGrid
        label={t('results')}
        items={items}
        scroller={scroller}
        gap={8}
        smallest={108}
        least={2}
        overscan={4}
        ahead={4}
        heightOf={(width) => width}
        selected={selected}
        renderTile={renderTile}
        onOpen={onPress}
        onNearEnd={onNearEnd}
      />
    </div>
  );
}
