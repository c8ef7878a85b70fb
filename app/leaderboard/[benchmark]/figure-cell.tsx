'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { Figure, LeaderboardMetric, LeaderboardRow } from '@/server/evaluation/leaderboard/schema';
import { cn } from '../../_ui/cn';
import { PageLink } from '../../_ui/page-link';
import { useLabels } from '../_parts/labels';

const cellStyle =
  'border-line group-hover/row:bg-canvas border-b px-2.5 py-2 align-top leading-5 tabular-nums transition-colors';

/** From the least to the most that rows have in a column, intervals included. */
export type Span = readonly [low: number, high: number];

export function spanOf(rows: readonly LeaderboardRow[], metric: string): Span | null {
  const all = rows.flatMap(({ figures }) => {
    const figure = figures[metric];
    return figure ? [figure.value, ...(figure.interval ?? [])] : [];
  });
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return low < high ? [low, high] : null;
}

interface FigureCellProps {
  row: LeaderboardRow;
  column: string;
  metric: LeaderboardMetric | undefined;
  /** The main figure is drawn as well. */
  main: boolean;
  span: Span | null;
  benchmark: string;
}

/** What a row has in a column; a measured figure leads to the samples behind it. */
export function FigureCell({ row, column, metric, main, span, benchmark }: FigureCellProps) {
  const t = useTranslations('leaderboard.table');
  const format = useFormatter();
  const labels = useLabels();
  if (column === 'groups')
    return <td className={cn(cellStyle, 'font-mono tracking-wide')}>{row.groups || <Nothing />}</td>;
  if (column === 'latency')
    return (
      <td className={cellStyle}>
        {row.latencyMs === null ? <Nothing /> : format.number(Math.round(row.latencyMs))}
      </td>
    );
  if (column === 'date')
    return (
      <td className={cn(cellStyle, 'whitespace-nowrap')}>
        {row.kind === 'measured' ? (
          format.dateTime(new Date(row.provenance.date), { dateStyle: 'medium', timeZone: 'UTC' })
        ) : (
          <Nothing />
        )}
      </td>
    );
  const figure = row.figures[column];
  if (!figure || !metric)
    return (
      <td className={cellStyle}>
        <Nothing />
      </td>
    );
  const value = figure.value.toFixed(figure.decimals);
  const group = metric.group ? `?group=${encodeURIComponent(metric.group)}` : '';
  return (
    <td className={cn(cellStyle, main && 'font-medium')}>
      {row.runId ? (
        <PageLink
          href={`/runs/${row.runId}${group}`}
          aria-label={t('open', { model: row.model, column: labels.column(metric, benchmark), value })}
          className="hover:text-accent decoration-line-strong hover:decoration-accent underline underline-offset-3"
        >
          {value}
        </PageLink>
      ) : (
        value
      )}
      <Interval figure={figure} />
      {main && span && <Whisker figure={figure} span={span} />}
    </td>
  );
}

function Nothing() {
  return (
    <span aria-hidden className="text-muted">
      –
    </span>
  );
}

function Interval({ figure: { interval, decimals } }: { figure: Figure }) {
  const t = useTranslations('leaderboard.table');
  if (!interval) return null;
  const [low, high] = interval.map((one) => one.toFixed(decimals)) as [string, string];
  return (
    <span className="text-muted block text-[11px] leading-4 font-normal whitespace-nowrap">
      <span aria-hidden>
        {low}–{high}
      </span>
      <span className="sr-only">{t('interval', { low, high })}</span>
    </span>
  );
}

/** The figure and its interval where they lie among those of the column. */
function Whisker({ figure: { value, interval }, span: [low, high] }: { figure: Figure; span: Span }) {
  const at = (one: number) => `${(((one - low) / (high - low)) * 100).toFixed(2)}%`;
  return (
    <span aria-hidden className="bg-line relative mt-1.5 mb-1 block h-px w-20">
      {interval && (
        <span
          className="bg-line-strong absolute -top-px h-[3px] rounded-full"
          style={{ left: at(interval[0]), right: `calc(100% - ${at(interval[1])})` }}
        />
      )}
      <span
        className="bg-ink absolute -top-[3px] h-[7px] w-[3px] -translate-x-1/2 rounded-full"
        style={{ left: at(value) }}
      />
    </span>
  );
}
