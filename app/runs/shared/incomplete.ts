import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { RunRow } from '@/server/evaluation/runs/schema';
import { useFigures } from './use-figures';

/** In what a run is incomplete: items that it leaves out, or samples that have no score. */
export function useIncomplete(): (run: Pick<RunRow, 'items' | 'scored' | 'expected'>) => string {
  const t = useTranslations('runs');
  const { count } = useFigures();
  return useCallback(
    ({ items, scored, expected }) =>
      items.measured < items.all
        ? t('incompleteItems', { measured: count(items.measured), all: count(items.all) })
        : scored < expected
          ? t('incompleteSamples', { scored: count(scored), expected: count(expected) })
          : t('incomplete'),
    [t, count],
  );
}
