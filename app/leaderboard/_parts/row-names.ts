import { useFormatter } from 'next-intl';
import { useCallback } from 'react';
import type { Leaderboard, LeaderboardRow } from '@/server/evaluation/leaderboard/schema';
import { tellApart, type Part, type Tellable } from '../../../server/evaluation/runs/run-differences';
import { useLabels } from './labels';

/** What tells rows of one chart apart: a run's settings, the board that it stands on, or the source that reports it. */
function tellable(row: LeaderboardRow, { boards }: Pick<Leaderboard, 'boards'>): Tellable {
  const { model, version, name, id, provenance } = row;
  const board = boards.find((one) => one.id === row.board);
  const settings = Object.entries(provenance.settings).map(([key, value]): [string, string] => [
    `settings.${key}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return {
    ...{
      id: row.runId ?? id,
      name,
      model: { name: model, version: version ?? '' },
      benchmark: { title: '' },
    },
    traits: {
      ...board?.distinct,
      ...Object.fromEntries(settings),
      ...(row.kind === 'published'
        ? { source: [provenance.by, provenance.place].filter(Boolean).join(', ') }
        : {}),
    },
    createdAt: provenance.date,
  };
}

/** What to call the rows of a chart, each its own. */
export function useRowNames(): (
  table: Pick<Leaderboard, 'boards'>,
  rows: readonly LeaderboardRow[],
) => string[] {
  const labels = useLabels();
  const format = useFormatter();
  return useCallback(
    (table, rows) => {
      const word = ({ name, value }: Part): string => {
        if (name === 'date')
          return format.dateTime(new Date(value), {
            dateStyle: 'medium',
            timeStyle: 'short',
            timeZone: 'UTC',
          });
        if (['model', 'benchmark', 'id', 'source'].includes(name)) return value;
        return `${labels.part(name).replace(/^settings\./, '')} ${value || '–'}`;
      };
      return tellApart(rows.map((row) => tellable(row, table))).map(({ title, parts }) =>
        [title, ...parts.map(word)].filter(Boolean).join(' · '),
      );
    },
    [labels, format],
  );
}
