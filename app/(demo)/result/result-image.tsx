import { Maximize2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState, type DragEvent } from 'react';
import type { GenerationState, GenerationView } from '@/server/demo/schema';
import { cn } from '../../_ui/cn';
import type { Source } from '../../_request/draft';
import { dragType } from '../composer/drop-overlay';
import { imageUrl } from '../../_ui/images/address';
import { pictureSize } from './result-format';
import { isFinished } from './job-events';
import { useResults } from './result-context';
import { StoredImage } from '../../_ui/stored-image';

type Picture = NonNullable<GenerationView['picture']>;

/** The longer side of a picture in the thread, in CSS pixels. */
const side = 256;

const startDrag = (event: DragEvent, source: Source) => {
  event.dataTransfer.setData(dragType, JSON.stringify(source));
  event.dataTransfer.effectAllowed = 'copy';
};

const overlayButton =
  'absolute bottom-2 flex h-7 items-center justify-center rounded-md bg-surface/95 text-xs font-medium text-ink shadow-sm hover:bg-surface';

interface ResultImageProps {
  generation: GenerationView;
  state: GenerationState;
  preview: Picture | null;
}

/** The picture of a job in a box that has its shape from the beginning; previews come sharper one by one. */
export function ResultImage({ generation, state, preview }: ResultImageProps) {
  const t = useTranslations('results.picture');
  const { enlarge } = useResults();
  const [before, setBefore] = useState(false);
  // A picture that was seen coming is wanted at once; one of long ago when it is scrolled to.
  const [loading] = useState(isFinished(state) ? ('lazy' as const) : ('eager' as const));
  const { source, prompt } = generation;
  const size = pictureSize(generation);
  const longest = Math.max(size.width, size.height);
  const finished = isFinished(state);
  const picture = generation.picture ?? (state === 'failed' ? null : preview);
  const shown = before && source ? source : picture;
  const alt = before ? t('source') : finished ? prompt : t('preview', { prompt });
  return (
    <div className="shrink-0 sm:w-64">
      <div
        className="bg-sunken relative mx-auto max-w-full overflow-hidden rounded-xl"
        style={{
          width: `${(size.width / longest) * side}px`,
          aspectRatio: `${size.width} / ${size.height}`,
        }}
      >
        {shown && (
          <StoredImage
            src={imageUrl(shown.hash)}
            alt={alt}
            width={size.width}
            height={size.height}
            loading={loading}
            draggable={finished && generation.picture !== null}
            onDragStart={(event) =>
              startDrag(event, { ...shown, parentId: before ? undefined : generation.id })
            }
            onDoubleClick={() => generation.picture && enlarge(generation.id)}
            className={cn(
              'absolute inset-0 size-full object-contain',
              state === 'cancelled' && !before && 'opacity-60',
            )}
          />
        )}
        {!shown && !finished && <div aria-hidden className="animate-sheen bg-line absolute inset-0" />}
        {!shown && finished && (
          <p className="text-muted absolute inset-0 flex items-center justify-center text-xs">{t('none')}</p>
        )}
        {source && generation.picture && (
          <button
            type="button"
            onClick={() => setBefore(!before)}
            className={cn(overlayButton, 'left-2 px-2')}
          >
            {before ? t('showResult') : t('showSource')}
          </button>
        )}
        {generation.picture && shown && (
          <button
            type="button"
            aria-label={t('enlarge')}
            onClick={() => enlarge(generation.id)}
            className={cn(overlayButton, 'right-2 w-7')}
          >
            <Maximize2 aria-hidden className="size-3.5" />
          </button>
        )}
      </div>
    </div>
  );
}

/** The picture that a question is about. */
export function SourceImage({ source, onEnlarge }: { source: Picture; onEnlarge: () => void }) {
  const t = useTranslations('results.picture');
  return (
    <div className="relative size-28 shrink-0 sm:size-32">
      <StoredImage
        src={imageUrl(source.hash)}
        alt={t('question')}
        width={source.width}
        height={source.height}
        loading="lazy"
        draggable
        onDragStart={(event) => startDrag(event, source)}
        onDoubleClick={onEnlarge}
        className="bg-sunken size-full rounded-xl object-contain"
      />
      <button
        type="button"
        aria-label={t('enlarge')}
        onClick={onEnlarge}
        className={cn(overlayButton, 'right-2 w-7')}
      >
        <Maximize2 aria-hidden className="size-3.5" />
      </button>
    </div>
  );
}
