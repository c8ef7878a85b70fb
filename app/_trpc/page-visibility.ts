/** The parts of window and document that tell whether a page is seen; a test passes its own. */
export interface PageEvents {
  window: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
  document: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> & {
    readonly visibilityState: DocumentVisibilityState;
  };
}

/** Whether a page is looked at: a tab in the background keeps none of the few connections to the server. */
export const isPageVisible = (page: PageEvents = { window, document }) =>
  page.document.visibilityState === 'visible';

/**
 * Tells when the page may have missed something (`resume`: it is visible again, the network is back, it
 * returns from the back/forward cache) and when it should let go of its connections (`pause`: hidden or
 * left; a page with an open connection cannot enter that cache). One return can tell of itself twice.
 * @returns stops listening.
 */
export function onPageVisibility(
  { resume, pause }: { resume: () => void; pause?: () => void },
  page: PageEvents = { window, document },
): () => void {
  const onVisibility = () => (isPageVisible(page) ? resume() : pause?.());
  const onShow = (event: Event) => {
    if ((event as PageTransitionEvent).persisted) resume();
  };
  const onHide = () => pause?.();
  const onOnline = () => {
    if (isPageVisible(page)) resume();
  };
  page.document.addEventListener('visibilitychange', onVisibility);
  page.window.addEventListener('pageshow', onShow);
  page.window.addEventListener('pagehide', onHide);
  page.window.addEventListener('online', onOnline);
  return () => {
    page.document.removeEventListener('visibilitychange', onVisibility);
    page.window.removeEventListener('pageshow', onShow);
    page.window.removeEventListener('pagehide', onHide);
    page.window.removeEventListener('online', onOnline);
  };
}
