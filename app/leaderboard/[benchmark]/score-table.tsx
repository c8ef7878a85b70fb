'use client';

import {
  columnVisibilityFeature,
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type Row,
  type SortingState,
} from '@tanstack/react-table';
import { useTranslations } from 'next-intl';
import { Fragment, useMemo, useState } from 'react';
import type { Board, Leaderboard, LeaderboardRow } from '@/server/evaluation/leaderboard/schema';
import {
  allColumns,
  compareValues,
  rowOrder,
  sortOf,
  sortValue,
  startsFalling,
  type View,
} from '@/server/evaluation/leaderboard/view';
import { Button } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { TableFrame } from '../../_ui/table-frame';
import { useLabels } from '../_parts/labels';
import { headStyle, SortHead } from '../_parts/sort-head';
import { BoardHead } from './board-head';
import { mostCharted } from '../_parts/series';
import { FigureCell, spanOf } from './figure-cell';
import { ModelCell, RankCell } from './model-cell';
import { ComingLine, lazyPart } from '../../_ui/lazy-part';

const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
});
export type ScoreRow = Row<typeof features, LeaderboardRow>;
const helper = createColumnHelper<typeof features, LeaderboardRow>();

/** Rows of a board that stand there before somebody wants all of them. */
const firstRows = 50;

interface ScoreTableProps {
  table: Leaderboard;
  /** Boards with their rows that fit the view. */
  sections: readonly { board: Board; rows: LeaderboardRow[] }[];
  columns: readonly string[];
  view: Pick<View, 'sort'>;
  setSort: (sort: View['sort']) => void;
  /** Rows of the charts, where rows can be chosen for them. */
  chosen: readonly string[] | null;
  setChosen: (rows: string[]) => void;
}

export function ScoreTable(props: ScoreTableProps) {
  const { table: data, sections, columns: shown, view, setSort, chosen, setChosen } = props;
  const t = useTranslations('leaderboard.table');
  const labels = useLabels();
  const { name: benchmark, title } = data.benchmark;
  // Boards one after the other, in the usual order: equal rows stay in it however they are sorted.
  const rows = useMemo(() => {
    const order = rowOrder(data, { sort: null });
    return sections.flatMap((section) => [...section.rows].sort(order));
  }, [data, sections]);
  const columns = useMemo(() => columnsOf(data), [data]);
  const { column, desc } = sortOf(data, view);
  const sorting = useMemo<SortingState>(() => [{ id: column, desc }], [column, desc]);
  const visibility = useMemo(
    () => Object.fromEntries(allColumns(data).map((name) => [name, shown.includes(name)])),
    [data, shown],
  );
  const table = useTable({
    features,
    columns,
    data: rows,
    getRowId: ({ id }) => id,
    state: { sorting, columnVisibility: visibility },
    onSortingChange: (updater) => {
      const [next] = typeof updater === 'function' ? updater(sorting) : updater;
      setSort(next ? { column: next.id, desc: next.desc } : null);
    },
  });
  const spans = useMemo(
    () => new Map(data.metrics.map(({ metric }) => [metric, spanOf(rows, metric)])),
    [data, rows],
  );
  const head = (id: string) => {
    const own = table.getColumn(id)!;
    return { sorted: own.getIsSorted(), onSort: () => own.toggleSorting(undefined, false) };
  };
  const metricOf = new Map(data.metrics.map((metric) => [metric.metric, metric]));
  const sorted = table.getRowModel().rows;
  const visible = shown.length + 2;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());

  function toggle(id: string) {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  }

  function choose(id: string, on: boolean) {
    const others = (chosen ?? []).filter((one) => one !== id);
    setChosen(on ? [...others, id].slice(-mostCharted) : others);
  }

  return (
    <TableFrame label={t('name', { benchmark: title })} className="bg-surface">
      <table className="w-full border-separate border-spacing-0 text-[13px]">
        <caption className="sr-only">{t('name', { benchmark: title })}</caption>
        <thead>
          <tr>
            <SortHead {...head('rank')} name={t('rank')} className="left-0 z-30 w-12 min-w-12 max-sm:px-1.5">
              {t('rankShort')}
            </SortHead>
            <SortHead {...head('model')} name={t('model')} className={cn(modelHead, 'z-30')}>
              {t('model')}
            </SortHead>
            {shown.map((name) => {
              const metric = metricOf.get(name);
              if (name === 'groups')
                return (
                  <th key={name} scope="col" className={headStyle}>
                    {t('groups')}
                  </th>
                );
              const word = metric
                ? labels.column(metric, benchmark)
                : t(name === 'date' ? 'date' : 'latency');
              const hint =
                metric?.better === 'lower' ? t('lower') : name === 'latency' ? t('latencyUnit') : undefined;
              return (
                <SortHead key={name} {...head(name)} name={word} hint={hint}>
                  {word}
                  {metric?.unit === 'percent' && ` ${t('percent')}`}
                </SortHead>
              );
            })}
          </tr>
        </thead>
        {sections.map(({ board }) => (
          <Section
            key={board.id}
            board={board}
            rows={sorted.filter(({ original }) => original.board === board.id)}
            span={visible}
          >
            {(row) => (
              <Fragment key={row.id}>
                <tr className="group/row">
                  <RankCell row={row.original} chosen={chosen?.includes(row.id) ?? null} onChoose={choose} />
                  <ModelCell
                    row={row.original}
                    main={data.main}
                    open={open.has(row.id)}
                    onToggle={() => toggle(row.id)}
                  />
                  {shown.map((name) => (
                    <FigureCell
                      key={name}
                      row={row.original}
                      column={name}
                      metric={metricOf.get(name)}
                      main={name === data.main}
                      span={spans.get(name) ?? null}
                      benchmark={benchmark}
                    />
                  ))}
                </tr>
                {open.has(row.id) && <RowDetails row={row.original} span={visible} />}
              </Fragment>
            )}
          </Section>
        ))}
      </table>
    </TableFrame>
  );
}

/** Sticks to the left edge, beside the place; on a phone it leaves room for a figure. */
export const modelHead = 'left-12 min-w-36 max-w-40 sm:min-w-52 sm:max-w-none';

function Section(props: {
  board: Board;
  rows: readonly ScoreRow[];
  span: number;
  children: (row: ScoreRow) => React.ReactNode;
}) {
  const { board, rows, span, children } = props;
  const t = useTranslations('leaderboard.table');
  const [all, setAll] = useState(false);
  return (
    <tbody>
      <BoardHead board={board} span={span} />
      {(all ? rows : rows.slice(0, firstRows)).map(children)}
      {!all && rows.length > firstRows && (
        <tr>
          <td colSpan={span} className="p-2">
            <Button size="small" className="sticky left-2" onClick={() => setAll(true)}>
              {t('more', { count: rows.length })}
            </Button>
          </td>
        </tr>
      )}
    </tbody>
  );
}

/** Sorted by the same values as exports are; what a row has not comes last. */
function columnsOf(data: Leaderboard) {
  const own = (id: string, falling: boolean) =>
    helper.accessor((row) => sortValue(row, id) ?? undefined, {
      id,
      sortUndefined: 'last',
      sortDescFirst: falling,
      sortFn: (a, b) => compareValues(a.getValue<number | string>(id), b.getValue<number | string>(id)),
    });
  return helper.columns([
    own('rank', false),
    own('model', false),
    own('groups', false),
    ...data.metrics.map((metric) => own(metric.metric, startsFalling(metric))),
    own('latency', false),
    own('date', true),
  ]);
}

const Details = lazyPart(() => import('./details').then((module) => module.Details), ComingLine);

/** What a row opens to. Its script comes when the first row is opened. */
function RowDetails({ row, span }: { row: LeaderboardRow; span: number }) {
  return (
    <tr>
      <td colSpan={span} className="bg-canvas border-line border-b p-0">
        <div className="sticky left-0 min-h-40 w-max max-w-[min(72rem,calc(100vw-2.25rem))] px-4 py-3">
          <Details row={row} />
        </div>
      </td>
    </tr>
  );
}
