import { useTranslations } from 'next-intl';
import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type FocusEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import { Button } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { useErrorText } from '../../_ui/error-text';
import { useOnceOpen } from '../../_ui/use-once-open';
import { Examples } from '../examples/examples';
import { followEdit } from '../composer/follow-edit';
import { groupByGrid, pictureOf } from '../result/result-format';
import { Keys } from '../keyboard/keyboard-map';
import type { Shortcut } from '../keyboard/shortcuts';
import { isFinished } from '../result/job-events';
import { ResultCard } from '../result/result-card';
import { ResultsContext, type ResultsApi, type ResultSlots, type Walk } from '../result/result-context';
import { FlagDialog, LineageDialog, ResultLightbox, ShareDialog } from '../lazy';
import { focusPrompt } from '../../_request/draft';
import { useGenerations } from './use-generations';
import { useEarlierResults } from './use-earlier-results';
import { useTabStatus } from './use-tab-status';
import { closeTool, useTool } from '../result/result-tools';

/** A browser opens six connections to one server; a few stay free for everything else. */
const mostStreams = 3;
const noSlots: ResultSlots = {};

interface ThreadProps {
  scrollRef: RefObject<HTMLDivElement | null>;
  /** What other parts of the page add; keep the object between renders. */
  slots?: ResultSlots;
}

/** The visitor's jobs, newest at the bottom. The reversed column keeps the newest in view as it grows. */
export function Thread({ scrollRef, slots = noSlots }: ThreadProps) {
  const t = useTranslations('results');
  const { items, isPending, failureCount, isError, error, refetch, ...pages } = useGenerations();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const edge = useEarlierResults({
    scrollRef,
    hasMore: hasNextPage,
    busy: isFetchingNextPage,
    load: () => void fetchNextPage(),
  });
  useEffect(() => followEdit(items), [items]);
  useTabStatus(items);
  const [large, setLarge] = useState<string | null>(null);
  const enlarged = useOnceOpen(large !== null);
  const [visited, setVisited] = useState<string | null>(null);
  const api = useResultsApi({ scrollRef, slots, enlarge: setLarge, pages });

  const streamed = new Set(
    items
      // A grid follows its own cells.
      .filter((item) => !isFinished(item.state) && !(slots.renderGrid && item.grid))
      .slice(0, mostStreams)
      .map((item) => item.id),
  );
  const current = items.some((item) => item.id === visited) ? visited : items.at(-1)?.id;
  const onFocus = (event: FocusEvent) => {
    const card = event.target.closest<HTMLElement>('[data-result]');
    if (card) setVisited(card.dataset.result ?? null);
  };
  const pictures = useMemo(
    () => items.filter((item) => isFinished(item.state) && pictureOf(item) !== null),
    [items],
  );
  const groups = slots.renderGrid ? groupByGrid(items) : items.map((item) => [item]);
  return (
    <main
      ref={scrollRef}
      className={cn(
        'flex min-h-0 overflow-y-auto overscroll-contain px-3 sm:px-6',
        items.length > 0 ? 'flex-col-reverse' : 'flex-col',
      )}
      tabIndex={-1}
    >
      <ResultsContext value={api}>
        {/* Two elements: what takes the place of another does not move there. */}
        <div
          key={isPending ? 'pending' : items.length > 0 ? 'results' : 'none'}
          className={cn('mx-auto w-full max-w-3xl py-4', items.length === 0 && 'mt-auto')}
        >
          {hasNextPage && (
            <div ref={edge} className="flex justify-center pb-4">
              <Button
                size="small"
                aria-disabled={isFetchingNextPage}
                onClick={() => {
                  if (!isFetchingNextPage) void fetchNextPage();
                }}
              >
                {isFetchingNextPage ? t('thread.loading') : t('thread.earlier')}
              </Button>
            </div>
          )}
          {isError && items.length === 0 ? (
            <Unavailable error={error} onRetry={() => void refetch()} />
          ) : isPending ? (
            <ThreadSkeleton waiting={failureCount > 0} />
          ) : items.length === 0 ? (
            <Welcome />
          ) : (
            <ol aria-label={t('list')} className="-m-1.5" onFocus={onFocus}>
              {groups.map((group) => {
                const first = group[0]!;
                const grid = slots.renderGrid ? first.grid : null;
                return (
                  <Row key={first.id}>
                    {grid ? (
                      slots.renderGrid?.(group)
                    ) : (
                      <ResultCard
                        generation={first}
                        stream={streamed.has(first.id)}
                        current={first.id === current}
                      />
                    )}
                  </Row>
                );
              })}
            </ol>
          )}
        </div>
        <ToolDialogs onGoTo={api.goTo} />
        {enlarged && <ResultLightbox results={pictures} id={large} onChange={setLarge} onLeft={api.goTo} />}
      </ResultsContext>
      <PageKeys scrollRef={scrollRef} slots={slots} />
    </main>
  );
}

/**
 * One row of the thread. Once it was laid out and left the window, it is neither laid out nor painted until it
 * comes near again, and its size is remembered: a thousand results scroll like ten, and nothing jumps.
 */
function Row({ children }: { children: ReactNode }) {
  const [known, setKnown] = useState(false);
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (known || !row.current) return;
    // Told after layout, when the browser has noted the size.
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => !entry.isIntersecting)) setKnown(true);
    });
    observer.observe(row.current);
    return () => observer.disconnect();
  }, [known]);
  return (
    <li
      className={cn('p-1.5 pb-2.5 [contain-intrinsic-size:auto_19rem]', known && '[content-visibility:auto]')}
    >
      {children}
    </li>
  );
}

const cardsOf = (scrollRef: ThreadProps['scrollRef']) => [
  ...(scrollRef.current?.querySelectorAll<HTMLElement>('[data-result]') ?? []),
];

function focusCard(card: HTMLElement): void {
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: 'nearest' });
}

type Pages = Pick<ReturnType<typeof useGenerations>, 'hasNextPage' | 'fetchNextPage'>;

/** The same object as long as the slots are: no card is drawn anew because the thread is. */
function useResultsApi(parts: {
  scrollRef: ThreadProps['scrollRef'];
  slots: ResultSlots;
  enlarge: (id: string) => void;
  pages: Pages;
}): ResultsApi {
  const { scrollRef, slots, enlarge } = parts;
  const pages = useRef(parts.pages);
  // A result that is looked for while earlier ones are loaded.
  const wanted = useRef<string>(null);
  useEffect(() => {
    pages.current = parts.pages;
    if (wanted.current === null) return;
    const card = cardsOf(scrollRef).find((element) => element.dataset.result === wanted.current);
    if (!card) return;
    wanted.current = null;
    focusCard(card);
  });
  return useMemo(() => {
    const find = (id: string) => cardsOf(scrollRef).find((element) => element.dataset.result === id);
    const search = async (id: string) => {
      wanted.current = id;
      let more = pages.current.hasNextPage;
      while (more && wanted.current === id) {
        const { data } = await pages.current.fetchNextPage();
        const last = data?.pages.at(-1);
        // Ids are ordered by time: past its place it is not to be found.
        more = Boolean(last?.nextCursor && last.nextCursor > id);
      }
    };
    return {
      slots,
      enlarge,
      goTo: (id) => {
        const card = find(id);
        if (card) focusCard(card);
        else if (slots.onOpen) slots.onOpen(id);
        else void search(id);
      },
      walk: (from: string, where: Walk) => {
        const cards = cardsOf(scrollRef);
        const index = cards.findIndex((element) => element.dataset.result === from);
        const to = { next: index + 1, previous: index - 1, first: 0, last: cards.length - 1 }[where];
        const card = cards[to];
        if (card) focusCard(card);
      },
      leave: (id) => {
        const cards = cardsOf(scrollRef);
        const index = cards.findIndex((element) => element.dataset.result === id);
        const neighbour = cards[index + 1] ?? cards[index - 1];
        if (neighbour) focusCard(neighbour);
        else focusPrompt();
      },
    };
  }, [scrollRef, slots, enlarge]);
}

function PageKeys({ scrollRef, slots }: { scrollRef: ThreadProps['scrollRef']; slots: ResultSlots }) {
  const toNewest = useCallback(() => {
    const newest = cardsOf(scrollRef).at(-1);
    if (newest) focusCard(newest);
  }, [scrollRef]);
  const without: Shortcut[] = [];
  if (!slots.onCompare) without.push('compare');
  if (!slots.onShare) without.push('share');
  return <Keys onNewest={toNewest} without={without} />;
}

function Welcome() {
  const t = useTranslations('results.welcome');
  return (
    <div className="pb-2">
      <h2 className="text-2xl font-semibold tracking-tight text-balance sm:text-[28px]">{t('title')}</h2>
      <p className="text-muted mt-2 mb-5 max-w-prose text-[15px] leading-6 text-pretty">{t('text')}</p>
      <Examples />
      <p className="text-muted mt-4 text-[13px] pointer-coarse:hidden">
        {t.rich('keys', {
          key: (chunks) => (
            <kbd className="border-line-strong/60 bg-surface rounded border border-b-2 px-1.5 font-sans text-xs">
              {chunks}
            </kbd>
          ),
        })}
      </p>
    </div>
  );
}

function ThreadSkeleton({ waiting }: { waiting: boolean }) {
  const t = useTranslations('results.thread');
  return (
    <div role="status" className="text-muted flex h-40 items-end justify-center pb-4 text-sm">
      <span className="animate-sheen">{waiting ? t('unreachable') : t('loading')}</span>
    </div>
  );
}

function Unavailable({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useTranslations('results.thread');
  const say = useErrorText();
  return (
    <div role="alert" className="flex flex-col items-center gap-3 py-10 text-center text-sm">
      <p>{t('failed', { reason: say(error) })}</p>
      <Button onClick={onRetry}>{t('retry')}</Button>
    </div>
  );
}

/** Shows what `openTool` asked for. @param onGoTo brings a result of the lineage into view. */
function ToolDialogs({ onGoTo }: { onGoTo?: (id: string) => void }) {
  const shown = useTool();
  if (!shown) return null;
  const { tool, generation, open } = shown;
  const state = { open, onOpenChange: (next: boolean) => !next && closeTool() };
  if (tool === 'share') return <ShareDialog generation={generation} {...state} />;
  if (tool === 'flag') return <FlagDialog target={{ id: generation.id }} {...state} />;
  return <LineageDialog generation={generation} onOpen={onGoTo && (({ id }) => onGoTo(id))} {...state} />;
}
