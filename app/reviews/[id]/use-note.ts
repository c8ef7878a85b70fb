import { useTranslations } from 'next-intl';
import { useCallback } from 'react';

/** Says why a figure is missing: words of this language where the server's note is a known key, else the note itself. */
export function useNote(): (note: string) => string {
  const t = useTranslations('reviewResults.notes');
  return useCallback(
    (note: string) => (/^\w+$/.test(note) && t.has(note as never) ? t(note as never) : note),
    [t],
  );
}
