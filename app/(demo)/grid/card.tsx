'use client';

import { useMutation } from '@tanstack/react-query';
import { Download, Grid3x3, LoaderCircle, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { Button } from '../../_ui/button';
import { useErrorText } from '../../_ui/error-text';
import { useWorkers } from '../../_ui/use-workers';
import { useTRPC } from '../../_trpc/client';
import { isFinished } from '../result/job-events';
import { useGenerationCache } from '../thread/use-generations';
import { downloadSheet } from './sheet';
import { GridTable } from './table';
import { useCellProgress, useGrid } from './use-grid';
import { GridViewer } from './viewer';
import { useGridWords } from './words';

interface GridCardProps {
  gridId: string;
  /** Its cells as far as the thread has them. */
  generations: GenerationView[];
}

/** A grid in the thread: its cells fill as they are made. */
export function GridCard({ gridId, generations }: GridCardProps) {
  const words = useGridWords();
  const { t, name } = words;
  const say = useErrorText();
  const { grid, cells, error, refetch } = useGrid(gridId, generations);
  const running = cells.find((cell) => cell.state === 'running' || cell.state === 'cancelling');
  const live = useCellProgress(running?.id ?? null, () => void refetch());
  const [shown, setShown] = useState<string | null>(null);
  const ended = cells.filter((cell) => isFinished(cell.state)).length;
  const workers = useWorkers(!running && ended < cells.length);
  const first = cells[0];
  if (!first) return null;
  const promptVaries = new Set(cells.map((cell) => cell.prompt)).size > 1;
  const axes = grid && [grid.x, ...(grid.y ? [grid.y] : [])].map(name).join(' × ');
  return (
    <article
      aria-label={t('cardName', { prompt: first.prompt })}
      className="border-line bg-surface flex flex-col rounded-2xl border p-3 sm:p-4"
    >
      <div className="text-muted flex items-center gap-1.5 text-xs">
        <Grid3x3 aria-hidden className="text-accent size-3.5" />
        <span>{t('grid')}</span>
        <span aria-hidden>·</span>
        <span className="truncate">{axes}</span>
        <p role="status" className="ml-auto shrink-0 tabular-nums">
          {ended < cells.length
            ? t('progress', { ended, cells: cells.length })
            : t('pictures', { count: cells.filter((cell) => cell.state === 'done').length })}
        </p>
      </div>
      <p lang={first.language} className="mt-1 line-clamp-3 text-[15px] leading-6 font-medium break-words">
        {promptVaries ? t('promptVaries', { prompt: first.prompt }) : first.prompt}
      </p>
      <div
        role="progressbar"
        aria-label={t('progressName')}
        aria-valuemin={0}
        aria-valuemax={cells.length}
        aria-valuenow={ended}
        className="bg-sunken mt-2 h-1 overflow-hidden rounded-full"
        style={{ visibility: ended < cells.length ? undefined : 'hidden' }}
      >
        <div
          className="bg-accent h-full origin-left transition-transform"
          style={{ transform: `scaleX(${(ended + stepShare(live)) / cells.length})` }}
        />
      </div>
      {workers?.serves === false && (
        <p role="status" className="text-muted mt-2 text-sm">
          {t('unserved')}
        </p>
      )}
      {error && !grid ? (
        <p role="alert" className="text-danger py-4 text-sm">
          {t('notLoaded', { reason: say(error) })}
        </p>
      ) : grid ? (
        <GridTable grid={grid} cells={cells} live={live} running={running?.id ?? null} onOpen={setShown} />
      ) : (
        <div
          role="status"
          aria-label={t('loading')}
          className="bg-sunken animate-sheen mt-2 h-64 rounded-xl"
        />
      )}
      {grid && (
        <Actions
          gridId={gridId}
          busy={ended < cells.length}
          onDownload={() => downloadSheet(grid, cells, words)}
          onCancelled={() => void refetch()}
          cells={cells}
        />
      )}
      {grid && shown && (
        <GridViewer
          grid={grid}
          cells={cells}
          shown={shown}
          onShow={setShown}
          onClose={() => setShown(null)}
        />
      )}
    </article>
  );
}

const stepShare = ({ step, steps, ended }: { step: number; steps: number; ended: boolean }) =>
  steps > 0 && !ended ? step / steps : 0;

interface ActionsProps {
  gridId: string;
  cells: GenerationView[];
  busy: boolean;
  onDownload: () => Promise<void>;
  onCancelled: () => void;
}

function Actions({ gridId, cells, busy, onDownload, onCancelled }: ActionsProps) {
  const { t } = useGridWords();
  const say = useErrorText();
  const trpc = useTRPC();
  const cache = useGenerationCache();
  const cancel = useMutation(trpc.grids.cancel.mutationOptions({ onSettled: onCancelled }));
  const remove = useMutation(
    trpc.grids.remove.mutationOptions({ onSuccess: () => cells.forEach(({ id }) => cache.remove(id)) }),
  );
  const download = useMutation({ mutationFn: onDownload });
  const [deleting, setDeleting] = useState(false);
  const failure = cancel.error ?? remove.error ?? download.error;
  if (deleting)
    return (
      <div
        role="group"
        aria-label={t('confirmDelete', { count: cells.length })}
        className="flex flex-wrap items-center gap-2 pt-3"
        onKeyDown={(event) => event.key === 'Escape' && setDeleting(false)}
      >
        <span className="text-sm">{t('confirmDelete', { count: cells.length })}</span>
        <Button
          size="small"
          variant="danger"
          autoFocus
          aria-disabled={remove.isPending}
          onClick={() => !remove.isPending && remove.mutate({ id: gridId })}
        >
          <Trash2 aria-hidden /> {t('delete')}
        </Button>
        <Button size="small" variant="ghost" onClick={() => setDeleting(false)}>
          {t('keep')}
        </Button>
        {failure && <Failure text={say(failure)} />}
      </div>
    );
  return (
    <div className="flex flex-wrap items-center gap-1 pt-3">
      <Button
        size="small"
        aria-disabled={download.isPending || !cells.some((cell) => cell.state === 'done')}
        onClick={() =>
          !download.isPending && cells.some((cell) => cell.state === 'done') && download.mutate()
        }
      >
        {download.isPending ? (
          <LoaderCircle aria-hidden className="animate-spin" />
        ) : (
          <Download aria-hidden />
        )}
        {t('download')}
      </Button>
      {busy ? (
        <Button
          size="small"
          aria-disabled={cancel.isPending}
          onClick={() => !cancel.isPending && cancel.mutate({ id: gridId })}
        >
          <X aria-hidden /> {t(cancel.isPending ? 'cancelling' : 'cancelAll')}
        </Button>
      ) : (
        <Button size="small" variant="ghost" onClick={() => setDeleting(true)}>
          <Trash2 aria-hidden /> {t('delete')}
        </Button>
      )}
      {failure && <Failure text={say(failure)} />}
    </div>
  );
}

function Failure({ text }: { text: string }) {
  return (
    <span role="alert" className="text-danger text-[13px]">
      {text}
    </span>
  );
}
