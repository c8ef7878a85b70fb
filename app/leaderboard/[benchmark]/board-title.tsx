'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { toldParts } from '@/server/evaluation/leaderboard/facts';
import type { Board } from '@/server/evaluation/leaderboard/schema';
import { useLabels } from '../_parts/labels';

/** What makes the rows of a board comparable, in words. */
export function useBoardTitle(): (board: Board) => string {
  const t = useTranslations('leaderboard.board');
  const labels = useLabels();
  return useCallback(
    ({ measured, published, protocol, distinct }: Board) => {
      if (!measured) return `${published?.source ?? protocol}, ${published?.place ?? ''}`;
      const { evaluators, items, repeats, whole } = measured;
      return [
        t('measured', { protocol }),
        ...evaluators,
        t(whole ? 'all' : 'some', { count: items }),
        ...(repeats > 1 ? [t('repeats', { count: repeats })] : []),
        // What the words above do not tell.
        ...toldParts({ distinct }).map(({ name, value }) => `${labels.part(name)} ${value || t('byModel')}`),
      ].join(' · ');
    },
    [t, labels],
  );
}
