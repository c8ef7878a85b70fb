import { useMutation } from '@tanstack/react-query';
import {
  Check,
  Columns2,
  Copy,
  Download,
  MessageCircleQuestion,
  SlidersHorizontal,
  SquareSplitHorizontal,
  Trash2,
  WandSparkles,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { Button, buttonStyle, IconButton } from '../_components/button';
import { cn } from '../_components/cn';
import { useTRPC } from '../_trpc/client';
import { compareWithSource, pickForCompare } from './compare';
import { continueFrom, recall } from './draft';
import { downloadUrl } from './format';
import { LibraryActions } from './history/library-actions';
import { cancelUpload } from './upload';
import { useGenerationCache } from './use-generations';

/** What can be done with a finished job. */
export function ResultActions({ generation }: { generation: GenerationView }) {
  const t = useTranslations('compare');
  const [deleting, setDeleting] = useState(false);
  const picture = generation.picture ?? (generation.task === 'understand' ? generation.source : null);
  if (deleting) return <ConfirmDelete id={generation.id} onKeep={() => setDeleting(false)} />;
  const fill = (act: () => void) => () => {
    cancelUpload();
    act();
  };
  return (
    <div className="mt-auto flex flex-wrap items-center gap-1 pt-3">
      {picture && (
        <>
          <Button size="small" onClick={fill(() => continueFrom(generation, 'edit'))}>
            <WandSparkles aria-hidden /> Edit this
          </Button>
          <Button size="small" onClick={fill(() => continueFrom(generation, 'understand'))}>
            <MessageCircleQuestion aria-hidden /> Ask about this
          </Button>
        </>
      )}
      <div className="flex items-center">
        {generation.picture && (
          <a
            href={downloadUrl(generation, generation.picture.hash)}
            download
            aria-label="Download"
            data-tip="Download"
            className={cn(buttonStyle({ variant: 'ghost', size: 'icon' }), 'tip')}
          >
            <Download aria-hidden />
          </a>
        )}
        {generation.picture && (
          <IconButton label={t('compare')} onClick={() => pickForCompare(generation)}>
            <Columns2 aria-hidden />
          </IconButton>
        )}
        {generation.picture && generation.source && (
          <IconButton label={t('compareWithSource')} onClick={() => compareWithSource(generation)}>
            <SquareSplitHorizontal aria-hidden />
          </IconButton>
        )}
        <IconButton label="Use settings" onClick={fill(() => recall(generation))}>
          <SlidersHorizontal aria-hidden />
        </IconButton>
        <CopyButton text={generation.prompt} />
        <LibraryActions generation={generation} />
        <IconButton label="Delete" onClick={() => setDeleting(true)}>
          <Trash2 aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}

function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <IconButton
      label={copied ? 'Copied' : 'Copy prompt'}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
      onBlur={() => setCopied(false)}
      onMouseLeave={() => setCopied(false)}
    >
      {copied ? <Check aria-hidden className="text-accent" /> : <Copy aria-hidden />}
    </IconButton>
  );
}

function ConfirmDelete({ id, onKeep }: { id: string; onKeep: () => void }) {
  const trpc = useTRPC();
  const cache = useGenerationCache();
  const remove = useMutation(trpc.demo.remove.mutationOptions({ onSuccess: () => cache.remove(id) }));
  return (
    <div
      role="group"
      aria-label="Delete this result?"
      className="mt-auto flex flex-wrap items-center gap-2 pt-3"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onKeep();
      }}
    >
      <span className="text-sm">Delete this result?</span>
      <Button
        size="small"
        variant="danger"
        autoFocus
        aria-disabled={remove.isPending}
        onClick={() => remove.mutate({ id })}
      >
        <Trash2 aria-hidden /> Delete
      </Button>
      <Button size="small" variant="ghost" onClick={onKeep}>
        Keep
      </Button>
      {remove.isError && (
        <span role="alert" className="text-danger text-sm">
          {remove.error.message}
        </span>
      )}
    </div>
  );
}
