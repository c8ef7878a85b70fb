import { useTranslations } from 'next-intl';
import { memo, useEffect, useState } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { cn } from '../../_ui/cn';
import { setTrouble } from '../composer/connection-notice';
import { taskIcons } from '../examples/examples';
import { JobProgress } from './job-progress';
import { isFinished } from './job-events';
import { ResultActions } from './result-actions';
import { useResults } from './result-context';
import { ResultDetails } from './result-details';
import { onResultKey } from './result-keys';
import { ResultParent } from './result-parent';
import { ResultImage, SourceImage } from './result-image';
import { noteShare } from '../thread/tab-status';
import { useJobEvents } from './use-job-events';
import { useResultFormat } from './use-result-format';

interface ResultCardProps {
  generation: GenerationView;
  /** Whether it may hold one of the few event streams. */
  stream: boolean;
  /** Whether Tab stops at it: one card of the thread does, the arrows lead to the others. */
  current: boolean;
}

/** One job, from the moment it is sent. */
export const ResultCard = memo(function ResultCard({ generation, stream, current }: ResultCardProps) {
  const t = useTranslations('results');
  const words = useResultFormat();
  const results = useResults();
  const { live, lastPreview, state, queue, broken } = useJobEvents(generation, stream);
  const [deleting, setDeleting] = useState(false);
  const { id, task, prompt, language } = generation;
  const finished = isFinished(state);
  const Icon = taskIcons[task];
  const text = live.text || generation.text;

  const share = finished || live.steps === 0 ? null : live.step / live.steps;
  useEffect(() => {
    noteShare(id, share);
    return () => noteShare(id, null);
  }, [id, share]);

  useEffect(() => {
    setTrouble(id, broken);
    return () => setTrouble(id, false);
  }, [id, broken]);

  return (
    <article
      data-result={id}
      aria-label={t('card', { task: t(`tasks.${task}`), prompt })}
      tabIndex={current ? 0 : -1}
      onKeyDown={(event) =>
        onResultKey(event, { generation, finished, results, onDelete: () => setDeleting(true) })
      }
      className="border-line bg-surface flex flex-col gap-4 rounded-2xl border p-3 sm:flex-row sm:p-4"
    >
      {task === 'understand' ? (
        generation.source && <SourceImage source={generation.source} onEnlarge={() => results.enlarge(id)} />
      ) : (
        <ResultImage generation={generation} state={state} preview={live.preview ?? lastPreview} />
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="text-muted flex items-center gap-1.5 text-xs">
          <Icon aria-hidden className="text-accent size-3.5" />
          {t(`tasks.${task}`)}
          <span aria-hidden>·</span>
          <time dateTime={generation.createdAt.toISOString()}>{words.moment(generation.createdAt)}</time>
          {generation.imported && (
            <span className="bg-sunken rounded px-1.5 py-0.5">{t('details.imported')}</span>
          )}
          <span className="ml-auto" />
          <ResultParent generation={generation} />
        </div>
        <p
          lang={language}
          // A long one scrolls, and what scrolls is reached by the keyboard too.
          tabIndex={prompt.length > 600 ? 0 : undefined}
          className={cn(
            'mt-1 leading-6 break-words whitespace-pre-wrap',
            task === 'understand' ? 'text-muted text-sm' : 'text-[15px] font-medium',
            prompt.length > 600 && 'max-h-40 overflow-y-auto',
          )}
        >
          {prompt}
        </p>
        {task === 'understand' && (text || !finished || state === 'done') && (
          <div
            role="group"
            aria-label={t('answer')}
            lang={language}
            className="mt-2 min-h-7 text-lg leading-7 font-medium break-words whitespace-pre-wrap"
          >
            {text || (finished && <span className="text-muted text-base">{t('noAnswer')}</span>)}
            {!finished && text && (
              <span
                aria-hidden
                className="bg-accent animate-sheen ml-0.5 inline-block h-[1em] w-[2px] align-[-0.12em]"
              />
            )}
          </div>
        )}
        <JobProgress generation={generation} state={state} live={live} queue={queue} broken={broken} />
        {finished && <ResultDetails generation={generation} />}
        {finished && <ResultActions generation={generation} deleting={deleting} onDeleting={setDeleting} />}
      </div>
    </article>
  );
});
