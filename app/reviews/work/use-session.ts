import { useEffect, useState, useSyncExternalStore } from 'react';
import type { QueueDetail } from '@/server/reviews/schema';
import { useTRPCClient } from '../../_trpc/client';
import { workApi } from './api';
import { createDrafts } from './drafts';
import { createPictures } from './pictures';
import { createSession, type Session } from './session';

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
