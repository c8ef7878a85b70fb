import { Check, CircleAlert, CircleDashed, X } from 'lucide-react';
import type { SampleTile } from '@/server/evaluation/runs/schema';
import { cn } from '../../_ui/cn';
import { Thumbnail } from '../../_ui/images/thumbnail';
import type { TileProps } from '../../_ui/virtual-grid';

/** The words of tiles, made once for all of them. */
export interface TileWords {
  group: (name: string) => string;
  outcome: (tile: SampleTile) => string;
  /** Scores or margin, in short. */
  note: (tile: SampleTile) => string | null;
  noPicture: string;
}

/** Height of the words under a picture, and of a tile without one, in CSS pixels. */
const wordsHeight = 84;
export const tileHeight = (pictures: boolean) => (width: number) =>
  pictures ? Math.round(width) + wordsHeight : 152;

export type Outcome = 'right' | 'wrong' | 'failed' | 'unscored' | 'generated' | 'scored';

/** What came of a sample, in a word. */
export const outcomeOf = ({ state, correct }: Pick<SampleTile, 'state' | 'correct'>): Outcome =>
  state === 'scored' ? (correct === null ? 'scored' : correct ? 'right' : 'wrong') : state;

const signs = {
  right: [Check, 'bg-accent text-on-accent'],
  wrong: [X, 'bg-danger text-surface'],
  failed: [CircleAlert, 'bg-danger text-surface'],
  unscored: [CircleAlert, 'bg-surface text-ink'],
  generated: [CircleDashed, 'bg-surface text-muted'],
  scored: null,
} as const;

/** The sign of an outcome: a tick, a cross, a warning. */
export function OutcomeSign({
  tile,
  className,
}: {
  tile: Pick<SampleTile, 'state' | 'correct'>;
  className?: string;
}) {
  const sign = signs[outcomeOf(tile)];
  if (!sign) return null;
  const [Icon, look] = sign;
  return (
    <span
      aria-hidden
      className={cn('flex size-5 items-center justify-center rounded-full shadow-sm', look, className)}
    >
      <Icon className="size-3.5" strokeWidth={2.5} />
    </span>
  );
}

/** A sample at a glance. */
export function SampleTileView({
  tile,
  words,
  pictures,
  focusable,
  width,
}: TileProps & { tile: SampleTile; words: TileWords; pictures: boolean }) {
  const { id, prompt, picture, text, reason, position, repeat } = tile;
  const note = words.note(tile);
  return (
    <button
      type="button"
      data-tile={id}
      tabIndex={focusable ? 0 : -1}
      aria-label={[words.outcome(tile), prompt, text, note, reason].filter(Boolean).join('. ')}
      className="border-line bg-surface hover:border-line-strong relative flex size-full flex-col overflow-hidden rounded-xl border text-left focus-visible:outline-offset-1"
    >
      {pictures && (
        <span className="bg-sunken block w-full shrink-0" style={{ height: width - 2 }}>
          {picture ? (
            <Thumbnail image={picture} width={width} className="size-full object-contain" />
          ) : (
            <span className="text-muted flex size-full items-center justify-center px-3 text-center text-xs">
              {words.noPicture}
            </span>
          )}
        </span>
      )}
      <OutcomeSign tile={tile} className="absolute top-1.5 right-1.5" />
      <span className={cn('block min-h-0 w-full flex-1 px-2.5 py-2', !pictures && 'pr-9')}>
        <span className="text-muted flex gap-1.5 text-[11px] leading-4 tabular-nums">
          <span className="truncate">{words.group(tile.group)}</span>
          <span className="ml-auto shrink-0">
            #{position}
            {repeat > 0 && `·${repeat + 1}`}
          </span>
        </span>
        <span
          className={cn(
            'block text-[13px] leading-[18px]',
            pictures ? 'line-clamp-1' : text ? 'line-clamp-2' : 'line-clamp-4',
          )}
        >
          {prompt}
        </span>
        {!pictures && text !== null && (
          <span className="mt-1 line-clamp-2 block text-[13px] leading-[18px] font-medium">{text}</span>
        )}
        <span
          className={cn(
            'text-muted mt-0.5 block text-xs leading-[18px] tabular-nums',
            reason ? 'line-clamp-1' : 'truncate',
          )}
        >
          {[note, reason].filter(Boolean).join(' · ')}
        </span>
      </span>
    </button>
  );
}
