'use client';

import { useQueries } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useErrorText } from '../../../_ui/error-text';
import { useTRPC } from '../../../_trpc/client';
import { ApiProvider } from '../../../_trpc/provider';
import { useLabels } from '../../_parts/labels';
import { useBoardTitle } from '../board-title';
import { axis, ChartFrame, EmptyChart, tooltip } from '../../_parts/chart-frame';
import { useRowNames } from '../../_parts/row-names';
import type { ChartProps } from './panel';
import { seriesStyle } from '../../_parts/series';

export function History(props: ChartProps) {
  return (
    <ApiProvider>
      <Runs {...props} />
    </ApiProvider>
  );
}

/** The main figure of every run of the chosen rows' models, on the board of each row. */
function Runs({ table, rows }: ChartProps) {
  const t = useTranslations('leaderboard.chart');
  const labels = useLabels();
  const format = useFormatter();
  const errorText = useErrorText();
  const titleOf = useBoardTitle();
  const trpc = useTRPC();
  const { name: benchmark } = table.benchmark;
  const metric = labels.metric(table.main, benchmark);
  // Versions of one model on one board are one line.
  const measured = rows.filter(({ kind }) => kind === 'measured');
  const lines = measured.filter(
    (row, i) => measured.findIndex(({ model, board }) => model === row.model && board === row.board) === i,
  );
  // A line is of all versions and runs.
  const names = useRowNames()(
    table,
    lines.map((row) => ({ ...row, version: null, name: null })),
  );
  const models = [...new Set(lines.map(({ model }) => model))];
  const answers = useQueries({
    queries: models.map((model) => trpc.leaderboard.history.queryOptions({ benchmark, model })),
  });
  if (lines.length === 0) return <EmptyChart>{t('noHistory')}</EmptyChart>;
  const failed = answers.find(({ error }) => error)?.error;
  if (failed) return <EmptyChart>{errorText(failed)}</EmptyChart>;
  if (answers.some(({ data }) => !data)) return <EmptyChart>{t('loading')}</EmptyChart>;
  const boardsOf = new Set(lines.map(({ board }) => board)).size;
  const series = lines.map(({ model, board }, i) => {
    const title = table.boards.find(({ id }) => id === board);
    const points = answers[models.indexOf(model)]!.data!.filter((run) => run.board === board);
    return {
      key: `s${i}`,
      name: names[i]!,
      board: title ? titleOf(title) : board,
      points,
      ...seriesStyle(i),
    };
  });
  const runs = series
    .flatMap(({ key, name, board, points }) => points.map((point) => ({ ...point, key, name, board })))
    .sort((a, b) => a.date.getTime() - b.date.getTime());
  const data = runs.map(({ date, key, figure }) => ({ at: date.getTime(), [key]: figure.value }));
  const dayOf = (at: number) => format.dateTime(new Date(at), { dateStyle: 'medium', timeZone: 'UTC' });
  const ticks = ticksOf(runs.map(({ date }) => date.getTime()));
  return (
    <ChartFrame
      title={t('titleHistory', { metric })}
      head={[t('run'), t('version'), metric, ...(boardsOf > 1 ? [t('board')] : [])]}
      lines={runs.map(({ name, date, version, figure, board }) => [
        `${name}, ${dayOf(date.getTime())}`,
        version,
        figure.value.toFixed(figure.decimals),
        ...(boardsOf > 1 ? [board] : []),
      ])}
    >
      <ResponsiveContainer width="100%" height={320}>
        <LineChart accessibilityLayer={false} data={data} margin={{ top: 12, right: 24, bottom: 4, left: 0 }}>
          <CartesianGrid stroke="var(--line)" />
          <XAxis
            {...axis}
            dataKey="at"
            type="number"
            domain={[ticks[0]!, ticks.at(-1)!]}
            ticks={ticks}
            tickFormatter={dayOf}
            interval="preserveStartEnd"
            minTickGap={24}
          />
          <YAxis
            {...axis}
            domain={['auto', 'auto']}
            tickFormatter={(value: number) => String(Number(value.toFixed(3)))}
          />
          <Tooltip {...tooltip} labelFormatter={(at) => dayOf(Number(at))} />
          <Legend />
          {series.map(({ key, name, colour, dash }) => (
            <Line
              key={key}
              dataKey={key}
              name={name}
              stroke={colour}
              strokeDasharray={dash}
              strokeWidth={2}
              connectNulls
              dot={{ r: 4, fill: colour, strokeWidth: 0 }}
              isAnimationActive={false}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}

const day = 24 * 3600 * 1000;

/** Whole days at equal distances, the first before all and the last after all. @param times at least one, rising */
function ticksOf(times: readonly number[]): number[] {
  const first = Math.floor(times[0]! / day);
  const last = Math.floor(times.at(-1)! / day) + 1;
  const step = Math.ceil((last - first) / 5);
  return Array.from({ length: Math.ceil((last - first) / step) + 1 }, (_, i) => (first + i * step) * day);
}
