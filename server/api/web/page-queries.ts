import { QueryCache, QueryClient } from '@tanstack/react-query';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { cache } from 'react';
import type { Context } from '../../accounts/context';
import { StudioError } from '../../platform/errors/errors';
import { appRouter, createCaller, type AppRouter } from '../root';
import { readWho } from './current-user';
import { getServices } from './services';

/**
 * Procedures as whoever asked for the page may call them.
 * @throws StudioError DATABASE_UNREACHABLE
 */
async function pageContext(): Promise<Context> {
  const who = await readWho();
  if (!who) throw new StudioError('DATABASE_UNREACHABLE', 'Who asks could not be read.');
  const { user, visitorId, sessionId } = who;
  return { ...getServices(), user, visitorId, sessionId };
}

/** Nothing has this id, or it is none at all. */
function isMissing(error: unknown): boolean {
  const { cause, code } = error as { cause?: unknown; code?: unknown };
  return code === 'BAD_REQUEST' || (cause instanceof StudioError ? cause.code : code) === 'NOT_FOUND';
}

/**
 * What a page reads before it is sent, once for its title and its content: the queries of the browser by the same keys, so that
 * `FirstView` hands them over. One that fails is left out, and the browser asks by itself.
 */
export const pageQueries = cache(() => {
  const onError = (error: unknown) => {
    if (!isMissing(error)) getServices().log.warn({ err: error }, 'the first view was left to the page');
  };
  const queryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    defaultOptions: { queries: { retry: false, staleTime: Infinity } },
  });
  const trpc = createTRPCOptionsProxy<AppRouter>({ router: appRouter, ctx: pageContext, queryClient });
  /**
   * @param query of a procedure, started here: one that was read before is not read again
   * @returns `missing` where there is nothing of this id, null where it cannot be read just now
   */
  const read = <T>(query: Promise<T>): Promise<T | 'missing' | null> =>
    query.catch((error: unknown) => (isMissing(error) ? ('missing' as const) : null));
  return { queryClient, trpc, read };
});

/** Images that the first window of a grid holds. */
const firstWindow = 24;

/**
 * Has the first images of a recorded run drawn: that goes on while the browser loads the page that will ask for all of them.
 * @param hashes in the order of the grid
 */
export async function drawFirst(hashes: readonly string[]): Promise<void> {
  const first = hashes.slice(0, firstWindow);
  if (first.length === 0) return;
  try {
    await createCaller(await pageContext()).images.wait({ hashes: first, served: true, hold: false });
  } catch (error) {
    getServices().log.warn({ err: error }, 'the first images were left to the page');
  }
}
