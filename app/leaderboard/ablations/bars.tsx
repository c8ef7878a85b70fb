'use client';

import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { axis, ChartFrame, tooltip } from '../_parts/chart-frame';
import { seriesStyle } from '../_parts/series';

interface BarsProps {
  title: string;
  /** What stands below each group of bars. */
  groups: readonly string[];
  series: readonly { name: string; values: readonly number[] }[];
  decimals: number;
}

/** Groups of bars; what stands in them is told by the table below. */
export function Bars({ title, groups, series, decimals }: BarsProps) {
  const told = (value: number) => value.toFixed(decimals);
  const data = groups.map((group, i) => ({
    group,
    ...Object.fromEntries(series.map(({ values }, k) => [`s${k}`, values[i]])),
  }));
  return (
    <ChartFrame title={title}>
      <ResponsiveContainer width="100%" height={260}>
        <BarChart accessibilityLayer={false} data={data} margin={{ top: 8, right: 16, bottom: 4, left: 0 }}>
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis {...axis} dataKey="group" interval={0} />
          <YAxis {...axis} tickFormatter={(value: number) => String(Number(value.toFixed(decimals)))} />
          <Tooltip {...tooltip} formatter={(value) => told(Number(value))} />
          <Legend />
          {series.map(({ name }, k) => (
            <Bar
              key={name}
              dataKey={`s${k}`}
              name={name}
              fill={seriesStyle(k).colour}
              isAnimationActive={false}
              maxBarSize={56}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}
