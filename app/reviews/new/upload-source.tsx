import { useVirtualizer } from '@tanstack/react-virtual';
import { CircleAlert, ImagePlus, LoaderCircle, RotateCw, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState, type DragEvent } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import { Button, IconButton } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { useErrorText } from '../../_ui/error-text';
import { acceptedTypes } from '../../_ui/picture-file';
import { boxStyle, Problem } from '../../_ui/field';
import { imageUrl } from '../../_ui/images/address';
import type { QueueForm, UploadEntry } from './form';
import { useProblem } from './use-problem';
import { mostPictures, useUploads } from './use-uploads';

const rowHeight = 84;

/** Pictures of one's own, dropped or chosen, each with its prompt beside it. */
export function UploadSource() {
  const t = useTranslations('reviews.newQueue');
  const { control, clearErrors } = useFormContext<QueueForm>();
  const entries = useWatch({ control, name: 'upload' });
  const uploads = useUploads();
  const problem = useProblem()('upload');
  const [over, setOver] = useState(false);
  const [left, setLeft] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const scroll = useRef<HTMLDivElement>(null);
  // Not compiled by React's compiler here, so nothing of it is memoized.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => entries[index]?.key ?? index,
    overscan: 6,
  });
  const take = (files: readonly File[]) => {
    if (files.length === 0) return;
    setLeft(uploads.add(files));
    clearErrors('upload');
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take([...event.dataTransfer.files]);
  };
  return (
    <div>
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
        className={cn(
          'flex flex-wrap items-center justify-center gap-x-2 gap-y-2 rounded-xl border border-dashed px-4 py-6 text-sm transition-colors',
          over ? 'border-accent bg-accent-soft' : 'border-line-strong',
        )}
      >
        <ImagePlus aria-hidden className="text-muted size-5" />
        <span className="font-medium">{t('drop')}</span>
        <span className="text-muted">{t('dropOr')}</span>
        <Button size="small" onClick={() => input.current?.click()}>
          {t('pick')}
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={t('pictureFiles')}
          accept={acceptedTypes}
          onChange={(event) => {
            take([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
      </div>
      <Problem id="queue-upload" text={problem} />
      {left > 0 && (
        <p role="alert" className="text-danger mt-1 text-[13px] leading-5">
          {t('tooMany', { max: mostPictures, left })}
        </p>
      )}
      {entries.length > 0 && (
        <>
          <div className="mt-3 flex items-center justify-between gap-3">
            <p className="text-muted text-[13px] leading-5 text-pretty">{t('dropHint')}</p>
            <Button size="small" variant="ghost" onClick={uploads.clear}>
              {t('removeAll')}
            </Button>
          </div>
          <div ref={scroll} className="border-line mt-2 max-h-[27rem] overflow-y-auto rounded-xl border">
            <ul aria-label={t('froms.upload')} className="relative" style={{ height: rows.getTotalSize() }}>
              {rows.getVirtualItems().map((row) => {
                const entry = entries[row.index];
                return (
                  entry && (
                    <li
                      key={row.key}
                      className="border-line absolute inset-x-0 top-0 flex items-center gap-3 border-b px-3"
                      style={{ height: rowHeight, transform: `translateY(${row.start}px)` }}
                    >
                      <Entry entry={entry} uploads={uploads} />
                    </li>
                  )
                );
              })}
            </ul>
          </div>
        </>
      )}
    </div>
  );
}

function Entry({ entry, uploads }: { entry: UploadEntry; uploads: ReturnType<typeof useUploads> }) {
  const t = useTranslations('reviews.newQueue');
  const failure = useErrorText();
  const { key, name, state, hash, problem, prompt, notes, animated } = entry;
  const src = hash ? imageUrl(hash, { size: 160 }) : uploads.previewOf(key);
  return (
    <>
      <span className="bg-sunken relative size-16 shrink-0 overflow-hidden rounded-lg">
        {src && <img src={src} alt="" decoding="async" className="size-full object-cover" />}
        {state !== 'done' && (
          <span className="absolute inset-0 flex items-center justify-center bg-black/50 text-white">
            {state === 'failed' ? (
              <CircleAlert aria-hidden className="size-5" />
            ) : (
              <LoaderCircle aria-hidden className="size-5 animate-spin" />
            )}
          </span>
        )}
      </span>
      <span className="min-w-0 flex-1">
        {state === 'failed' ? (
          <span
            role="alert"
            className="text-danger line-clamp-3 text-[13px] leading-5 [overflow-wrap:anywhere]"
          >
            {name}: {problem ? failure(problem) : t('problems.uploadFailed')}
          </span>
        ) : (
          <textarea
            rows={2}
            maxLength={4000}
            aria-label={t('promptOf', { name })}
            placeholder={`${t('promptHere')} · ${name}`}
            value={prompt}
            onChange={(event) => uploads.mark(key, { prompt: event.target.value })}
            className={cn(boxStyle, 'block resize-none py-1.5 leading-5')}
          />
        )}
      </span>
      {notes.length > 0 && (
        <span className="text-muted w-40 shrink-0 text-xs leading-4 text-pretty max-sm:hidden">
          {notes.map((note) => failure(note)).join(' ')}
        </span>
      )}
      {state === 'failed' && animated && (
        <Button size="small" onClick={() => uploads.again(key)}>
          {t('firstFrame')}
        </Button>
      )}
      {state === 'failed' && !animated && uploads.canRetry(key) && (
        <IconButton label={t('retryOne', { name })} className="tip-end" onClick={() => uploads.again(key)}>
          <RotateCw aria-hidden />
        </IconButton>
      )}
      <IconButton label={t('remove', { name })} className="tip-end" onClick={() => uploads.remove(key)}>
        <X aria-hidden />
      </IconButton>
    </>
  );
}
