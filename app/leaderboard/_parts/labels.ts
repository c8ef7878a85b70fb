'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { useGroupName } from '../../_ui/group-name';
import type { LeaderboardMetric } from '@/server/evaluation/leaderboard/schema';

/** Words for keys that come from the server, which may be of a benchmark that the page does not know. */
interface Words {
  (key: string): string;
  has: (key: string) => boolean;
}

export interface Labels {
  /** A figure of a whole run. */
  metric: (metric: string, benchmark: string) => string;
  /** A group of items: a task of GenEval, a subject of MMMU, a kind of edit. */
  group: (group: string) => string;
  /** A column of a table. */
  column: (column: Pick<LeaderboardMetric, 'metric' | 'category' | 'of'>, benchmark: string) => string;
  /** A part of a fingerprint. */
  part: (name: string) => string;
}

export function useLabels(): Labels {
  const t = useTranslations('leaderboard') as unknown as Words;
  const group = useGroupName();
  return useMemo(() => {
    const say = (kind: string, key: string, otherwise = key) =>
      /^\w+$/.test(key) && t.has(`${kind}.${key}`) ? t(`${kind}.${key}`) : otherwise;
    const metric = (name: string, benchmark: string) =>
      say('metric', `${name}_${benchmark}`, say('metric', name));
    return {
      metric,
      group,
      column: ({ metric: key, category, of }, benchmark) => {
        if (!category) return metric(key, benchmark);
        const own = key.startsWith(`${of}.`) ? key.slice(of.length + 1) : key;
        return own === key ? group(own) : `${metric(of, benchmark)} · ${group(own)}`;
      },
      part: (name) => say('part', name.replaceAll('.', '_'), name),
    };
  }, [t, group]);
}
