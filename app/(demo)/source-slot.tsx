import { ImageUp, LoaderCircle, X } from 'lucide-react';
import { useRef } from 'react';
import { cn } from '../_components/cn';
import { useDraft } from './draft';
import { imageUrl } from './format';
import { acceptedTypes, clearSource, takeFile, useUpload } from './upload';

/** The picture of an edit or a question: empty, on its way, or there. */
export function SourceSlot({ invalid, describedBy }: { invalid: boolean; describedBy?: string }) {
  const { source, task } = useDraft();
  const upload = useUpload();
  const input = useRef<HTMLInputElement>(null);
  const shown = upload.previewUrl ?? (source ? imageUrl(source.hash) : null);
  const optional = task === 'understand';
  return (
    <div className="relative size-19 shrink-0">
      <button
        type="button"
        aria-label={shown ? 'Replace the picture' : optional ? 'Add a picture (optional)' : 'Add a picture'}
        aria-describedby={describedBy}
        onClick={() => input.current?.click()}
        className={cn(
          'text-muted flex size-full flex-col items-center justify-center gap-1 overflow-hidden rounded-xl text-center text-xs leading-4 transition-colors',
          shown
            ? 'border-line bg-sunken border'
            : 'border-line-strong hover:border-accent hover:text-ink border-[1.5px] border-dashed',
          invalid && 'border-danger text-danger',
        )}
      >
        {shown ? (
          <img
            src={shown}
            alt={upload.state === 'busy' ? 'The picture that is being sent' : 'The chosen picture'}
            className={cn('size-full object-contain', upload.state === 'busy' && 'opacity-50')}
          />
        ) : (
          <>
            <ImageUp aria-hidden className="size-5" />
            {optional ? 'optional' : 'Picture'}
          </>
        )}
        {upload.state === 'busy' && (
          <LoaderCircle aria-hidden className="text-accent absolute size-6 animate-spin" />
        )}
      </button>
      {shown && (
        <button
          type="button"
          aria-label="Remove the picture"
          onClick={clearSource}
          className="border-line bg-surface text-muted hover:text-ink absolute -top-2 -right-2 flex size-6 items-center justify-center rounded-full border shadow-sm"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      )}
      <input
        ref={input}
        type="file"
        accept={acceptedTypes.join(',')}
        className="sr-only"
        tabIndex={-1}
        aria-label="Picture file"
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file can be chosen again.
          event.target.value = '';
          if (file) void takeFile(file);
        }}
      />
    </div>
  );
}
