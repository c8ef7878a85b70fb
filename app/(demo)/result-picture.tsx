import { Maximize2 } from 'lucide-react';
import { useRef, useState, type DragEvent } from 'react';
import type { GenerationState, GenerationView } from '@/server/demo/schema';
import { cn } from '../_components/cn';
import type { Source } from './draft';
import { dragType } from './drop-overlay';
import { imageUrl, pictureSize } from './format';
import { isFinished } from './live';

type Picture = NonNullable<GenerationView['picture']>;

/** The longer side of a picture in the thread, in CSS pixels. */
const side = 256;

const startDrag = (event: DragEvent, source: Source) => {
  event.dataTransfer.setData(dragType, JSON.stringify(source));
  event.dataTransfer.effectAllowed = 'copy';
};

const overlayButton =
  'absolute bottom-2 flex h-7 items-center justify-center rounded-md bg-surface/90 text-xs font-medium text-ink shadow-sm hover:bg-surface';

interface ResultPictureProps {
  generation: GenerationView;
  state: GenerationState;
  preview: Picture | null;
}

/** The picture of a job in a box that has its shape from the beginning; previews come sharper one by one. */
export function ResultPicture({ generation, state, preview }: ResultPictureProps) {
  const [before, setBefore] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const { source, prompt } = generation;
  const size = pictureSize(generation);
  const longest = Math.max(size.width, size.height);
  const finished = isFinished(state);
  const picture = generation.picture ?? (state === 'failed' ? null : preview);
  const shown = before && source ? source : picture;
  const alt = before ? 'The source' : finished ? prompt : `Preview: ${prompt}`;
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
        {!shown && !finished && <div aria-hidden className="animate-sheen bg-line absolute inset-0" />}
        {!shown && finished && (
          <p className="text-muted absolute inset-0 flex items-center justify-center text-xs">No picture</p>
        )}
        {source && generation.picture && (
          <button
            type="button"
            onClick={() => setBefore(!before)}
            className={cn(overlayButton, 'left-2 px-2')}
          >
            {before ? 'Show the result' : 'Show the source'}
          </button>
        )}
        {generation.picture && shown && (
          <button
            type="button"
            aria-label="Enlarge"
            onClick={() => dialog.current?.showModal()}
            className={cn(overlayButton, 'right-2 w-7')}
          >
            <Maximize2 aria-hidden className="size-3.5" />
          </button>
        )}
      </div>
      {generation.picture && shown && (
        <dialog
          ref={dialog}
          aria-label={alt}
          onClick={() => dialog.current?.close()}
          className="m-auto max-h-none max-w-none bg-transparent p-0 backdrop:bg-black/80"
        >
          <img
            src={imageUrl(shown.hash)}
            alt={alt}
            loading="lazy"
            width={size.width}
            height={size.height}
            className="h-[92dvh] w-[94vw] cursor-zoom-out object-contain"
          />
          <button type="button" className="sr-only">
            Close
          </button>
        </dialog>
      )}
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
