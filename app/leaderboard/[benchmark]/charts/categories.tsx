'use client';

import { useTranslations } from 'next-intl';
import {
  Bar,
  BarChart,
  CartesianGrid,
  Legend,
  PolarAngleAxis,
  PolarGrid,
  PolarRadiusAxis,
  Radar,
  RadarChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { Leaderboard, LeaderboardMetric, LeaderboardRow } from '@/server/evaluation/leaderboard/schema';
import { useLabels } from '../../_parts/labels';
import { axis, ChartFrame, EmptyChart, tooltip } from '../../_parts/chart-frame';
import { useRowNames } from '../../_parts/row-names';
import type { ChartProps } from './panel';
import { seriesStyle } from '../../_parts/series';

/** More do not fit on a circle or an axis. */
const mostCategories = 12;

/** Where a figure has ends, a chart shows all that is between them. */
const domains: Partial<Record<LeaderboardMetric['unit'], readonly [number, number]>> = {
  share: [0, 1],
  percent: [0, 100],
};

/** What is compared: the categories of the main figure; where there are none, the figures that can be read on one scale. */
function categoriesOf({ metrics, main }: Leaderboard, rows: readonly LeaderboardRow[]) {
  const own = metrics.filter(({ category, of }) => category && of === main);
  const summed = own.filter(({ group }) => group === '');
  const chosen = own.length > mostCategories && summed.length > 2 ? summed : own;
  const unit = metrics.find(({ metric }) => metric === main)?.unit;
  const all = chosen.length > 0 ? chosen : metrics.filter((one) => !one.category && one.unit === unit);
  return all
    .filter(({ metric }) => rows.some(({ figures }) => figures[metric] !== undefined))
    .slice(0, mostCategories);
}

export function Categories({ table, rows, form }: ChartProps & { form: 'radar' | 'bars' }) {
  const t = useTranslations('leaderboard.chart');
  const labels = useLabels();
  const rowNames = useRowNames();
  const categories = categoriesOf(table, rows);
  const able = rows.filter(({ figures }) => categories.some(({ metric }) => figures[metric] !== undefined));
  const names = rowNames(table, able);
  if (rows.length === 0) return <EmptyChart>{t('noRows')}</EmptyChart>;
  if (categories.length === 0) return <EmptyChart>{t('noCategories')}</EmptyChart>;
  const word = (metric: (typeof categories)[number]) =>
    labels.column({ ...metric, of: metric.category ? metric.metric : metric.of }, table.benchmark.name);
  const short = (metric: (typeof categories)[number]) => {
    const own = metric.metric.startsWith(`${metric.of}.`) ? metric.metric.slice(metric.of.length + 1) : null;
    return own ? labels.group(own) : word(metric);
  };
  const data = categories.map((metric) => ({
    name: short(metric),
    ...Object.fromEntries(able.map((row, i) => [`s${i}`, row.figures[metric.metric]?.value])),
  }));
  // Not the ids of rows: recharts takes their dots for paths.
  const series = able.map((_, i) => ({ key: `s${i}`, name: names[i]!, ...seriesStyle(i) }));
  const domain = domains[categories[0]!.unit] ?? (['auto', 'auto'] as const);
  // A circle needs three corners.
  const round = form === 'radar' && categories.length > 2;
  return (
    <ChartFrame
      title={t('titleCategories')}
      head={[t('category'), ...series.map(({ name }) => name)]}
      lines={categories.map((metric) => [
        short(metric),
        ...able.map(({ figures }) => {
          const figure = figures[metric.metric];
          return figure ? figure.value.toFixed(figure.decimals) : '–';
        }),
      ])}
    >
      <ResponsiveContainer width="100%" height={round ? 380 : 320}>
        {round ? (
          <RadarChart accessibilityLayer={false} data={data} outerRadius="72%">
            <PolarGrid stroke="var(--line)" />
            <PolarAngleAxis dataKey="name" tick={axis.tick} />
            <PolarRadiusAxis
              type="number"
              domain={[...domain]}
              angle={60}
              tick={axis.tick}
              stroke="var(--line-strong)"
              tickCount={5}
            />
            {series.map(({ key, name, colour, dash }) => (
              <Radar
                key={key}
                dataKey={key}
                name={name}
                stroke={colour}
                strokeWidth={2}
                strokeDasharray={dash}
                fill={colour}
                fillOpacity={0.06}
                isAnimationActive={false}
              />
            ))}
            <Tooltip {...tooltip} />
            <Legend itemSorter={null} />
          </RadarChart>
        ) : (
          <BarChart
            accessibilityLayer={false}
            data={data}
            margin={{ top: 8, right: 8, bottom: 0, left: -12 }}
            barGap={2}
          >
            <CartesianGrid stroke="var(--line)" vertical={false} />
            <XAxis dataKey="name" {...axis} interval={0} />
            <YAxis {...axis} domain={[...domain]} />
            <Tooltip {...tooltip} />
            <Legend itemSorter={null} />
            {series.map(({ key, name, colour }) => (
              <Bar key={key} dataKey={key} name={name} fill={colour} isAnimationActive={false} />
            ))}
          </BarChart>
        )}
      </ResponsiveContainer>
    </ChartFrame>
  );
}
