import { csvLine, type CsvCell } from '../export/csv';
import type { Board, ExportFormat, Figure, Leaderboard, LeaderboardRow } from './schema';
import { markdownCell, texText } from './tex';
import { arrange, shownColumns, type View } from './view';

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
  const content: Content = { table, metrics, sections };
  if (format === 'csv') return toCsv(content);
  if (format === 'md') return toMarkdown(content);
  if (format === 'tex') return toTex(content);
  return `${JSON.stringify({ benchmark: table.benchmark, main: table.main, metrics, boards: sections.map(({ board, rows }) => ({ ...board, rows })) }, null, 1)}\n`;
}

interface Content {
  table: Leaderboard;
  metrics: Leaderboard['metrics'];
  sections: { board: Board; rows: LeaderboardRow[] }[];
}

function toCsv({ metrics, sections }: Content): string {
  const header: CsvCell[] = [
    ...['model', 'version', 'kind', 'board', 'rank', 'groups', 'incomplete', 'inconsistent_mean'],
    ...metrics.flatMap(({ metric }) => [metric, `${metric}_low`, `${metric}_high`]),
    ...['n', 'latency_ms', 'by', 'place', 'url', 'protocol', 'dataset', 'evaluators', 'settings'],
    ...['commit', 'dirty', 'fingerprint', 'date', 'run'],
  ];
  const lines = sections.flatMap(({ rows }) =>
    rows.map((row): CsvCell[] => {
      const { by, place, url, protocol, dataset, evaluators, settings, commit, dirty, fingerprint, date } =
        row.provenance;
      return [
        ...[row.model, row.version, row.kind, row.board, row.rank, row.groups, row.incomplete],
        row.inconsistentMean,
        ...metrics.flatMap(({ metric }) => {
          const figure = row.figures[metric];
          return [figure?.value, figure?.interval?.[0], figure?.interval?.[1]];
        }),
        row.figures[metrics[0]?.metric ?? '']?.n,
        ...[row.latencyMs, by, place, url, protocol, dataset],
        evaluators.map(({ name, version }) => `${name} ${version}`).join('; '),
        row.kind === 'measured' ? JSON.stringify(settings) : null,
        ...[commit, dirty, fingerprint, date, row.runId],
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

const marksOf = (row: LeaderboardRow): string[] => [
  ...(row.incomplete ? ['incomplete'] : []),
  ...(row.inconsistentMean === null ? [] : [`mean of its categories is ${row.inconsistentMean.toFixed(3)}`]),
];

const nameOf = ({ model, version }: LeaderboardRow) => [model, version].filter(Boolean).join(' ');

/** What a board is, and what the letters of its groups mean. */
const legendOf = ({ title, test }: Board) => [
  title,
  ...(test && test.pending === 0
    ? [
        `Rows that share a letter do not differ significantly (${test.name}, ${test.pairs} pairs, ${test.correction}'s correction, level ${test.level}).`,
      ]
    : []),
];

function cells(row: LeaderboardRow, metrics: Content['metrics'], dash?: string): string[] {
  return [
    row.rank === null ? '' : String(row.rank),
    [nameOf(row), ...marksOf(row).map((mark) => `[${mark}]`)].join(' '),
    row.kind,
    row.groups,
    ...metrics.map(({ metric }) => {
      const figure = row.figures[metric];
      return figure ? figureText(figure, dash) : '';
    }),
  ];
}

const headOf = (metrics: Content['metrics']) => [
  ...['rank', 'model', 'kind', 'groups'],
  ...metrics.map(({ metric, better }) => (better === 'lower' ? `${metric} (lower is better)` : metric)),
];

function toMarkdown({ table, metrics, sections }: Content): string {
  const line = (texts: readonly string[]) => `| ${texts.map(markdownCell).join(' | ')} |`;
  const parts = sections.map(({ board, rows }) =>
    [
      ...legendOf(board).map((text) => `${markdownCell(text)}\n`),
      line(headOf(metrics)),
      `| ---: | :--- | :--- | :--- |${metrics.map(() => ' ---: |').join('')}`,
      ...rows.map((row) => line(cells(row, metrics))),
    ].join('\n'),
  );
  return [`# ${markdownCell(table.benchmark.title)}`, ...parts].join('\n\n') + '\n';
}

function toTex({ table, metrics, sections }: Content): string {
  const line = (texts: readonly string[]) => `${texts.map(texText).join(' & ')} \\\\`;
  const parts = sections.map(({ board, rows }) =>
    [
      '\\begin{table}',
      `\\caption{${texText(`${table.benchmark.title}. ${legendOf(board).join('. ')}`)}}`,
      `\\begin{tabular}{rlll${'r'.repeat(metrics.length)}}`,
      '\\hline',
      line(headOf(metrics)),
      '\\hline',
      ...rows.map((row) => line(cells(row, metrics, '--'))),
      '\\hline',
      '\\end{tabular}',
      '\\end{table}',
    ].join('\n'),
  );
  return parts.join('\n\n') + '\n';
}
