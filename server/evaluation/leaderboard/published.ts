import { inconsistencies, noteOf, type PublishedRow } from '../published';
import type { Db } from '../../platform/db/client';
import { bestFirst } from './ranks';
import { columnOfPublished } from './columns';
import type { Board, Figure, LeaderboardMetric, LeaderboardRow } from './schema';

/** Rows that a source reports. They are copied, not measured. */

export interface StoredPublished {
  benchmark: string;
  model: string;
  metric: string;
  value: number;
  unit: PublishedRow['unit'];
  decimals: number;
  source: string;
  place: string;
  protocol: string;
  reportedAt: Date;
}

/** In the order in which the source has its columns and rows, as far as that is kept: by id. */
export async function readPublishedResults(db: Db, benchmark?: string): Promise<StoredPublished[]> {
  const { rows } = await db.pool.query<StoredPublished>(
    `SELECT benchmark, model, metric, value, unit, decimals, source, place, protocol, reported_at AS "reportedAt"
     FROM published_result ${benchmark === undefined ? '' : 'WHERE benchmark = $1'}
     ORDER BY source, place, model, metric`,
    benchmark === undefined ? [] : [benchmark],
  );
  return rows;
}

/** The address of a source that names its arXiv number. */
function addressOf(source: string): string | null {
  const number = /\(arXiv (\d{4}\.\d{4,5})\)/.exec(source)?.[1];
  return number ? `https://arxiv.org/abs/${number}` : null;
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-|-$/g, '');

export function publishedBoardId(source: string, place: string): string {
  const number = /\(arXiv (\d{4}\.\d{4,5})\)/.exec(source)?.[1];
  return `paper-${number ?? slug(source).slice(0, 40)}-${slug(place)}`;
}

/** Columns for figures that only sources report. */
export function publishedColumns(
  results: readonly StoredPublished[],
  known: ReadonlySet<string>,
): LeaderboardMetric[] {
  const columns = new Map<string, LeaderboardMetric>();
  for (const { benchmark, metric, unit, decimals } of results) {
    const key = columnOfPublished(benchmark, metric);
    if (known.has(key) || columns.has(key)) continue;
    const better = unit === 'mean absolute difference' ? 'lower' : 'higher';
    columns.set(key, {
      metric: key,
      better,
      unit,
      decimals,
      ofSamples: false,
      category: false,
      of: key,
      group: '',
      secondary: false,
    });
  }
  return [...columns.values()].sort((a, b) => publishedOrder(a.metric) - publishedOrder(b.metric));
}

/** MME's perception is told first. */
const publishedOrder = (metric: string) => (metric === 'mme_p' ? -1 : 0);

/** A reported value in the unit of its column, with the places that the source prints. */
function inUnit({ value, unit, decimals }: StoredPublished, column: LeaderboardMetric): Figure {
  const factor = unit === column.unit ? 1 : unit === 'percent' && column.unit === 'share' ? 0.01 : 100;
  const places = factor === 1 ? decimals : Math.max(0, decimals + (factor < 1 ? 2 : -2));
  return { value: Number((value * factor).toFixed(places)), decimals: places, interval: null, n: null };
}

/** Boards and rows of what sources report about one benchmark. */
export function publishedBoards(
  results: readonly StoredPublished[],
  columns: readonly LeaderboardMetric[],
): { boards: Board[]; rows: LeaderboardRow[] } {
  const byColumn = new Map(columns.map((column) => [column.metric, column]));
  const main = columns[0];
  const wrong = inconsistencies(results.map(asPublishedRow));
  const rows = new Map<string, LeaderboardRow>();
  const boards = new Map<string, Board>();
  for (const result of results) {
    const { benchmark, model, metric, source, place, protocol, reportedAt } = result;
    const column = byColumn.get(columnOfPublished(benchmark, metric));
    if (!column) continue;
    const board = publishedBoardId(source, place);
    if (!boards.has(board))
      boards.set(board, {
        id: board,
        kind: 'published',
        title: `published · ${source}, ${place}`,
        protocol,
        measured: null,
        published: { source, place },
        distinct: {},
        test: null,
      });
    const id = `published:${model}:${board}`;
    const mean = wrong.find(
      ({ row }) => row.model === model && row.source === source && samePlace(row, place),
    );
    const row: LeaderboardRow = rows.get(id) ?? {
      ...{
        id,
        kind: 'published',
        model,
        version: null,
        name: null,
        note: noteOf(asPublishedRow(result)),
        tags: [],
        modelKind: null,
        runId: null,
        recorded: false,
        board,
      },
      ...{ figures: {}, rank: null, groups: '', incomplete: false, latencyMs: null },
      inconsistentMean: mean?.mean ?? null,
      provenance: {
        ...{ by: source, place, url: addressOf(source), commit: null, dirty: null, evaluators: [] },
        ...{ preset: null, settings: {}, protocol, dataset: null, fingerprint: null, date: reportedAt },
      },
    };
    row.figures[column.metric] = inUnit(result, column);
    rows.set(id, row);
  }
  if (main)
    for (const { id } of boards.values())
      place(
        [...rows.values()].filter((row) => row.board === id),
        main,
      );
  return { boards: [...boards.values()], rows: [...rows.values()] };
}

/** Places by the main figure; equal figures share one. */
function place(rows: readonly LeaderboardRow[], main: LeaderboardMetric): void {
  const valued = rows.flatMap((row) => {
    const figure = row.figures[main.metric];
    return figure ? [{ id: row.id, value: figure.value, row }] : [];
  });
  for (const [i, one] of bestFirst(valued, main.better).entries()) {
    const better = valued.filter(({ value }) =>
      main.better === 'higher' ? value > one.value : value < one.value,
    );
    one.row.rank = Math.min(i + 1, better.length + 1);
  }
}

const samePlace = (row: PublishedRow, place: string) => `Table ${row.table}` === place;

/** As the files of server/evaluation/published have it. */
function asPublishedRow({ place: where, reportedAt, ...row }: StoredPublished): PublishedRow {
  return {
    ...row,
    table: Number(/\d+/.exec(where)?.[0] ?? 0),
    transcribed: reportedAt.toISOString().slice(0, 10),
  };
}
