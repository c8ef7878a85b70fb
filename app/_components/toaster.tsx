'use client';

import { Toaster as Sonner } from 'sonner';
import { useTranslations } from 'next-intl';

export { toast } from 'sonner';

/** Short notes at the edge of the window; they are read aloud too. */
export function Toaster() {
  const t = useTranslations('common');
  return (
    <Sonner
      position="top-center"
      containerAriaLabel={t('notes')}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-full items-center gap-3 rounded-xl border border-line bg-surface px-4 py-3 text-sm text-ink shadow-xl sm:w-(--width)',
          description: 'text-muted',
          actionButton: 'ml-auto shrink-0 rounded-lg px-2 py-1 font-medium text-accent hover:bg-sunken',
        },
      }}
    />
  );
}
