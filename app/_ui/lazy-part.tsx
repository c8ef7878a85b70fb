'use client';

import { LoaderCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useSyncExternalStore, type ComponentType } from 'react';
import { Button } from './button';

export interface ComingProps {
  /** It did not arrive; it is asked for again when there is a network, or by `retry`. */
  failed: boolean;
  retry: () => void;
}

/**
 * A part of the page whose script comes when it is first wanted, in the browser only. Until it is there it shows that it
 * is on its way; one that does not arrive costs nothing else on the page and can be asked for again.
 * @param Coming stands in its place meanwhile; a part with an `open` of false shows nothing.
 */
export function lazyPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Coming: ComponentType<ComingProps> = ComingNote,
): ComponentType<Props> & { preload: () => void } {
  let state: { Part?: ComponentType<Props>; failed: boolean } = { failed: false };
  let busy = false;
  const listeners = new Set<() => void>();
  const set = (next: typeof state) => {
    state = next;
    for (const listener of listeners) listener();
  };
  const fetchPart = () => {
    if (busy || state.Part) return;
    busy = true;
    if (state.failed) set({ failed: false });
    load()
      .then((Part) => set({ Part, failed: false }))
      .catch(() => set({ failed: true }))
      .finally(() => (busy = false));
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    window.addEventListener('online', fetchPart);
    fetchPart();
    return () => {
      listeners.delete(listener);
      window.removeEventListener('online', fetchPart);
    };
  };
  const get = () => state;
  const getOnServer = () => null;
  function LazyPart(props: Props) {
    const now = useSyncExternalStore(subscribe, get, getOnServer);
    if (now?.Part) return <now.Part {...props} />;
    if (!now || ('open' in props && props.open === false)) return null;
    return <Coming failed={now.failed} retry={fetchPart} />;
  }
  /** For a part that will be wanted at once when it is wanted. */
  return Object.assign(LazyPart, { preload: fetchPart });
}

/** Over the page, where a dialog is on its way. */
function ComingNote({ failed, retry }: ComingProps) {
  return (
    <div className="animate-fade pointer-events-none fixed inset-x-0 top-20 z-50 flex justify-center px-3 [animation-delay:150ms] [animation-fill-mode:backwards]">
      <div className="border-line bg-surface pointer-events-auto rounded-xl border px-4 py-2.5 shadow-xl">
        <ComingLine failed={failed} retry={retry} />
      </div>
    </div>
  );
}

/** In the page, where a panel is on its way. */
export function ComingLine({ failed, retry }: ComingProps) {
  const t = useTranslations('common');
  // Not every lost connection is one that the browser knows of.
  useEffect(() => {
    if (!failed) return;
    const timer = setInterval(retry, 5000);
    return () => clearInterval(timer);
  }, [failed, retry]);
  return (
    <div role="status" className="text-muted flex items-center gap-2 text-sm">
      {failed ? (
        <>
          <span className="text-ink">{t('partFailed')}</span>
          <Button size="small" onClick={retry}>
            {t('retry')}
          </Button>
        </>
      ) : (
        <>
          <LoaderCircle aria-hidden className="size-4 animate-spin" /> {t('loading')}
        </>
      )}
    </div>
  );
}
