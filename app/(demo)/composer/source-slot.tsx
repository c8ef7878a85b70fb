import { ImageUp, LoaderCircle, Undo2, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import { cn } from '../../_ui/cn';
import { useDraft } from '../../_request/draft';
import { exchangeSource } from './follow-edit';
import { imageUrl } from '../../_ui/images/address';
import { fieldId } from '../settings/number-field';
import { useImageFile } from './use-image-file';
import { acceptedTypes } from '../../_ui/picture-file';
import { clearSource, useUpload } from './upload';
import { StoredImage } from '../../_ui/stored-image';

/** The picture of an edit or a question: empty, on its way, or there. */
export function SourceSlot({ invalid, describedBy }: { invalid: boolean; describedBy?: string }) {
  const t = useTranslations('demo.source');
  const { take } = useImageFile();
  const { source, other, task } = useDraft();
  const upload = useUpload();
  const input = useRef<HTMLInputElement>(null);
  const shown = upload.previewUrl ?? (source ? imageUrl(source.hash) : null);
  const optional = task === 'understand';
  return (
    <div className="relative size-19 shrink-0">
      <button
        type="button"
        aria-label={t(shown ? 'replace' : optional ? 'addOptional' : 'add')}
        aria-describedby={describedBy}
        id={fieldId('source')}
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
          <StoredImage
            src={shown}
            alt={t(upload.state === 'busy' ? 'sending' : 'chosen')}
            className={cn('size-full object-contain', upload.state === 'busy' && 'opacity-50')}
          />
        ) : (
          <>
            <ImageUp aria-hidden className="size-5" />
            {t(optional ? 'optional' : 'picture')}
          </>
        )}
        {upload.state === 'busy' && (
          <LoaderCircle aria-hidden className="text-accent absolute size-6 animate-spin" />
        )}
      </button>
      {shown && other && (
        <button
          type="button"
          aria-label={t(other.is === 'source' ? 'useSource' : 'useResult')}
          title={t(other.is === 'source' ? 'useSource' : 'useResult')}
          onClick={exchangeSource}
          className="absolute inset-x-px bottom-px flex h-6 items-center justify-center gap-1 rounded-b-[11px] bg-black/65 text-[11px] font-medium text-white transition-colors hover:bg-black/85"
        >
          <Undo2 aria-hidden className={cn('size-3', other.is === 'result' && '-scale-x-100')} />
          {t(other.is === 'source' ? 'toSource' : 'toResult')}
        </button>
      )}
      {shown && (
        <button
          type="button"
          aria-label={t('remove')}
          onClick={clearSource}
          className="border-line bg-surface text-muted hover:text-ink absolute -top-2 -right-2 flex size-6 items-center justify-center rounded-full border shadow-sm transition-colors"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      )}
      <input
        ref={input}
        type="file"
        accept={acceptedTypes}
        className="sr-only"
        tabIndex={-1}
        aria-label={t('file')}
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file can be chosen again.
          event.target.value = '';
          if (file) void take(file);
        }}
      />
    </div>
  );
}
