import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { verdictMetric } from '../../../server/evaluation/runs/figures';
import type { TaskRow } from '@/server/reviews/schema';

/** Says what the benchmark measured: right or wrong, or the figure with its name. */
export function useScoreWords(): (metric: NonNullable<TaskRow['metric']>) => string {
  const t = useTranslations('reviewResults.score');
  return useCallback(
    ({ name, value }) =>
      name === verdictMetric ? t(value === 1 ? 'right' : 'wrong') : t('figure', { name, value }),
    [t],
  );
}
