'use client';

import { useFormatter, useTranslations } from 'next-intl';
import {
  CartesianGrid,
  LabelList,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { useLabels } from '../../_parts/labels';
import { axis, ChartFrame, EmptyChart, tooltip } from '../../_parts/chart-frame';
import { useRowNames } from '../../_parts/row-names';
import type { ChartProps } from './panel';

/** More names would lie on each other; the tooltip and the table have them all. */
const mostNamed = 12;

/** Main figure against the median latency, of every row that has both. */
export function Latency({ table, rows }: ChartProps) {
  const t = useTranslations('leaderboard.chart');
  const labels = useLabels();
  const format = useFormatter();
  const metric = labels.metric(table.main, table.benchmark.name);
  const names = useRowNames()(table, rows);
  const points = rows.flatMap((row, i) => {
    const name = names[i]!;
    const figure = row.figures[table.main];
    if (row.latencyMs === null || !figure) return [];
    return [
      {
        id: row.id,
        name,
        // In one line: recharts breaks labels at spaces.
        label: name.replaceAll(' ', '\u00a0'),
        x: row.latencyMs,
        y: figure.value,
        told: figure.value.toFixed(figure.decimals),
      },
    ];
  });
  if (points.length === 0) return <EmptyChart>{t('noLatency')}</EmptyChart>;
  const milliseconds = (value: number) => format.number(Math.round(value));
  return (
    <ChartFrame
      title={t('titleLatency', { metric })}
      head={['', metric, t('milliseconds')]}
      lines={points.map(({ name, told, x }) => [name, told, milliseconds(x)])}
    >
      <ResponsiveContainer width="100%" height={340}>
        <ScatterChart accessibilityLayer={false} margin={{ top: 24, right: 32, bottom: 20, left: 0 }}>
          <CartesianGrid stroke="var(--line)" />
          <XAxis
            {...axis}
            type="number"
            dataKey="x"
            domain={['auto', 'auto']}
            tickFormatter={milliseconds}
            label={{ value: t('milliseconds'), position: 'insideBottom', offset: -12, fill: 'var(--muted)' }}
          />
          <YAxis
            {...axis}
            type="number"
            dataKey="y"
            domain={['auto', 'auto']}
            tickFormatter={(value: number) => String(Number(value.toFixed(3)))}
          />
          <Tooltip
            {...tooltip}
            content={({ payload }) => {
              const point = payload?.[0]?.payload as (typeof points)[number] | undefined;
              return point ? (
                <div style={tooltip.contentStyle} className="px-2.5 py-1.5">
                  <p className="font-semibold">{point.name}</p>
                  <p>
                    {metric} {point.told}
                  </p>
                  <p>
                    {t('milliseconds')} {milliseconds(point.x)}
                  </p>
                </div>
              ) : null;
            }}
          />
          <Scatter data={points} fill="var(--series-1)" isAnimationActive={false}>
            {points.length <= mostNamed && (
              <LabelList dataKey="label" position="top" fill="var(--muted)" fontSize={11} />
            )}
          </Scatter>
        </ScatterChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}
