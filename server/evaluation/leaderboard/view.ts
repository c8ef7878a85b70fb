import type { Board, Leaderboard, LeaderboardMetric, LeaderboardRow } from './schema';

/**
 * What of a table is looked at, as an address says it, for the page and for exports alike. Browser-safe: types only.
 * Whatever a stranger's address holds, there is something to show: what is unknown is left out.
 */
export interface View {
  /** Words that the model's name or version, or the run's name or tags have. */
  q: string;
  kind: 'measured' | 'published' | null;
  board: string | null;
  /** Leaves incomplete rows out. */
  complete: boolean;
  /** Only rows whose figure is at least so good. */
  limit: { metric: string; value: number } | null;
  sort: { column: string; desc: boolean } | null;
  /** Figures shown; null for the usual ones. */
  columns: readonly string[] | null;
}

export const wholeView: View = {
  ...{ q: '', kind: null, board: null, complete: false, limit: null, sort: null, columns: null },
};

/** Columns that are no figures, and can be sorted by. */
export const otherColumns = ['rank', 'model', 'latency', 'date'] as const;

/** Columns that are shown beside the figures where there is something in them, and can be left out. */
export const plainColumns = ['groups', 'latency', 'date'] as const;

type Table = Pick<Leaderboard, 'metrics' | 'rows' | 'boards' | 'main'>;

/** Categories beyond which a table shows only those that sum others up. */
const mostCategories = 8;

/** The figures that a table shows unless somebody chooses: the main one, its categories, and what papers report too. */
export function usualMetrics({ metrics, main }: Pick<Table, 'metrics' | 'main'>): string[] {
  const own = metrics.filter(({ category, of }) => category && of === main);
  const others = metrics.some(({ category, of }) => category && of !== main);
  const summed = own.filter(({ group }) => group === '');
  const categories = others ? [] : own.length <= mostCategories ? own : summed;
  const shown = new Set(categories.map(({ metric }) => metric));
  return metrics
    .filter(({ metric, category, secondary }) => (category ? shown.has(metric) : !secondary))
    .map(({ metric }) => metric);
}

/** Every column that a view can name, in the order in which they stand. */
export function allColumns({ metrics, rows }: Pick<Table, 'metrics' | 'rows'>): string[] {
  const has: Record<(typeof plainColumns)[number], boolean> = {
    groups: rows.some(({ groups }) => groups !== ''),
    latency: rows.some(({ latencyMs }) => latencyMs !== null),
    date: rows.some(({ kind }) => kind === 'measured'),
  };
  const [groups, ...last] = plainColumns.filter((name) => has[name] || name === 'groups');
  return [...(groups && has.groups ? [groups] : []), ...metrics.map(({ metric }) => metric), ...last];
}

/** The columns of a view that the table has, in the table's order; the usual ones where it names none. */
export function shownColumns(table: Table, view: Pick<View, 'columns'>): string[] {
  const all = allColumns(table);
  const usual = new Set([...usualMetrics(table), 'groups', 'latency']);
  const chosen = view.columns?.filter((name) => all.includes(name));
  const shown = new Set(chosen && chosen.length > 0 ? chosen : usual);
  return all.filter((name) => shown.has(name));
}

/** What a row is sorted by in a column; null where it has nothing there, which always comes last. */
export function sortValue(row: LeaderboardRow, column: string): number | string | null {
  if (column === 'rank') return row.rank;
  if (column === 'model') return `${row.model} ${row.version ?? ''}`;
  if (column === 'latency') return row.latencyMs;
  if (column === 'date') return row.kind === 'measured' ? new Date(row.provenance.date).getTime() : null;
  return row.figures[column]?.value ?? null;
}

/** Rising; rows without a value are the caller's to put last. */
export function compareValues(a: number | string, b: number | string): number {
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b, 'en', { numeric: true });
  return Number(a) - Number(b);
}

/** Whether a first click on a column's head puts the largest on top. */
export const startsFalling = (metric: Pick<LeaderboardMetric, 'better'> | undefined): boolean =>
  metric?.better === 'higher';

/** The sort of a view if the table has its column. */
export function sortOf(table: Table, { sort }: Pick<View, 'sort'>): NonNullable<View['sort']> {
  const known = [...otherColumns, ...table.metrics.map(({ metric }) => metric)];
  return sort && known.includes(sort.column) ? sort : { column: 'rank', desc: false };
}

/** Best first where a row has no place: by the main figure, then by name. */
function byDefault(table: Table): (a: LeaderboardRow, b: LeaderboardRow) => number {
  const metric = table.metrics.find((one) => one.metric === table.main);
  const sign = metric?.better === 'lower' ? 1 : -1;
  return (a, b) =>
    ordered(a.figures[table.main]?.value ?? null, b.figures[table.main]?.value ?? null, sign) ||
    compareValues(a.model, b.model) ||
    (a.id < b.id ? -1 : 1);
}

function ordered(a: number | string | null, b: number | string | null, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return sign * compareValues(a, b);
}

/** Rows of a table, each board's own, in the order of a view. */
export function rowOrder(table: Table, view: Pick<View, 'sort'>) {
  const { column, desc } = sortOf(table, view);
  const otherwise = byDefault(table);
  return (a: LeaderboardRow, b: LeaderboardRow) =>
    ordered(sortValue(a, column), sortValue(b, column), desc ? -1 : 1) || otherwise(a, b);
}

/** Whether a row is one of those that a view looks at. */
export function matches(row: LeaderboardRow, view: View, table: Table): boolean {
  const { q, kind, complete, limit } = view;
  const board = table.boards.some(({ id }) => id === view.board) ? view.board : null;
  const name = [row.model, row.version, row.name, ...row.tags].filter(Boolean).join(' ').toLowerCase();
  if (kind !== null && row.kind !== kind) return false;
  if (board !== null && row.board !== board) return false;
  if (complete && row.incomplete) return false;
  if (
    !q
      .toLowerCase()
      .split(/\s+/)
      .every((word) => name.includes(word))
  )
    return false;
  const metric = limit && table.metrics.find((one) => one.metric === limit.metric);
  if (!limit || !metric) return true;
  const value = row.figures[limit.metric]?.value;
  return value !== undefined && (metric.better === 'higher' ? value >= limit.value : value <= limit.value);
}

/** The boards of a view that have rows in it, each with its rows in order. Boards are never mixed. */
export function arrange(table: Table, view: View): { board: Board; rows: LeaderboardRow[] }[] {
  const order = rowOrder(table, view);
  return table.boards.flatMap((board) => {
    const rows = table.rows.filter((row) => row.board === board.id && matches(row, view, table)).sort(order);
    return rows.length > 0 ? [{ board, rows }] : [];
  });
}
