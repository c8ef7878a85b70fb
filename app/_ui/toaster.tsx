'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import type { ExternalToast, Toaster as SonnerToaster } from 'sonner';

/** Most visits show no note, so what shows them is loaded with the first one. */
const load = () => import('sonner');
let mount: (() => void) | null = null;
let mounted = () => {};
const ready = new Promise<void>((resolve) => (mounted = resolve));

type Kind = 'message' | 'success' | 'error';

const show = (kind: Kind) => (message: string, options?: ExternalToast) => {
  mount?.();
  void Promise.all([load(), ready]).then(([{ toast: sonner }]) => sonner[kind](message, options));
};

/** A short note, as sonner shows it: `description`, `duration` (ms) and `action: {label, onClick}` are its options. */
export const toast = Object.assign(show('message'), { success: show('success'), error: show('error') });

/** Where notes appear, at the edge of the window; they are read aloud too. */
export function Toaster() {
  const t = useTranslations('common');
  const [Sonner, setSonner] = useState<typeof SonnerToaster | null>(null);
  useEffect(() => {
    mount = () => void load().then(({ Toaster: loaded }) => setSonner(() => loaded));
    return () => {
      mount = null;
    };
  }, []);
  if (!Sonner) return null;
  return (
    <>
      <Sonner
        position="top-center"
        containerAriaLabel={t('notes')}
        toastOptions={{
          unstyled: true,
          classNames: {
            toast:
              'flex w-full items-center gap-3 rounded-xl border border-line bg-surface px-4 py-3 text-sm text-ink shadow-xl sm:w-(--width)',
            description: 'text-muted',
            actionButton:
              'ml-auto shrink-0 rounded-lg px-2 py-1 font-medium text-accent hover:bg-sunken transition-colors',
          },
        }}
      />
      <Mounted />
    </>
  );
}

/** A note given before sonner listens would be lost; its effects run before those of what stands after it. */
function Mounted() {
  useEffect(() => mounted(), []);
  return null;
}
