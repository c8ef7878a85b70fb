import { Ban, CircleAlert } from 'lucide-react';
import type { CSSProperties } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import type { Axis, GridView } from '@/server/demo/grids/schema';
import { TableFrame } from '../../_ui/table-frame';
import { cn } from '../../_ui/cn';
import { pickForCompare, useCompare } from '../compare/store';
import { imageUrl } from '../../_ui/images/address';
import { pictureSize } from '../result/result-format';
import type { JobEvents } from '../result/job-events';
import { isLines } from './values';
import { useGridWords } from './words';
import { StoredImage } from '../../_ui/stored-image';

interface GridTableProps {
  grid: GridView;
  cells: GenerationView[];
  /** The job that runs, and how far it is. */
  running: string | null;
  live: JobEvents;
  onOpen: (id: string) => void;
}

/** The pictures of a grid with the values of both sides; the labels stay in view while it scrolls. */
export function GridTable({ grid, cells, running, live, onOpen }: GridTableProps) {
  const { t, name, value } = useGridWords();
  const { x, y } = grid;
  const byPlace = new Map(cells.map((cell) => [`${cell.grid?.x} ${cell.grid?.y}`, cell]));
  const long = (axis: Axis | null) => axis !== null && isLines(axis.parameter);
  const labelWidth = y ? (long(y) ? '7rem' : '4.75rem') : '0rem';
  return (
    <div className="@container mt-2">
      <TableFrame label={t('tableName')}>
        <table
          className="border-separate border-spacing-0 text-sm"
          style={
            {
              '--label': labelWidth,
              '--cell': `clamp(7rem, calc((100cqw - var(--label) - 2px) / ${x.values.length}), 14rem)`,
            } as CSSProperties
          }
        >
          <caption className="sr-only">{t('caption', { x: name(x), y: y ? name(y) : 'none' })}</caption>
          <thead>
            <tr>
              {y && (
                <td className="border-line bg-surface sticky top-0 left-0 z-20 w-(--label) max-w-(--label) min-w-(--label) border-r border-b px-2 py-1.5 align-bottom text-[11px] leading-4">
                  <span aria-hidden className="text-muted block truncate text-right">
                    {name(x)} →
                  </span>
                  <span aria-hidden className="text-muted block truncate">
                    {name(y)} ↓
                  </span>
                </td>
              )}
              {x.values.map((of, column) => (
                <th
                  key={column}
                  scope="col"
                  className="border-line bg-surface sticky top-0 z-10 w-(--cell) max-w-(--cell) min-w-(--cell) border-b px-2 py-1.5 align-bottom leading-5 font-medium tabular-nums"
                >
                  {!y && (
                    <span className="text-muted block text-[11px] leading-4 font-normal">{name(x)}</span>
                  )}
                  {y && <span className="sr-only">{name(x)} </span>}
                  <span className="line-clamp-2 break-words" title={String(of)}>
                    {value(x, of)}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(y?.values ?? [null]).map((of, row) => (
              <tr key={row}>
                {y && of !== null && (
                  <th
                    scope="row"
                    className="border-line bg-surface sticky left-0 z-10 w-(--label) max-w-(--label) min-w-(--label) border-r px-2 py-1.5 text-left align-middle text-[13px] leading-5 font-medium tabular-nums"
                  >
                    <span className="sr-only">{name(y)} </span>
                    <span className="line-clamp-4 break-words" title={String(of)}>
                      {value(y, of)}
                    </span>
                  </th>
                )}
                {x.values.map((_, column) => {
                  const cell = byPlace.get(`${column} ${row}`);
                  return (
                    <td key={column} className="p-1 align-middle">
                      {cell ? (
                        <Cell
                          grid={grid}
                          cell={cell}
                          live={cell.id === running ? live : null}
                          onOpen={onOpen}
                        />
                      ) : (
                        <p className="text-muted flex h-24 items-center justify-center text-xs">
                          {t('removed')}
                        </p>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </div>
  );
}

interface CellProps {
  grid: GridView;
  cell: GenerationView;
  live: JobEvents | null;
  onOpen: (id: string) => void;
}

function Cell({ grid, cell, live, onOpen }: CellProps) {
  const { t, place } = useGridWords();
  const { picked } = useCompare();
  const size = pictureSize(cell);
  const where = cell.grid ? place(grid, cell.grid) : '';
  const state = t(`states.${cell.state}`);
  const preview = cell.picture ?? live?.preview ?? null;
  const chosen = picked?.generationId === cell.id;
  const box = 'bg-sunken relative block w-full overflow-hidden rounded-lg';
  const picture = preview && (
    <StoredImage
      src={imageUrl(preview.hash)}
      alt={cell.picture ? t('cellAlt', { place: where, prompt: cell.prompt }) : ''}
      width={size.width}
      height={size.height}
      loading="lazy"
      className={cn('absolute inset-0 size-full object-contain', cell.state === 'cancelled' && 'opacity-60')}
    />
  );
  const shape = { aspectRatio: `${size.width} / ${size.height}` };
  if (cell.state === 'done' && cell.picture)
    return (
      <div className="group/cell relative">
        <button
          type="button"
          onClick={() => onOpen(cell.id)}
          aria-label={t('openCell', { place: where })}
          className={cn(box, 'cursor-zoom-in outline-offset-1', chosen && 'ring-accent ring-2')}
          style={shape}
        >
          {picture}
        </button>
        <label
          className={cn(
            'bg-surface/90 absolute top-1.5 left-1.5 flex size-7 cursor-pointer items-center justify-center rounded-md shadow-sm transition-opacity',
            'opacity-0 group-focus-within/cell:opacity-100 group-hover/cell:opacity-100 pointer-coarse:opacity-100',
            picked && 'opacity-100',
          )}
        >
          <input
            type="checkbox"
            className="accent-accent size-4 cursor-pointer"
            aria-label={t('selectCell', { place: where })}
            checked={chosen}
            onChange={() => pickForCompare(cell)}
          />
        </label>
      </div>
    );
  const step = live && live.steps > 0 ? t('step', { step: live.step, steps: live.steps }) : null;
  return (
    <div className={box} style={shape} title={cell.error ?? undefined}>
      {picture}
      {cell.state === 'running' && !preview && (
        <span aria-hidden className="bg-line animate-sheen absolute inset-0" />
      )}
      <span
        className={cn(
          'absolute inset-0 flex flex-col items-center justify-center gap-1 p-2 text-center text-xs leading-4',
          cell.state === 'failed' ? 'text-danger' : 'text-muted',
        )}
      >
        {cell.state === 'failed' && <CircleAlert aria-hidden className="size-4" />}
        {cell.state === 'cancelled' && !preview && <Ban aria-hidden className="size-4" />}
        <span className={cn(preview && 'bg-surface/90 text-ink rounded px-1.5 py-0.5')}>{step ?? state}</span>
      </span>
      {live && live.steps > 0 && (
        <span
          aria-hidden
          className="bg-accent absolute inset-x-0 bottom-0 h-1 origin-left transition-transform"
          style={{ transform: `scaleX(${live.step / live.steps})` }}
        />
      )}
    </div>
  );
}
