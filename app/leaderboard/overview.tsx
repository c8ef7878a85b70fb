'use client';

import { useTranslations } from 'next-intl';
import { useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import type { Overview } from '@/server/evaluation/leaderboard/schema';
import { compareValues } from '@/server/evaluation/leaderboard/view';
import { cn } from '../_ui/cn';
import { PageLink } from '../_ui/page-link';
import { Segmented } from '../_ui/segmented';
import { NothingHere, NoMatch, Unreachable } from './[benchmark]/empty';
import { SearchField } from '../_ui/search-field';
import { Frame } from './_parts/frame';
import { useLabels } from './_parts/labels';
import { KindMark } from './_parts/marks';
import { TableFrame } from '../_ui/table-frame';
import { SortHead } from './_parts/sort-head';
import { overviewParams } from './url';

type Row = Overview['rows'][number];
type Sort = { column: string; desc: boolean } | null;

/** One row a model with its best figure on each benchmark. */
export function OverviewPage({ first }: { first: Overview | null }) {
  const t = useTranslations('leaderboard');
  return (
    <Frame tabs={first?.benchmarks ?? []} current={null} title={t('title')} intro={t('intro')}>
      {!first ? <Unreachable /> : first.rows.length === 0 ? <NothingHere /> : <Content overview={first} />}
    </Frame>
  );
}

function Content({ overview }: { overview: Overview }) {
  const t = useTranslations('leaderboard');
  const [{ q, kind, sort }, setView] = useQueryStates(overviewParams, { history: 'replace' });
  const rows = useMemo(() => rowsOf(overview, { q, kind, sort }), [overview, q, kind, sort]);
  const kinds = [
    { value: 'all', label: t('tools.all') },
    { value: 'measured', label: t('tools.measured') },
    { value: 'published', label: t('tools.published') },
  ] as const;
  return (
    <>
      <div className="mt-4 mb-3 flex flex-wrap items-center gap-2">
        <SearchField
          label={t('tools.search')}
          value={q}
          onChange={(words) => void setView({ q: words })}
          className="min-w-0 max-sm:w-full"
          boxClassName="border-line hover:border-line-strong text-[13px] sm:w-52"
        />
        <Segmented
          legend={t('overview.kind')}
          name="kind"
          size="small"
          value={kind ?? 'all'}
          options={kinds}
          onChange={(next) => void setView({ kind: next === 'all' ? null : next })}
        />
        <p role="status" className="text-muted ml-auto text-[13px] tabular-nums">
          {t('overview.models', { count: rows.length })}
        </p>
      </div>
      {rows.length === 0 ? (
        <NoMatch onReset={() => void setView({ q: '', kind: null })} />
      ) : (
        <OverviewTable
          overview={overview}
          rows={rows}
          sort={sort}
          setSort={(next) => void setView({ sort: next })}
        />
      )}
      <div className="text-muted mt-3 flex flex-wrap items-start gap-x-6 gap-y-2 text-[13px] leading-5">
        <p className="max-w-prose">{t('overview.note')}</p>
        <p className="flex gap-4">
          <KindMark kind="measured" />
          <KindMark kind="published" />
        </p>
      </div>
    </>
  );
}

/** Models of a view; those without a figure in the column come last. */
function rowsOf(
  overview: Overview,
  { q, kind, sort }: { q: string; kind: string | null; sort: Sort },
): Row[] {
  const words = q.toLowerCase().split(/\s+/);
  const rows = overview.rows
    .map(({ model, figures }) => ({
      model,
      figures: Object.fromEntries(
        Object.entries(figures).filter(([, one]) => kind === null || one.kind === kind),
      ),
    }))
    .filter(
      ({ model, figures }) =>
        Object.keys(figures).length > 0 && words.every((word) => model.toLowerCase().includes(word)),
    );
  const known = overview.benchmarks.some(({ name }) => name === sort?.column);
  if (!sort || (!known && sort.column !== 'model')) return rows;
  const sign = sort.desc ? -1 : 1;
  return rows.sort((a, b) => {
    if (sort.column === 'model') return sign * compareValues(a.model, b.model);
    const [one, other] = [a.figures[sort.column]?.value, b.figures[sort.column]?.value];
    if (one === undefined || other === undefined)
      return Number(one === undefined) - Number(other === undefined);
    return sign * (one - other) || compareValues(a.model, b.model);
  });
}

function OverviewTable(props: {
  overview: Overview;
  rows: readonly Row[];
  sort: Sort;
  setSort: (sort: Sort) => void;
}) {
  const { overview, rows, sort, setSort } = props;
  const t = useTranslations('leaderboard');
  const labels = useLabels();
  const head = (column: string, falling: boolean) => ({
    sorted: sort?.column === column ? (sort.desc ? ('desc' as const) : ('asc' as const)) : (false as const),
    onSort: () => {
      if (sort?.column !== column) return setSort({ column, desc: falling });
      setSort(sort.desc === falling ? { column, desc: !falling } : null);
    },
  });
  return (
    <TableFrame label={t('table.overview')} className="bg-surface">
      <table className="w-full border-separate border-spacing-0 text-[13px]">
        <caption className="sr-only">{t('table.overview')}</caption>
        <thead>
          <tr>
            <SortHead
              {...head('model', false)}
              name={t('table.model')}
              className="left-0 z-30 max-w-40 min-w-36 sm:min-w-52"
            >
              {t('table.model')}
            </SortHead>
            {overview.benchmarks.map(({ name, title, main }) => (
              <SortHead
                key={name}
                {...head(name, main.better === 'higher')}
                name={title}
                hint={`${labels.metric(main.metric, name)}${main.unit === 'percent' ? ` ${t('table.percent')}` : ''}`}
              >
                {title}
              </SortHead>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ model, figures }) => (
            <tr key={model} className="group/row">
              <th
                scope="row"
                className="bg-surface group-hover/row:bg-canvas border-line sticky left-0 z-10 max-w-40 min-w-36 border-b px-2.5 py-2 text-left font-medium [overflow-wrap:anywhere] shadow-[inset_-1px_0_0_var(--line)] sm:min-w-52"
              >
                {model}
              </th>
              {overview.benchmarks.map(({ name, title }) => (
                <OverviewCell key={name} model={model} benchmark={title} figure={figures[name]} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

interface OverviewCellProps {
  model: string;
  benchmark: string;
  figure: Row['figures'][string] | undefined;
}

function OverviewCell({ model, benchmark, figure }: OverviewCellProps) {
  const t = useTranslations('leaderboard.table');
  const style =
    'border-line group-hover/row:bg-canvas border-b px-2.5 py-2 leading-5 tabular-nums whitespace-nowrap';
  if (!figure)
    return (
      <td className={style}>
        <span aria-hidden className="text-muted">
          –
        </span>
      </td>
    );
  const { value, decimals, interval, kind, runId, source } = figure;
  const told = value.toFixed(decimals);
  const [low, high] = interval?.map((one) => one.toFixed(decimals)) ?? [];
  return (
    <td className={style} title={source}>
      <span className="inline-flex items-center gap-1.5">
        <KindMark kind={kind} bare />
        {runId ? (
          <PageLink
            href={`/runs/${runId}`}
            aria-label={t('open', { model, column: benchmark, value: told })}
            className="hover:text-accent decoration-line-strong underline underline-offset-3"
          >
            {told}
          </PageLink>
        ) : (
          told
        )}
      </span>
      {low !== undefined && high !== undefined && (
        <span className={cn('text-muted block pl-5 text-[11px] leading-4')}>
          <span aria-hidden>
            {low}–{high}
          </span>
          <span className="sr-only">{t('interval', { low, high })}</span>
        </span>
      )}
    </td>
  );
}
