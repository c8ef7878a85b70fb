import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { verdictMetric } from '../../../server/evaluation/runs/figures';
import type { MetricInfo } from '@/server/evaluation/runs/schema';
import { useFigures } from '../shared/use-figures';
import { outcomeOf, type TileWords } from './tile';

/** The words of tiles; the same object as long as they are the same. */
export function useTileWords(metrics: readonly MetricInfo[]): TileWords {
  const t = useTranslations('runSamples');
  const { group, figure, metric, number } = useFigures();
  // The metrics of a run do not change while it is looked at; their list is a new one with every answer.
  const known = JSON.stringify(metrics);
  return useMemo(() => {
    const infos = new Map((JSON.parse(known) as MetricInfo[]).map((info) => [info.metric, info]));
    return {
      group,
      outcome: (tile) => t(`outcomes.${outcomeOf(tile)}`),
      note: ({ scores, margin }) => {
        const figures = scores.filter((score) => score.metric !== verdictMetric);
        const parts = figures.slice(0, 2).map((score) =>
          t('tile.score', {
            metric: metric(score.metric),
            value: figure(score.value, infos.get(score.metric) ?? { unit: 'share', decimals: 3 }),
          }),
        );
        if (margin !== null) parts.push(t('tile.margin', { value: number(Math.abs(margin), 2) }));
        return parts.join(' · ') || null;
      },
      noPicture: t('tile.noPicture'),
    };
  }, [t, group, figure, metric, number, known]);
}
