'use client';

import { useEffectEvent, useLayoutEffect } from 'react';

/**
 * Browser Back closes what lies over the page, one thing at a time, and leaves the page only when nothing does.
 *
 * Each open overlay owns one entry of the browser's history, above the entry of the page it covers and with the same
 * address. Both carry a mark: which page, and how many overlays lie over it. Moving between entries of one page changes
 * no address and tells the router nothing: what stood in the entry that is left goes along.
 */
interface Mark {
  page: string;
  depth: number;
}

const overlays: { close: () => void }[] = [];
/** The mark of the entry we are at, and what stands in it. */
let mark: Mark = { page: '', depth: 0 };
let address = '';
let state: Record<string, unknown> | null = null;
/** Whether we are on our way to another entry, what has to wait for that, and what ends a way that leads nowhere. */
let going = false;
let waiting: (() => void)[] = [];
let giveUp: ReturnType<typeof setTimeout> | undefined;
let planned = false;
/** Whether the browser is about to leave the page, or to download something: going to another entry would stop that. */
let leaving: ReturnType<typeof setTimeout> | undefined;
let installed = false;

const newPage = (): Mark => ({ page: Math.random().toString(36).slice(2), depth: 0 });

function markOf(entry: unknown): Mark | null {
  const found = (entry as { overlays?: Mark } | null)?.overlays;
  return typeof found?.page === 'string' && typeof found.depth === 'number' ? found : null;
}

function remember(): void {
  address = location.href;
  state = history.state as typeof state;
}

const native = (how: 'pushState' | 'replaceState', data: unknown, url?: string | URL | null): void => {
  History.prototype[how].call(history, data, '', url);
  remember();
};

/** Brings the history in step with what is open: as many entries as overlays. */
function settle(): void {
  if (going) return;
  const missing = overlays.length - mark.depth;
  if (missing > 0) {
    native('replaceState', { ...state, overlays: mark });
    for (let i = 0; i < missing; i += 1) {
      mark = { ...mark, depth: mark.depth + 1 };
      native('pushState', { ...state, overlays: mark });
    }
  } else if (missing < 0 && leaving === undefined) {
    going = true;
    // There may be no such entry, e.g. in a tab that was opened with a copy of another's.
    giveUp = setTimeout(() => {
      mark = newPage();
      arrive();
    }, 2000);
    history.go(missing);
  }
}

/** What opens as something else closes takes over its entry: the two are looked at together. */
function plan(): void {
  if (planned) return;
  planned = true;
  queueMicrotask(() => {
    planned = false;
    if (overlays.length >= mark.depth) settle();
    // A link that was pressed has by then been followed.
    else setTimeout(settle, 0);
  });
}

function arrive(): void {
  clearTimeout(giveUp);
  going = false;
  const held = waiting;
  waiting = [];
  for (const act of held) act();
  settle();
}

function onPop(event: PopStateEvent): void {
  const from = mark;
  const to = markOf(event.state);
  mark = to ?? newPage();
  if (to?.page === from.page) {
    event.stopImmediatePropagation();
    native('replaceState', { ...state, overlays: mark }, address);
  } else {
    remember();
  }
  if (going) return arrive();
  // Another page takes everything along that lay over this one.
  const kept = to?.page === from.page ? to.depth : 0;
  const closed = overlays.splice(kept).reverse();
  for (const overlay of closed) overlay.close();
  // The entry was one that nothing owned any more: Back means the one before.
  if (closed.length === 0 && to?.page === from.page && to.depth < from.depth) return history.go(-1);
  // An entry of something that was closed long ago is passed over.
  plan();
}

/** A minute later the page is still here: it was a download, or the answer did not come. */
function leave(): void {
  clearTimeout(leaving);
  leaving = setTimeout(() => {
    leaving = undefined;
    settle();
  }, 60_000);
}

function install(): void {
  if (installed) return;
  installed = true;
  mark = markOf(history.state) ?? newPage();
  remember();
  // The router and the state in the address write entries too: the mark must stay, and a new page must not stand
  // above the entry of an overlay that is gone.
  const { pushState, replaceState } = history;
  history.replaceState = function (data: unknown, unused, url) {
    const marked = data && typeof data === 'object' ? { ...data, overlays: mark } : data;
    replaceState.call(history, marked, unused, url);
    remember();
  };
  history.pushState = function push(data: unknown, unused, url) {
    if (going) {
      waiting.push(() => push(data, unused, url));
      return;
    }
    const over = mark.depth > 0;
    // Where more than one lies over the page, only the entry of the topmost can be taken over.
    mark = newPage();
    const marked = data && typeof data === 'object' ? { ...data, overlays: mark } : data;
    (over ? replaceState : pushState).call(history, marked, unused, url);
    remember();
    plan();
  };
  const { navigation } = window as { navigation?: EventTarget };
  navigation?.addEventListener('navigate', (event) => {
    const { destination, downloadRequest } = event as unknown as {
      destination: { sameDocument: boolean };
      downloadRequest?: string | null;
    };
    if (!destination.sameDocument && typeof downloadRequest !== 'string') leave();
  });
  if (!navigation) window.addEventListener('beforeunload', leave);
  window.addEventListener('popstate', onPop, { capture: true });
  window.addEventListener('hashchange', remember);
}

/** Something lies over the page from now on, until the returned function is called or Back has called `close`. */
export function layOver(close: () => void): () => void {
  install();
  const overlay = { close };
  overlays.push(overlay);
  plan();
  return () => {
    const at = overlays.indexOf(overlay);
    // Not there: Back closed it, and its entry is gone.
    if (at < 0) return;
    overlays.splice(at, 1);
    plan();
  };
}

/** Once per document: after a reload nothing lies over the page, and the entries of what did are passed over. */
export function useOverlayHistory(): void {
  useLayoutEffect(() => {
    install();
    plan();
  }, []);
}

/** While `open`, the browser's Back does what `close` does, and nothing else. */
export function useBackCloses(open: boolean, close: () => void): void {
  const onBack = useEffectEvent(close);
  useLayoutEffect(() => {
    if (open) return layOver(() => onBack());
  }, [open]);
}
