import { useEffect } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { cn } from '../_components/cn';
import { setTrouble } from './connection-notice';
import { taskIcons } from './examples';
import { taskWords } from './format';
import { JobProgress } from './job-progress';
import { isFinished } from './live';
import { ResultActions } from './result-actions';
import { ResultDetails } from './result-details';
import { ResultPicture, SourcePicture } from './result-picture';
import { useLive } from './use-live';

/** One job, from the moment it is sent. */
export function ResultCard({ generation, stream }: { generation: GenerationView; stream: boolean }) {
  const { live, lastPreview, state, queue, broken } = useLive(generation, stream);
  const { id, task, prompt, language } = generation;
  const finished = isFinished(state);
  const Icon = taskIcons[task];
  const text = live.text || generation.text;

  useEffect(() => {
    setTrouble(id, broken);
    return () => setTrouble(id, false);
  }, [id, broken]);

  return (
    <article
      aria-label={`${taskWords[task]}: ${prompt}`}
      className="border-line bg-surface flex flex-col gap-4 rounded-2xl border p-3 sm:flex-row sm:p-4"
    >
      {task === 'understand' ? (
        generation.source && <SourcePicture source={generation.source} />
      ) : (
        <ResultPicture generation={generation} state={state} preview={live.preview ?? lastPreview} />
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        <p className="text-muted flex items-center gap-1.5 text-xs">
          <Icon aria-hidden className="text-accent size-3.5" />
          {taskWords[task]}
          <span aria-hidden>·</span>
          <time dateTime={generation.createdAt.toISOString()} suppressHydrationWarning>
            {timeText(generation.createdAt)}
          </time>
        </p>
        <p
          lang={language}
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
            aria-label="Answer"
            lang={language}
            className="mt-2 min-h-7 text-lg leading-7 font-medium break-words whitespace-pre-wrap"
          >
            {text || (finished && <span className="text-muted text-base">The model gave no answer.</span>)}
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
        {finished && <ResultActions generation={generation} />}
      </div>
    </article>
  );
}

function timeText(date: Date): string {
  const today = new Date().toDateString() === date.toDateString();
  return date.toLocaleString(
    undefined,
    today ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' },
  );
}
