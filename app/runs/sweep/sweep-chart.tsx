'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { Sweep } from '@/server/evaluation/runs/schema';
import { useFigures } from '../shared/use-figures';
import type { SweepPoint } from './select';

interface SweepChartProps {
  sweep: Sweep;
  /** In the order of the benchmark. */
  groups: readonly string[];
  chosen: number;
  onChoose: (threshold: number) => void;
}

/** Told apart by people with any kind of colour blindness, on light and dark grounds; dashes tell them apart too. */
const lines = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
const shares = [0, 0.2, 0.4, 0.6, 0.8, 1];
const tenths = Array.from({ length: 11 }, (_, i) => i / 10);
const dashes = ['', '6 3', '2 3', '8 3 2 3', '12 4', '4 6'];

/** Figures over thresholds: the whole run and its categories, the run's own threshold and the chosen one marked. */
export function SweepChart({ sweep, groups, chosen, onChoose }: SweepChartProps) {
  const t = useTranslations('runSamples');
  const { group, number } = useFigures();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const known = groups.filter((name) => sweep.points.some((point) => name in point.groups));
  const series = ['', ...known].map((name, i) => ({
    name,
    label: name === '' ? t('sweep.overall') : group(name),
    colour: name === '' ? 'var(--ink)' : lines[(i - 1) % lines.length]!,
    dash: name === '' ? '' : dashes[(i - 1) % dashes.length]!,
  }));
  const toggle = (name: string) =>
    setHidden((now) => {
      const next = new Set(now);
      if (!next.delete(name)) next.add(name);
      return next;
    });
  const mark = (x: number, text: string, stroke: string, dash?: string) => (
    <ReferenceLine
      x={x}
      stroke={stroke}
      strokeDasharray={dash}
      label={{ value: text, position: 'insideTopRight', fill: stroke, fontSize: 11 }}
    />
  );
  return (
    <figure className="border-line bg-surface rounded-xl border p-3">
      <div aria-hidden className="h-64 text-xs [&_*]:outline-none">
        <ResponsiveContainer width="100%" height="100%">
          <LineChart
            data={sweep.points}
            margin={{ top: 8, right: 12, bottom: 4, left: -16 }}
            accessibilityLayer={false}
            onClick={({ activeLabel }) => {
              const at = Number(activeLabel);
              if (activeLabel !== undefined && Number.isFinite(at)) onChoose(at);
            }}
          >
            <CartesianGrid stroke="var(--line)" vertical={false} />
            <XAxis
              dataKey="threshold"
              type="number"
              domain={['dataMin', 'dataMax']}
              ticks={tenths}
              tickFormatter={(value: number) => number(value, 1)}
              stroke="var(--muted)"
              tick={{ fill: 'var(--muted)' }}
            />
            <YAxis
              domain={[0, 1]}
              ticks={shares}
              tickFormatter={(value: number) => number(value, 1)}
              stroke="var(--muted)"
              tick={{ fill: 'var(--muted)' }}
            />
            <Tooltip
              isAnimationActive={false}
              contentStyle={{
                background: 'var(--surface)',
                border: '1px solid var(--line)',
                borderRadius: 8,
                color: 'var(--ink)',
              }}
              labelFormatter={(value) => t('sweep.at', { threshold: number(Number(value), 2) })}
              formatter={(value) => number(Number(value), 3)}
            />
            {mark(sweep.current.default, t('sweep.markDefault'), 'var(--muted)', '4 3')}
            {sweep.current.counting !== sweep.current.default &&
              mark(sweep.current.counting, t('sweep.markCounting'), 'var(--muted)', '1 3')}
            {mark(chosen, t('sweep.markChosen'), 'var(--accent)')}
            {series
              .filter(({ name }) => !hidden.has(name))
              .map(({ name, label, colour, dash }) => (
                <Line
                  key={name}
                  dataKey={(point: SweepPoint) => (name === '' ? point.overall : point.groups[name])}
                  name={label}
                  stroke={colour}
                  strokeWidth={name === '' ? 3 : 1.75}
                  strokeDasharray={dash}
                  dot={false}
                  isAnimationActive={false}
                />
              ))}
          </LineChart>
        </ResponsiveContainer>
      </div>
      <figcaption className="sr-only">{t('sweep.caption')}</figcaption>
      <ul aria-label={t('sweep.lines')} className="mt-1 flex flex-wrap gap-1.5">
        {series.map(({ name, label, colour, dash }) => (
          <li key={name}>
            <button
              type="button"
              aria-pressed={!hidden.has(name)}
              onClick={() => toggle(name)}
              className="border-line hover:border-line-strong aria-[pressed=false]:text-muted flex items-center gap-2 rounded-lg border px-2 py-1 text-xs aria-[pressed=false]:line-through"
            >
              <svg aria-hidden width="22" height="6">
                <line
                  x1="0"
                  x2="22"
                  y1="3"
                  y2="3"
                  stroke={colour}
                  strokeWidth={name === '' ? 3 : 2}
                  strokeDasharray={dash}
                />
              </svg>
              {label}
            </button>
          </li>
        ))}
      </ul>
    </figure>
  );
}
