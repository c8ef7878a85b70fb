import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { readableName } from './readable-name';

/** Says a group of items in the page's language: a task of GenEval, a subject or domain of MMMU, a kind of edit. */
export function useGroupName(): (group: string) => string {
  const t = useTranslations('common');
  return useCallback(
    (group: string) => {
      const plain = group.replace(/^domain: /, '');
      // Groups come from the server, and may be of a benchmark that the page does not know.
      const key = `groups.${plain}` as 'groups.counting';
      return /^\w+$/.test(plain) && t.has(key) ? t(key) : readableName(plain);
    },
    [t],
  );
}
