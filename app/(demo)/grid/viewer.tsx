'use client';

import {
  ChevronDown,
  ChevronLeft,
  ChevronRight,
  ChevronUp,
  Columns2,
  Download,
  SlidersHorizontal,
  WandSparkles,
} from 'lucide-react';
import type { GenerationView } from '@/server/demo/schema';
import type { GridView } from '@/server/demo/grids/schema';
import { Button, buttonStyle, IconButton } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { Dialog, DialogBody, DialogContent } from '../../_ui/dialog';
import { pickForCompare } from '../compare/store';
import { focusPicture, Layer, Stage } from '../../_viewer/stage';
import { useDialogKeys } from '../../_viewer/use-dialog-keys';
import { useZoom } from '../../_viewer/use-zoom';
import { zoomStep } from '../../_viewer/zoom';
import { continueFrom, recall } from '../../_request/draft';
import { downloadUrl } from '../result/result-format';
import { useResultFormat } from '../result/use-result-format';
import { useGridWords } from './words';

interface GridViewerProps {
  grid: GridView;
  cells: GenerationView[];
  /** The id of the cell that is shown. */
  shown: string;
  onShow: (id: string) => void;
  onClose: () => void;
}

const ways: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** One cell, large. The arrows go to its neighbours, with the same zoom, so that a change is seen in place. */
export function GridViewer({ grid, cells, shown, onShow, onClose }: GridViewerProps) {
  const { t, place } = useGridWords();
  const cell = cells.find(({ id }) => id === shown);
  if (!cell?.picture || !cell.grid) return null;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent side="full" title={place(grid, cell.grid)} onOpenAutoFocus={focusPicture}>
        <Body
          {...{ cells, onShow, onClose, cell, picture: cell.picture }}
          name={t('cellAlt', { place: place(grid, cell.grid), prompt: cell.prompt })}
        />
      </DialogContent>
    </Dialog>
  );
}

interface BodyProps {
  cells: GenerationView[];
  cell: GenerationView;
  picture: NonNullable<GenerationView['picture']>;
  name: string;
  onShow: (id: string) => void;
  onClose: () => void;
}

function Body({ cells, cell, picture, name, onShow, onClose }: BodyProps) {
  const { settings } = useResultFormat();
  const { t } = useGridWords();
  const zoom = useZoom([picture]);
  const neighbour = ([dx, dy]: readonly [number, number]) => {
    // Cells without a picture are passed over.
    for (
      let x = (cell.grid?.x ?? 0) + dx, y = (cell.grid?.y ?? 0) + dy;
      x >= 0 && y >= 0 && x < 20 && y < 20;
      x += dx, y += dy
    ) {
      const next = cells.find(({ grid, picture: has }) => has && grid?.x === x && grid.y === y);
      if (next) return next;
    }
    return null;
  };
  const go = (way: readonly [number, number]) => {
    const next = neighbour(way);
    if (next) onShow(next.id);
  };
  const leave = (act: () => void) => () => {
    onClose();
    // The dialog gives the focus back when it closes; what takes it next comes after.
    requestAnimationFrame(act);
  };

  useDialogKeys((event) => {
    if (event.type === 'keyup') return false;
    const way = ways[event.key];
    if (way) {
      // Zoomed, they move the picture.
      if (zoom.view.scale > 1) return false;
      go(way);
      return true;
    }
    const keys: Record<string, () => void> = {
      '+': () => zoom.zoomBy(zoomStep),
      '=': () => zoom.zoomBy(zoomStep),
      '-': () => zoom.zoomBy(1 / zoomStep),
      '0': zoom.reset,
      c: leave(() => pickForCompare(cell)),
    };
    const key = event.key.toLowerCase();
    keys[key]?.();
    return key in keys;
  });

  const arrows = [
    ['left', ChevronLeft, ways.ArrowLeft],
    ['right', ChevronRight, ways.ArrowRight],
    ['up', ChevronUp, ways.ArrowUp],
    ['down', ChevronDown, ways.ArrowDown],
  ] as const;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <DialogBody className="flex flex-col">
        <Stage zoom={zoom} label={t('stage')} className="min-h-64 flex-1">
          <Layer zoom={zoom} picture={picture} alt={name} />
        </Stage>
        <p lang={cell.language} className="mt-3 line-clamp-3 text-sm leading-5 font-medium">
          {cell.prompt}
        </p>
        <p className="text-muted text-[13px] leading-5 tabular-nums">
          {settings(cell)} · {t('seedOf', { seed: cell.parameters.seed ?? '' })}
        </p>
        <div className="mt-2 flex flex-wrap items-center gap-1">
          <div role="group" aria-label={t('neighbours')} className="mr-1 flex">
            {arrows.map(([key, Icon, way]) => (
              <IconButton
                key={key}
                label={t(`go.${key}`)}
                aria-disabled={!way || !neighbour(way)}
                onClick={() => way && go(way)}
              >
                <Icon aria-hidden />
              </IconButton>
            ))}
          </div>
          <Button size="small" onClick={leave(() => pickForCompare(cell))}>
            <Columns2 aria-hidden /> {t('compare')}
          </Button>
          <Button size="small" onClick={leave(() => continueFrom(cell, 'edit'))}>
            <WandSparkles aria-hidden /> {t('edit')}
          </Button>
          <Button size="small" onClick={leave(() => recall(cell))}>
            <SlidersHorizontal aria-hidden /> {t('useSettings')}
          </Button>
          <a
            href={downloadUrl(cell, picture.hash)}
            download
            className={cn(buttonStyle({ variant: 'outline', size: 'small' }))}
          >
            <Download aria-hidden /> {t('downloadOne')}
          </a>
        </div>
      </DialogBody>
    </div>
  );
}
