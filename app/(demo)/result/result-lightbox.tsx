import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback, useRef, useState, type KeyboardEvent } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { Button, buttonStyle, IconButton } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { Dialog, DialogClose, DialogContent } from '../../_ui/dialog';
import { focusPrompt } from '../../_request/draft';
import { downloadUrl, pictureOf } from './result-format';
import { shortcutOf, type Shortcut } from '../keyboard/shortcuts';
import { NextSteps } from './result-actions';
import { ResultDetails } from './result-details';
import { useResultFormat } from './use-result-format';
import { Layer, Stage } from '../../_viewer/stage';
import { useZoom } from '../../_viewer/use-zoom';
import { zoomStep } from '../../_viewer/zoom';
import { FitButton, ZoomInButton, ZoomOutButton } from '../../_viewer/zoom-buttons';

interface LightboxProps {
  /** The results that have a picture, oldest first. */
  results: GenerationView[];
  /** Which of them is shown; null shows none. */
  id: string | null;
  onChange: (id: string | null) => void;
  /** Gives the focus back after closing, where the result shown last is not the one shown first. */
  onLeft: (id: string) => void;
}

/** A result's picture as large as the window allows, its neighbours one key away. */
export function ResultLightbox({ results, id, onChange, onLeft }: LightboxProps) {
  const opener = useRef<{ id: string; element: Element | null }>(null);
  const last = useRef<string>(null);
  // The form was filled, and takes the focus as soon as the window lets go of it.
  const elsewhere = useRef(false);
  const index = results.findIndex((result) => result.id === id);
  const generation = results[index];
  return (
    <Dialog open={generation !== undefined} onOpenChange={(open) => !open && onChange(null)}>
      {generation && (
        <DialogContent
          side="full"
          title={generation.prompt}
          hideTitle
          onOpenAutoFocus={() => {
            opener.current = { id: generation.id, element: document.activeElement };
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            const first = opener.current;
            if (elsewhere.current) {
              elsewhere.current = false;
              focusPrompt();
            } else if (first?.id === last.current && first.element?.isConnected)
              (first.element as HTMLElement).focus();
            else if (last.current) onLeft(last.current);
          }}
        >
          <Shown
            key={generation.id}
            generation={generation}
            index={index}
            results={results}
            onShown={(shown) => (last.current = shown)}
            onGo={(to) => onChange(to.id)}
            onLeave={() => {
              elsewhere.current = true;
              onChange(null);
            }}
          />
        </DialogContent>
      )}
    </Dialog>
  );
}

interface ShownProps {
  generation: GenerationView;
  index: number;
  results: GenerationView[];
  onShown: (id: string) => void;
  onGo: (to: GenerationView) => void;
  onLeave: () => void;
}

function Shown({ generation, index, results, onShown, onGo, onLeave }: ShownProps) {
  const t = useTranslations('results');
  const words = useResultFormat();
  const [before, setBefore] = useState(false);
  const root = useCallback(
    (element: HTMLDivElement | null) => {
      if (!element) return;
      onShown(generation.id);
      // The buttons of the picture before this one are gone, and the focus with them.
      if (!element.contains(document.activeElement)) element.focus();
    },
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once for each picture
    [generation.id],
  );
  const { source, task } = generation;
  const own = pictureOf(generation);
  const picture = before && source ? source : own;
  const zoom = useZoom(picture ? [picture] : []);
  if (!picture) return null;
  const [previous, next] = [results[index - 1], results[index + 1]];
  const panBy = (x: number, y: number) => zoom.pan((x * zoom.box.width) / 6, (y * zoom.box.height) / 6);
  const actions: Partial<Record<Shortcut<'picture'>, () => void>> = {
    pictureNext: next && (() => onGo(next)),
    picturePrevious: previous && (() => onGo(previous)),
    zoomIn: () => zoom.zoomBy(zoomStep),
    zoomOut: () => zoom.zoomBy(1 / zoomStep),
    zoomReset: zoom.reset,
    panLeft: () => panBy(1, 0),
    panRight: () => panBy(-1, 0),
    panUp: () => panBy(0, 1),
    panDown: () => panBy(0, -1),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const name = shortcutOf('picture', event.nativeEvent);
    const act = name && actions[name];
    if (!act) return;
    event.preventDefault();
    act();
  };
  const round =
    'bg-surface/90 text-ink hover:bg-surface absolute top-1/2 size-10 -translate-y-1/2 rounded-full shadow-md';
  return (
    <div
      ref={root}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className="flex min-h-0 flex-1 flex-col outline-none lg:flex-row"
    >
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <div className="border-line flex items-center gap-1 border-b px-2 py-1.5">
          <span className="text-muted px-1 text-sm tabular-nums">
            {t('lightbox.place', { index: String(index + 1), count: String(results.length) })}
          </span>
          <span className="ml-auto" />
          {source && generation.picture && task === 'edit' && (
            <Button size="small" variant="ghost" aria-pressed={before} onClick={() => setBefore(!before)}>
              {before ? t('picture.showResult') : t('picture.showSource')}
            </Button>
          )}
          <span aria-hidden className="text-muted w-14 text-right text-xs tabular-nums">
            {zoom.view.scale > 1 && t('lightbox.zoom', { scale: zoom.view.scale.toFixed(1) })}
          </span>
          <ZoomOutButton zoom={zoom} aria-disabled={false} className="tip-below" />
          <ZoomInButton zoom={zoom} aria-disabled={false} className="tip-below" />
          <FitButton
            zoom={zoom}
            label={t('lightbox.reset')}
            aria-disabled={false}
            className="tip-below tip-end"
          />
          <DialogClose asChild>
            <IconButton label={t('lightbox.close')} className="tip-below tip-end lg:hidden">
              <X aria-hidden />
            </IconButton>
          </DialogClose>
        </div>
        <div className="bg-sunken relative min-h-0 flex-1">
          <Stage
            zoom={zoom}
            className={cn('absolute inset-0 rounded-none', zoom.view.scale === 1 && 'cursor-zoom-in')}
          >
            <Layer
              zoom={zoom}
              picture={picture}
              smooth
              alt={
                before
                  ? t('picture.source')
                  : task === 'understand'
                    ? t('picture.question')
                    : generation.prompt
              }
            />
          </Stage>
          {previous && (
            <IconButton
              label={t('lightbox.previous')}
              className={cn(round, 'left-3')}
              onClick={() => onGo(previous)}
            >
              <ChevronLeft aria-hidden />
            </IconButton>
          )}
          {next && (
            <IconButton
              label={t('lightbox.next')}
              className={cn(round, 'tip-end right-3')}
              onClick={() => onGo(next)}
            >
              <ChevronRight aria-hidden />
            </IconButton>
          )}
        </div>
      </div>
      <aside
        aria-label={t(`tasks.${task}`)}
        className="border-line bg-surface flex shrink-0 flex-col max-lg:border-t lg:w-80 lg:border-l"
      >
        <div className="flex items-center justify-between px-4 pt-2 max-lg:hidden">
          <p className="text-muted text-xs">
            {t(`tasks.${task}`)} <span aria-hidden>·</span>{' '}
            <time dateTime={generation.createdAt.toISOString()}>{words.moment(generation.createdAt)}</time>
          </p>
          <DialogClose asChild>
            <IconButton label={t('lightbox.close')} className="tip-below tip-end">
              <X aria-hidden />
            </IconButton>
          </DialogClose>
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto px-4 pt-2 pb-3 max-lg:max-h-24" tabIndex={0}>
          <p
            lang={generation.language}
            className="text-[15px] leading-6 font-medium break-words whitespace-pre-wrap"
          >
            {generation.prompt}
          </p>
          {generation.text && (
            <p lang={generation.language} className="mt-2 leading-6 break-words whitespace-pre-wrap">
              {generation.text}
            </p>
          )}
          <div className="max-lg:hidden">
            <ResultDetails generation={generation} />
          </div>
        </div>
        <div className="flex flex-wrap gap-1.5 px-4 pb-3">
          <NextSteps generation={generation} onChoose={onLeave} />
          {generation.picture && (
            <a
              href={downloadUrl(generation, generation.picture.hash)}
              download
              data-tip={t('actions.downloadTip')}
              className={cn(buttonStyle({ size: 'small' }))}
            >
              <Download aria-hidden /> {t('actions.download')}
            </a>
          )}
        </div>
      </aside>
    </div>
  );
}
