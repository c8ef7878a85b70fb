'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { Ablations } from '@/server/evaluation/leaderboard/ablations';
import { axis, ChartFrame, tooltip } from '../_parts/chart-frame';
import { seriesStyle } from '../_parts/series';
import { Figures } from '../_parts/figures';
import { Section, useSetup } from './section';

/** The paper's errors at inference, and of teacher-forced training (arXiv 2504.21356). */
const paper = { taught: '0.2574', naive: '0.5543', prefilled: '0.43' };

/** Naive against prefilled autoregression, by token position. */
export function Autoregression({ found }: { found: NonNullable<Ablations['autoregression']> }) {
  const t = useTranslations('ablations.autoregression');
  const format = useFormatter();
  const setup = useSetup();
  const { naive, prefilled, mean } = found;
  const series = [
    { key: 'naive', errors: naive.inUse, recognised: naive.recognised, seconds: naive.trainingSeconds },
    {
      key: 'prefilled',
      errors: prefilled.inUse,
      recognised: prefilled.recognised,
      seconds: prefilled.trainingSeconds,
    },
    { key: 'taught', errors: naive.teacherForced, recognised: null, seconds: null },
  ] as const;
  const data = prefilled.inUse.mseByPosition.map((_, i) => ({
    position: i + 1,
    ...Object.fromEntries(series.map(({ key, errors }) => [key, errors.mseByPosition[i]])),
  }));
  const told = (value: number) => value.toFixed(4);
  const percent = (value: number | null) =>
    value === null ? '–' : format.number(value, { style: 'percent', maximumFractionDigits: 1 });
  const seconds = (value: number | null) =>
    value === null ? '–' : format.number(value, { maximumFractionDigits: 0 });
  return (
    <Section
      title={t('title')}
      text={t('text')}
      found={t('found', {
        naive: told(naive.inUse.mse),
        prefilled: told(prefilled.inUse.mse),
        taught: told(naive.teacherForced.mse),
      })}
      notes={[...setup(found.setup), t('paperNote')]}
    >
      <ChartFrame
        title={t('chart')}
        head={[t('position'), ...series.map(({ key }) => t(key))]}
        lines={data.map(({ position }, i) => [
          String(position),
          ...series.map(({ errors }) => told(errors.mseByPosition[i]!)),
        ])}
      >
        <ResponsiveContainer width="100%" height={260}>
          <LineChart
            accessibilityLayer={false}
            data={data}
            margin={{ top: 8, right: 16, bottom: 4, left: 0 }}
          >
            <CartesianGrid stroke="var(--line)" />
            <XAxis
              {...axis}
              dataKey="position"
              type="number"
              domain={[1, data.length]}
              ticks={[1, 9, 18, 27, 36, 45, 54, 63, 72, 81]}
            />
            <YAxis
              {...axis}
              domain={[0, 'auto']}
              tickFormatter={(value: number) => String(Number(value.toFixed(3)))}
            />
            <Tooltip
              {...tooltip}
              formatter={(value) => told(Number(value))}
              labelFormatter={(at) => `${t('position')} ${Number(at)}`}
            />
            <Legend />
            {series.map(({ key }, i) => (
              <Line
                key={key}
                dataKey={key}
                name={t(key)}
                stroke={seriesStyle(i).colour}
                strokeDasharray={seriesStyle(i).dash}
                strokeWidth={2}
                dot={false}
                isAnimationActive={false}
              />
            ))}
          </LineChart>
        </ResponsiveContainer>
      </ChartFrame>
      <Figures
        className="mt-3"
        caption={t('table')}
        head={['', t('error'), t('cosine'), t('recognised'), t('seconds'), t('paper')]}
        rows={[
          ...series.map(({ key, errors, recognised, seconds: spent }) => [
            t(key),
            told(errors.mse),
            told(errors.cosine),
            percent(recognised),
            seconds(spent),
            paper[key],
          ]),
          [t('mean'), told(mean.mse), told(mean.cosine), '–', '–', '–'],
        ]}
      />
    </Section>
  );
}
