import type { RefObject } from 'react';
import { Button } from '../_components/button';
import { cn } from '../_components/cn';
import { Examples } from './examples';
import { GridCard, groupGrids } from './grid';
import { isFinished } from './live';
import { ResultCard } from './result-card';
import { useGenerations } from './use-generations';

/** A browser opens six connections to one server; a few stay free for everything else. */
const mostStreams = 3;

/** The visitor's jobs, newest at the bottom. The reversed column keeps the newest in view as it grows. */
export function Thread({ scrollRef }: { scrollRef: RefObject<HTMLDivElement | null> }) {
  const {
    items,
    isPending,
    failureCount,
    isError,
    error,
    refetch,
    hasNextPage,
    isFetchingNextPage,
    fetchNextPage,
  } = useGenerations();
  const streamed = new Set(
    items
      .filter((item) => !isFinished(item.state) && !item.grid)
      .slice(0, mostStreams)
      .map((item) => item.id),
  );
  return (
    <main
      ref={scrollRef}
      className={cn(
        'flex min-h-0 overflow-y-auto overscroll-contain px-3 sm:px-6',
        items.length > 0 ? 'flex-col-reverse' : 'flex-col',
      )}
      tabIndex={-1}
    >
      <div className={cn('mx-auto w-full max-w-3xl py-4', items.length === 0 && 'mt-auto')}>
        {hasNextPage && (
          <div className="flex justify-center pb-4">
            <Button size="small" aria-disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {isFetchingNextPage ? 'Loading…' : 'Show earlier results'}
            </Button>
          </div>
        )}
        {isError && items.length === 0 ? (
          <Unavailable reason={error.message} onRetry={() => void refetch()} />
        ) : isPending ? (
          <ThreadSkeleton waiting={failureCount > 0} />
        ) : items.length === 0 ? (
          <Welcome />
        ) : (
          <ol aria-label="Results" className="space-y-4">
            {groupGrids(items).map((item) => (
              <li key={item.id}>
                {item.grid !== null ? (
                  <GridCard gridId={item.grid} generations={item.generations} />
                ) : (
                  <ResultCard generation={item.generation} stream={streamed.has(item.id)} />
                )}
              </li>
            ))}
          </ol>
        )}
      </div>
    </main>
  );
}

function Welcome() {
  return (
    <div className="pb-2">
      <h2 className="text-2xl font-semibold tracking-tight text-balance sm:text-[28px]">
        Make a picture, change it, ask about it.
      </h2>
      <p className="text-muted mt-2 mb-5 max-w-prose text-[15px] leading-6 text-pretty">
        One model does all three, and every result can be the start of the next step. Begin with an example,
        or drop a picture anywhere.
      </p>
      <Examples />
    </div>
  );
}

function ThreadSkeleton({ waiting }: { waiting: boolean }) {
  return (
    <div role="status" className="text-muted flex h-40 items-end justify-center pb-4 text-sm">
      <span className="animate-sheen">
        {waiting ? 'The server cannot be reached. Trying again…' : 'Loading…'}
      </span>
    </div>
  );
}

function Unavailable({ reason, onRetry }: { reason: string; onRetry: () => void }) {
  return (
    <div role="alert" className="flex flex-col items-center gap-3 py-10 text-center text-sm">
      <p>The results could not be loaded: {reason}</p>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  );
}
