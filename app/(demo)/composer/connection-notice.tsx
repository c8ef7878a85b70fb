import { CloudOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useSyncExternalStore } from 'react';

/** Which jobs cannot be followed just now. */
const troubles = new Set<string>();
const listeners = new Set<() => void>();

export function setTrouble(id: string, trouble: boolean): void {
  if (troubles.has(id) === trouble) return;
  if (trouble) troubles.add(id);
  else troubles.delete(id);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const useTrouble = () =>
  useSyncExternalStore(
    subscribe,
    () => troubles.size > 0,
    () => false,
  );

function onNetwork(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

const useOffline = () =>
  useSyncExternalStore(
    onNetwork,
    () => !navigator.onLine,
    () => false,
  );

/** That the network is away, or jobs cannot be followed; gone by itself once that is over. */
export function ConnectionNotice() {
  const t = useTranslations('demo');
  const offline = useOffline();
  const trouble = useTrouble();
  return (
    <div role="status">
      {(offline || trouble) && (
        <p className="text-muted mb-2 flex items-center justify-center gap-2 text-[13px]">
          <CloudOff aria-hidden className="size-4" />
          {t(trouble ? 'connectionLost' : 'offline')}
        </p>
      )}
    </div>
  );
}
