import { CloudOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useSyncExternalStore } from 'react';
import { create } from 'zustand';

/** Which jobs cannot be followed just now. */
const useTroubles = create<readonly string[]>(() => []);

export const setTrouble = (id: string, trouble: boolean): void =>
  useTroubles.setState(
    (ids) => (ids.includes(id) === trouble ? ids : trouble ? [...ids, id] : ids.filter((one) => one !== id)),
    true,
  );

const useTrouble = () => useTroubles(({ length }) => length > 0);

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
