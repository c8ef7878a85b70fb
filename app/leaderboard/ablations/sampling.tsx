'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { axis, ChartFrame, tooltip } from '../_parts/chart-frame';
import { seriesStyle } from '../_parts/series';
import { Figures } from '../_parts/figures';
import { Section } from './section';

interface Row {
  setting: number;
  right: number;
  n: number;
  error: number;
  roughness: number;
  seconds: number;
}

/** Pictures in several settings of the sampler. @param rows in the order of their settings */
export function Sampling({ kind, rows }: { kind: 'steps' | 'guidance'; rows: readonly Row[] }) {
  const t = useTranslations(`ablations.${kind}`);
  const column = useTranslations('ablations.sampling');
  const all = useTranslations('ablations');
  const format = useFormatter();
  const told = (value: number) => value.toFixed(4);
  const share = ({ right, n }: Row) =>
    format.number(right / n, { style: 'percent', maximumFractionDigits: 1 });
  const lines = rows.map((row) => [
    format.number(row.setting),
    told(row.error),
    share(row),
    row.roughness.toFixed(3),
    row.seconds.toFixed(2),
  ]);
  const head = [t('setting'), column('error'), column('right'), column('roughness'), column('seconds')];
  return (
    <Section
      title={t('title')}
      text={t('text')}
      found={useFound(kind, rows)}
      notes={[all('heldOut', { count: rows[0]?.n ?? 0 })]}
    >
      <ChartFrame title={t('chart')}>
        <ResponsiveContainer width="100%" height={220}>
          <LineChart
            accessibilityLayer={false}
            data={[...rows]}
            margin={{ top: 8, right: 16, bottom: 4, left: 0 }}
          >
            <CartesianGrid stroke="var(--line)" />
            <XAxis
              {...axis}
              dataKey="setting"
              type="number"
              scale={kind === 'steps' ? 'log' : 'linear'}
              domain={['dataMin', 'dataMax']}
              ticks={rows.map(({ setting }) => setting)}
            />
            <YAxis
              {...axis}
              domain={[0, 'auto']}
              tickFormatter={(value: number) => String(Number(value.toFixed(4)))}
            />
            <Tooltip
              {...tooltip}
              formatter={(value) => told(Number(value))}
              labelFormatter={(at) => `${t('setting')} ${Number(at)}`}
            />
            <Line
              dataKey="error"
              name={column('error')}
              stroke={seriesStyle(0).colour}
              strokeWidth={2}
              dot={{ r: 3, fill: seriesStyle(0).colour, strokeWidth: 0 }}
              isAnimationActive={false}
            />
          </LineChart>
        </ResponsiveContainer>
      </ChartFrame>
      <Figures className="mt-3" caption={t('title')} head={head} rows={lines} />
    </Section>
  );
}

/** What came out, in a sentence; null where the settings that it speaks of were not measured. */
function useFound(kind: 'steps' | 'guidance', rows: readonly Row[]): string | null {
  const t = useTranslations('ablations');
  const format = useFormatter();
  if (kind === 'guidance') {
    const best = rows.toSorted((a, b) => a.error - b.error)[0];
    return best ? t('guidance.found', { best: format.number(best.setting) }) : null;
  }
  const [few, many] = [4, 50].map((n) => rows.find(({ setting }) => setting === n));
  if (!few || !many) return null;
  const share = ({ right, n }: Row) =>
    format.number(right / n, { style: 'percent', maximumFractionDigits: 1 });
  return t('steps.found', {
    secondsFew: few.seconds.toFixed(2),
    secondsMany: many.seconds.toFixed(2),
    rightFew: share(few),
    rightMany: share(many),
  });
}
