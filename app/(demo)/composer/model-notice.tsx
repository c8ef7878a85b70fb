import { useQuery } from '@tanstack/react-query';
import { Info } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useEffect, useMemo, useState } from 'react';
import type { ModelInfo } from '@/server/demo/schema';
import { cn } from '../../_ui/cn';
import { useTRPCClient } from '../../_trpc/client';
import { useDraft } from '../../_request/draft';
import { takesPicture } from '../../_request/fields';
import { noticeOf } from '../../_ui/model-description';
import { unknownWords } from './unknown-words';

const askAgainMs = 1500;
/** A word that is still being typed is not a word that the model does not know. */
const restMs = 800;
const mostNamed = 4;

/** Whether the uploaded picture of the form lies outside what the model was trained on; false while unknown. */
function useOutside(model: ModelInfo | undefined): boolean {
  const { task, source } = useDraft();
  const client = useTRPCClient();
  // A result of the model's own needs no check.
  const hash = takesPicture(task) && source && !source.parentId ? source.hash : null;
  const { data } = useQuery({
    queryKey: ['picture-check', hash],
    queryFn: () => client.demo.pictureCheck.query({ hash: hash ?? '' }),
    enabled: hash !== null && model !== undefined && model.worldError !== null,
    staleTime: Infinity,
    refetchInterval: ({ state }) => (state.data?.state === 'pending' ? askAgainMs : false),
  });
  return hash !== null && data?.state === 'done' && data.outside === true;
}

/** Words of the prompt that the model's training does not have, once the typing rests. */
function useUnknownWords(model: ModelInfo | undefined): string[] {
  const { prompt } = useDraft();
  const [rested, setRested] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setRested(prompt), restMs);
    return () => clearTimeout(timer);
  }, [prompt]);
  const words = model?.words;
  // What was taken out of the prompt meanwhile is no longer told.
  return useMemo(
    () => (words ? unknownWords(rested, words).filter((word) => prompt.includes(word)) : []),
    [rested, prompt, words],
  );
}

/** What the model is, on every screen, in its manifest's words; and where an image or a prompt is beyond it. */
export function ModelNotice({ model }: { model: ModelInfo | undefined }) {
  const t = useTranslations('demo');
  const outside = useOutside(model);
  const locale = useLocale();
  const notice = model && noticeOf(model, locale);
  const unknown = useUnknownWords(model);
  const named = unknown.slice(0, mostNamed).map((word) => t('quoted', { word }));
  if (unknown.length > mostNamed) named.push('…');
  const warnings = [
    ...(model && outside ? [t('outside', { model: model.name })] : []),
    ...(model && named.length > 0
      ? [t('unknownWords', { model: model.name, words: named.join(t('between')) })]
      : []),
  ];
  return (
    <footer className="mt-1.5 min-h-8 px-2 text-center text-xs leading-4 text-balance">
      <div role="status">
        {warnings.map((warning) => (
          <p key={warning} className="text-ink font-medium">
            <Info aria-hidden className="text-accent mr-1 inline size-3.5 align-[-0.2em]" />
            {warning}
          </p>
        ))}
      </div>
      {model && notice && (
        // With a warning above it, both have the room of the notice alone: nothing moves.
        <p
          className={cn(
            'text-muted',
            warnings.length > 1
              ? 'sr-only'
              : warnings.length > 0
                ? 'line-clamp-1 max-sm:sr-only'
                : 'line-clamp-2 max-sm:line-clamp-3',
          )}
        >
          <span className="font-medium">
            {model.name} {model.version}
          </span>{' '}
          · <span lang={notice.lang}>{notice.text}</span>
        </p>
      )}
    </footer>
  );
}
