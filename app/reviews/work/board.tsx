import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import type { Zoom } from '../../_viewer/use-zoom';
import { Layer, Stage } from '../../_viewer/stage';
import { cn } from '../../_ui/cn';
import type { Pane } from './panes';

interface BoardProps {
  panes: readonly Pane[];
  prompt: string;
  zoom: Zoom;
  /** The place of the pane that is shown alone; null: all are beside one another. */
  flicked: number | null;
  onFlick: () => void;
}

/** Pixels that a finger may slip while it taps. */
const slip = 8;

/** The pictures of an item, one zoom for all: beside one another, or in one another's place. */
export function Board({ panes, prompt, zoom, flicked, onFlick }: BoardProps) {
  const t = useTranslations('reviewWork');
  const pressed = useRef<{ x: number; y: number } | null>(null);
  const name = (pane: Pane) => (pane.role === 'question' ? pane.name : t(`pane.${pane.role}`));
  const layer = (pane: Pane, hidden = false) =>
    pane.picture ? (
      <Layer
        zoom={zoom}
        picture={pane.picture}
        alt={t('alt', { name: name(pane), prompt })}
        hidden={hidden}
        plain
      />
    ) : (
      <p
        className={cn(
          'bg-sunken text-muted absolute inset-0 grid place-items-center p-4 text-center text-sm',
          hidden && 'invisible',
        )}
      >
        {t('noPicture')}
      </p>
    );
  const alone = flicked === null ? undefined : panes[flicked];
  const several = panes.length > 1;
  const isPair = panes.some(({ role }) => role === 'left');
  return (
    <div
      className={cn(
        'grid min-h-0 min-w-0 auto-rows-[minmax(0,1fr)] gap-2',
        !alone && columns(panes.length, isPair),
      )}
      onPointerDown={({ clientX: x, clientY: y }) => (pressed.current = { x, y })}
      onClick={({ clientX, clientY, detail }) => {
        const from = pressed.current;
        const moved = !from || Math.hypot(clientX - from.x, clientY - from.y) > slip;
        // By touch anywhere; a mouse has the button, and its click takes hold of the picture.
        if (several && !moved && detail === 1 && matchMedia('(pointer: coarse)').matches) onFlick();
      }}
    >
      {alone ? (
        <Stage zoom={zoom} label={t('stageOf', { name: name(alone) })} className="min-h-0">
          {panes.map((pane, place) => (
            <div key={pane.key} className="contents">
              {layer(pane, place !== flicked)}
            </div>
          ))}
          <Label text={name(alone)} />
        </Stage>
      ) : (
        panes.map((pane) => (
          <Stage
            key={pane.key}
            zoom={zoom}
            label={t('stageOf', { name: name(pane) })}
            // The left one is at the left wherever a source stands above.
            className={cn('min-h-0', pane.role === 'left' && 'col-start-1 md:col-start-auto')}
          >
            {layer(pane)}
            {several && <Label text={name(pane)} />}
          </Stage>
        ))
      )}
    </div>
  );
}

/** Every stage has the same size: they share one zoom. */
function columns(n: number, stacked: boolean): string {
  if (n === 1) return 'grid-cols-1';
  // Of a pair below one another on a phone: there is no rubric that takes the height.
  if (n === 2) return stacked ? 'sm:grid-cols-2' : 'grid-cols-2';
  return n === 4 ? 'grid-cols-2' : 'grid-cols-2 md:grid-cols-3';
}

/** Which one it is, in a corner. */
function Label({ text }: { text: string }) {
  return (
    <span
      aria-hidden
      className="bg-surface/90 text-ink pointer-events-none absolute top-2 left-2 rounded-md px-2 text-xs leading-6 font-medium shadow-sm"
    >
      {text}
    </span>
  );
}
