import { useEffect, useState, useSyncExternalStore } from 'react';
import type { QueueDetail } from '@/server/reviews/schema';
import type { TRPCClient } from '@trpc/client';
import type { AppRouter } from '@/server/api/root';
import { useTRPCClient } from '../../_trpc/client';
import { createDrafts } from './drafts';
import { createPictures } from './pictures';
import { createSession, type Session } from './session';
import type { WorkApi } from './session-types';
import { siteFetch } from '../../_trpc/site-fetch';

/** Milliseconds between renewals of the leases. */
const renewal = 60_000;
/** Milliseconds without a key or a pointer after which nobody is taken to be there: others get the items. */
const longestRest = 10 * 60_000;

/** A session of the page, from its first view until it is left. */
export function useSession(queue: Pick<QueueDetail, 'id' | 'rubric'>, owner: string) {
  const client = useTRPCClient();
  const [session] = useState(() => {
    const pictures = createPictures();
    return createSession({
      rubric: queue.rubric,
      api: workApi(client, queue.id),
      drafts: createDrafts(owner),
      preload: (items) => pictures.hold(items),
    });
  });
  useEffect(() => keepAlive(session), [session]);
  const work = useSyncExternalStore(session.subscribe, session.get, session.get);
  return { session, work };
}

/** Ties a session to its page: it renews leases while somebody is there, and gives them back when the page is left. */
function keepAlive(session: Session): () => void {
  let active = Date.now();
  const isVisible = () => document.visibilityState === 'visible';
  const timer = setInterval(() => {
    if (isVisible() && Date.now() - active < longestRest) session.wake();
  }, renewal);
  const onActive = () => {
    const rested = Date.now() - active;
    active = Date.now();
    if (rested >= longestRest) session.wake();
  };
  const onVisible = () => {
    session.look(isVisible());
    if (isVisible()) session.wake();
  };
  const onShow = ({ persisted }: PageTransitionEvent) => {
    if (persisted) session.start();
  };
  const listening = new AbortController();
  const { signal } = listening;
  for (const type of ['keydown', 'pointerdown', 'pointermove', 'wheel'])
    window.addEventListener(type, onActive, { passive: true, signal });
  document.addEventListener('visibilitychange', onVisible, { signal });
  window.addEventListener('online', session.wake, { signal });
  window.addEventListener('focus', session.wake, { signal });
  window.addEventListener('pageshow', onShow, { signal });
  window.addEventListener('pagehide', () => session.partWith(), { signal });
  const stopWarning = warnWhileUnsaved(session);
  session.start();
  return () => {
    clearInterval(timer);
    listening.abort();
    session.leave();
    stopWarning();
  };
}

/** Warns before the window closes over unsent answers; on another page of the site too, until they are sent. */
function warnWhileUnsaved(session: Session): () => void {
  const warn = (event: BeforeUnloadEvent) => {
    if (session.unsaved) event.preventDefault();
  };
  window.addEventListener('beforeunload', warn);
  return () => {
    const done = () => {
      if (session.unsaved) return;
      window.removeEventListener('beforeunload', warn);
      stop();
    };
    const stop = session.subscribe(done);
    done();
  };
}

/** The procedures of one queue, as a session calls them. */
function workApi({ reviews }: TRPCClient<AppRouter>, queueId: string): WorkApi {
  return {
    next: (input) => reviews.next.mutate({ queueId, ...input }),
    submit: (input) => reviews.submit.mutate(input),
    skip: (input) => reviews.skip.mutate(input),
    undo: ({ requestId }) => reviews.undo.mutate({ queueId, requestId }),
    saveDraft: (input) => reviews.saveDraft.mutate(input),
    part: (what) => ('submit' in what ? outlive('submit', what.submit) : outlive('skip', what.skip)),
    release: (taskIds) => outlive('release', { taskIds }),
  };
}

/** The page may be gone before an ordinary request is on its way; this one goes on without it. */
function outlive(procedure: 'submit' | 'skip' | 'release', input: object): void {
  void siteFetch(`/api/trpc/reviews.${procedure}`, {
    method: 'POST',
    keepalive: true,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ json: input }),
  }).catch(() => undefined);
}
