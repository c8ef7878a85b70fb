import { useState, type DragEvent } from 'react';
import type { GenerationState, GenerationView } from '@/server/demo/schema';
import { cn } from '../_components/cn';
import type { Source } from './draft';
import { dragType } from './drop-overlay';
import { imageUrl, pictureSize } from './format';
import { isFinished } from './live';

type Picture = NonNullable<GenerationView['picture']>;

/** The longer side of a picture in the thread, in CSS pixels. */
const side = 320;

const startDrag = (event: DragEvent, source: Source) => {
  event.dataTransfer.setData(dragType, JSON.stringify(source));
  event.dataTransfer.effectAllowed = 'copy';
};

interface ResultPictureProps {
  generation: GenerationView;
  state: GenerationState;
  preview: Picture | null;
}

/** The picture of a job in a box that has its shape from the beginning; previews come sharper one by one. */
export function ResultPicture({ generation, state, preview }: ResultPictureProps) {
  const [before, setBefore] = useState(false);
  const { source, prompt } = generation;
  const size = pictureSize(generation);
  const longest = Math.max(size.width, size.height);
  const finished = isFinished(state);
  const picture = generation.picture ?? (state === 'failed' ? null : preview);
  const shown = before && source ? source : picture;
  const alt = before ? 'The source' : finished ? prompt : `Preview: ${prompt}`;
  return (
    <div className="shrink-0 sm:w-80">
      <div
        className="bg-sunken relative mx-auto max-w-full overflow-hidden rounded-xl"
        style={{
          width: `${(size.width / longest) * side}px`,
          aspectRatio: `${size.width} / ${size.height}`,
        }}
      >
        {shown && (
          <img
            src={imageUrl(shown.hash)}
            alt={alt}
            width={size.width}
            height={size.height}
            draggable={finished && generation.picture !== null}
            onDragStart={(event) =>
              startDrag(event, { ...shown, parentId: before ? undefined : generation.id })
            }
            className={cn(
              'absolute inset-0 size-full object-contain',
              state === 'cancelled' && !before && 'opacity-60',
            )}
          />
        )}
        {!shown && !finished && <div aria-hidden className="animate-sheen bg-line/60 absolute inset-0" />}
        {!shown && finished && (
          <p className="text-muted absolute inset-0 flex items-center justify-center text-xs">No picture</p>
        )}
        {source && generation.picture && (
          <button
            type="button"
            aria-pressed={before}
            onClick={() => setBefore(!before)}
            className="bg-surface/90 text-ink hover:bg-surface absolute bottom-2 left-2 rounded-md px-2 py-1 text-xs font-medium shadow-sm"
          >
            {before ? 'Show the result' : 'Show the source'}
          </button>
        )}
      </div>
    </div>
  );
}

/** The picture that a question is about. */
export function SourcePicture({ source }: { source: Picture }) {
  return (
    <img
      src={imageUrl(source.hash)}
      alt="The picture that the question is about"
      width={source.width}
      height={source.height}
      draggable
      onDragStart={(event) => startDrag(event, source)}
      className="bg-sunken size-28 shrink-0 rounded-xl object-contain sm:size-32"
    />
  );
}
