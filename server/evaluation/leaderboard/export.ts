import { csvLine, type CsvCell } from '../../platform/export/csv';
import type { Board, ExportFormat, Figure, Leaderboard, LeaderboardRow } from './schema';
import { factsOf, marksOf, toldParts, type Mark, type ToldPart } from './facts';
import { markdownCell, texText } from './tex';
import { arrange, plainColumns, shownColumns, type View } from './view';

/** A table as a file. What was measured and what was published is told apart in each format. */

export const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  tex: 'application/x-tex; charset=utf-8',
};

/** The rows and columns of a view, in its order. */
export function exportTable(table: Leaderboard, view: View, format: ExportFormat): string {
  const shown = shownColumns(table, view);
  const metrics = table.metrics.filter(({ metric }) => shown.includes(metric));
  const sections = arrange(table, view);
  const plain = shown.filter((name) => (plainColumns as readonly string[]).includes(name));
  const content: Content = { table, metrics, plain, sections };
  if (format === 'csv') return toCsv(content);
  if (format === 'md') return toMarkdown(content);
  if (format === 'tex') return toTex(content);
  return `${JSON.stringify(
    {
      benchmark: table.benchmark,
      main: table.main,
      // What a page shows by itself says nothing of a figure.
      metrics: metrics.map(({ secondary: _, ...metric }) => metric),
      boards: sections.map(({ board, rows }) => ({ ...board, rows })),
    },
    null,
    1,
  )}\n`;
}

interface Content {
  table: Leaderboard;
  metrics: Leaderboard['metrics'];
  /** Columns of the page beside the figures: `groups`, `latency`, `date`. */
  plain: readonly string[];
  sections: { board: Board; rows: LeaderboardRow[] }[];
}

function toCsv({ table, metrics, sections }: Content): string {
  const header: CsvCell[] = [
    ...['model', 'version', 'kind', 'board', 'rank', 'groups', 'incomplete', 'inconsistent_mean'],
    ...metrics.flatMap(({ metric }) => [metric, `${metric}_low`, `${metric}_high`, `${metric}_n`]),
    ...['n', 'latency_ms', 'by', 'place', 'url', 'protocol', 'dataset', 'evaluators', 'preset', 'settings'],
    ...[
      'commit',
      'dirty',
      'fingerprint',
      'date',
      'run',
      'run_name',
      'tags',
      'note',
      'model_kind',
      'recorded',
    ],
    ...['marks', 'board_title', 'board_differs', 'board_note'],
  ];
  const lines = sections.flatMap(({ board, rows }) =>
    rows.map((row): CsvCell[] => {
      const {
        by,
        place,
        url,
        protocol,
        dataset,
        evaluators,
        preset,
        settings,
        commit,
        dirty,
        fingerprint,
        date,
      } = row.provenance;
      return [
        ...[row.model, row.version, row.kind, row.board, row.rank, row.groups, row.incomplete],
        row.inconsistentMean,
        ...metrics.flatMap(({ metric }) => {
          const figure = row.figures[metric];
          return [figure?.value, figure?.interval?.[0], figure?.interval?.[1], figure?.n];
        }),
        row.figures[table.main]?.n,
        ...[row.latencyMs, by, place, url, protocol, dataset],
        evaluators.map(evaluatorText).join('; '),
        preset,
        row.kind === 'measured' ? JSON.stringify(settings) : null,
        ...[commit, dirty, fingerprint, date, row.runId, row.name, row.tags.join('; '), row.note],
        ...[row.modelKind, row.recorded, marksOf(row, table.main).map(markText).join('; ')],
        ...[board.title, toldParts(board).map(partText).join('; '), noteOf(board)],
      ];
    }),
  );
  return [header, ...lines].map(csvLine).join('');
}

/** A value as its source prints it, with its 95 % interval. */
export function figureText({ value, decimals, interval }: Figure, dash = '–'): string {
  const told = (one: number) => one.toFixed(decimals);
  return interval ? `${told(value)} (${told(interval[0])}${dash}${told(interval[1])})` : told(value);
}

const evaluatorText = ({ name, version, hash }: { name: string; version: string; hash: string }) =>
  `${name} ${version} (${hash.slice(0, 12)})`;

function markText(one: Mark): string {
  if (one.mark === 'imported') return 'imported outputs';
  return one.mark === 'inconsistent' ? `mean of its categories is ${one.mean}` : one.mark;
}

const partText = ({ name, value }: ToldPart): string =>
  `${name.replace(/^settings\./, '')} ${value || 'the model\u2019s own'}`;

const nameOf = ({ model, version }: LeaderboardRow) => [model, version].filter(Boolean).join(' ');

/** What a board is, and in what it differs from the others of its benchmark. */
const titleOf = (board: Board): string => [board.title, ...toldParts(board).map(partText)].join(' · ');

/** What the letters of its groups mean, or why there are none. */
function noteOf({ kind, test }: Board): string {
  if (kind === 'published') return 'Copied from the source, not measured here: no intervals or tests.';
  if (!test) return '';
  const { name, correction, level, pairs, pending, items, rows, untested } = test;
  const meaning =
    pending > 0
      ? `${pending} of ${pairs} tests remaining; groups appear when all tests are done.`
      : items === null
        ? 'Differences between these rows can’t be tested: they have no samples in common here.'
        : `Rows that share a letter do not differ significantly (${name} on the same ${items} items, ${pairs} pairs, ${correction} correction, level ${level}).`;
  return untested > 0
    ? `${meaning} Only the best ${rows} complete rows are tested; ${untested} more are ranked by score alone.`
    : meaning;
}

/** One column of a table for people. */
interface Column {
  head: string;
  /** Letters of `tabular`: texts to the left, numbers to the right. */
  align: 'l' | 'r';
  cell: (row: LeaderboardRow, dash?: string) => string;
}

/** The columns of the page, and those that it tells in other ways: the kind, and how many samples there were. */
function columnsOf({ table, metrics, plain }: Content): Column[] {
  return [
    { head: 'rank', align: 'r', cell: ({ rank }) => (rank === null ? '' : String(rank)) },
    {
      head: 'model',
      align: 'l',
      cell: (row) =>
        [
          nameOf(row),
          ...(row.name === null ? [] : [`\u201c${row.name}\u201d`]),
          ...row.tags.map((tag) => `#${tag}`),
          ...marksOf(row, table.main).map((mark) => `[${markText(mark)}]`),
        ].join(' '),
    },
    { head: 'kind', align: 'l', cell: ({ kind }) => kind },
    { head: 'groups', align: 'l', cell: ({ groups }) => groups },
    ...metrics.map(({ metric, better, unit }): Column => ({
      head: [
        metric,
        ...(unit === 'percent' ? ['(%)'] : []),
        ...(better === 'lower' ? ['(lower is better)'] : []),
      ].join(' '),
      align: 'r',
      cell: ({ figures }, dash) => {
        const figure = figures[metric];
        return figure ? figureText(figure, dash) : '';
      },
    })),
    { head: 'n', align: 'r', cell: ({ figures }) => String(figures[table.main]?.n ?? '') },
    ...(plain.includes('latency')
      ? [
          {
            head: 'latency (ms, median)',
            align: 'r' as const,
            cell: ({ latencyMs }: LeaderboardRow) =>
              latencyMs === null ? '' : String(Math.round(latencyMs)),
          },
        ]
      : []),
    ...(plain.includes('date')
      ? [
          {
            head: 'date',
            align: 'l' as const,
            cell: ({ kind, provenance }: LeaderboardRow) =>
              kind === 'measured' ? dayOf(provenance.date) : '',
          },
        ]
      : []),
  ];
}

const dayOf = (date: Date) => new Date(date).toISOString().slice(0, 10);

/** Where a row comes from, in a line: what the page tells when the row is opened. */
function sourceLine(row: LeaderboardRow): string {
  const told = factsOf(row).map((fact) => {
    if (fact.name === 'date') return dayOf(fact.date);
    if (fact.name === 'commit')
      return `commit ${fact.text?.slice(0, 12) ?? 'unknown'}${fact.dirty ? ' with local changes' : ''}`;
    if (fact.name === 'evaluators') return fact.all.map(evaluatorText).join(', ') || 'no evaluators';
    if (fact.name === 'settings')
      return Object.entries(fact.settings)
        .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(', ');
    if (fact.name === 'latency') return fact.ms === null ? 'no latency' : `${Math.round(fact.ms)} ms a call`;
    if (fact.name === 'run') return `/runs/${fact.text}`;
    if (fact.name === 'preset') return `preset ${fact.text}`;
    if (fact.name === 'dataset' || fact.name === 'fingerprint')
      return `${fact.name} ${fact.text.slice(0, 16)}`;
    return fact.text;
  });
  const name = row.name === null ? nameOf(row) : `${nameOf(row)} \u201c${row.name}\u201d`;
  return `${name}: ${told.filter(Boolean).join('; ')}${row.note === null ? '' : `. ${row.note}`}`;
}

/** What a table is of: a benchmark of the project's own scenes is no official data set. */
const captionOf = ({ benchmark }: Leaderboard) =>
  benchmark.synthetic ? `${benchmark.title} (synthetic)` : benchmark.title;

function toMarkdown(content: Content): string {
  const columns = columnsOf(content);
  const line = (texts: readonly string[]) => `| ${texts.map(markdownCell).join(' | ')} |`;
  const parts = content.sections.map(({ board, rows }) =>
    [
      ...[titleOf(board), noteOf(board)].filter(Boolean).map((text) => `${markdownCell(text)}\n`),
      line(columns.map(({ head }) => head)),
      `|${columns.map(({ align }) => (align === 'r' ? ' ---: |' : ' :--- |')).join('')}`,
      ...rows.map((row) => line(columns.map(({ cell }) => cell(row)))),
      '',
      ...rows.map((row) => `- ${markdownCell(sourceLine(row))}`),
    ].join('\n'),
  );
  return [`# ${markdownCell(captionOf(content.table))}`, ...parts].join('\n\n') + '\n';
}

function toTex(content: Content): string {
  const columns = columnsOf(content);
  const line = (texts: readonly string[]) => `${texts.map(texText).join(' & ')} \\\\`;
  const parts = content.sections.map(({ board, rows }) =>
    [
      '\\begin{table}',
      `\\caption{${texText([captionOf(content.table), titleOf(board), noteOf(board)].filter(Boolean).join('. '))}}`,
      `\\begin{tabular}{${columns.map(({ align }) => align).join('')}}`,
      '\\hline',
      line(columns.map(({ head }) => head)),
      '\\hline',
      ...rows.map((row) => line(columns.map(({ cell }) => cell(row, '--')))),
      '\\hline',
      '\\end{tabular}',
      '',
      '\\footnotesize',
      ...rows.map((row) => `${texText(sourceLine(row))}\\par`),
      '\\end{table}',
    ].join('\n'),
  );
  return parts.join('\n\n') + '\n';
}
