import { printJson } from '../../eval/cli/report';
import { metricOf } from '../../eval/benchmarks';
import { figureText, figureWithUnit } from '../../eval/benchmarks/metric';
import { table } from '../../eval/cli/table';
import type { AggregateReport, RunReport } from '../evaluation/report';

/** A run as a table, or as one JSON object. */
export function printRun(report: RunReport, json = false): void {
  if (json) return printJson(report);
  const { benchmark, model, counts, state, reason, incomplete, fingerprint } = report;
  const { name, note, tags, visibility } = report;
  const lines = [
    ...(name === null ? [] : [name]),
    `${benchmark.title}${benchmark.synthetic ? ' (synthetic)' : ''}, ${model.name} ${model.version}`,
    `run ${report.run}, ${state}${reason ? `: ${reason}` : ''}`,
    `${visibility === 'published' ? 'published' : visibility === 'team' ? 'for the team' : 'private'}${tags.map((tag) => ` #${tag}`).join('')}`,
    ...(note === null ? [] : [note]),
    '',
  ];
  process.stdout.write(lines.join('\n'));
  if (report.aggregates.length > 0)
    process.stdout.write(`\n${aggregateTable(benchmark.name, report.aggregates)}`);
  const parts = [
    `${counts.scored} of ${counts.expected} samples scored`,
    counts.failed ? `${counts.failed} failed` : '',
    counts.unscored ? `${counts.unscored} could not be measured` : '',
    counts.generated && state !== 'done' ? `${counts.generated} not scored yet` : '',
    counts.missing ? `${counts.missing} missing` : '',
    counts.cached ? `${counts.cached} reused from earlier runs` : '',
  ];
  process.stdout.write(`\n${parts.filter((part) => part !== '').join(', ')}\n`);
  for (const [why, n] of Object.entries(report.problems)) process.stdout.write(`  ${n} × ${why}\n`);
  for (const { where, reason: why } of report.dataProblems.slice(0, 20))
    process.stdout.write(`  not in the dataset: ${where}: ${why}\n`);
  if (incomplete) process.stdout.write('Incomplete, so not comparable with other results.\n');
  const preset = report.preset === null ? '' : `preset ${report.preset}, `;
  process.stdout.write(`${preset}fingerprint ${fingerprint.id.slice(0, 12)}${speedOf(report)}\n`);
  if (state === 'paused' || state === 'failed')
    process.stdout.write(`Resume it with: studio eval resume ${report.run.slice(0, 8)}\n`);
}

function aggregateTable(benchmark: string, aggregates: readonly AggregateReport[]): string {
  const rows = [['metric', 'group', 'n', 'mean', '95 % interval']];
  for (const { metric, group, n, mean, interval } of aggregates) {
    const how = metricOf(benchmark, metric);
    rows.push([
      metric,
      group === '' ? 'overall' : group,
      String(n),
      figureWithUnit(mean, how),
      interval ? `[${interval.map((end) => figureText(end, how)).join(', ')}]` : '–',
    ]);
  }
  return table(rows);
}

function speedOf({ summary }: RunReport): string {
  const { latency, seconds } = (summary ?? {}) as {
    latency?: { p50: number; p95: number } | null;
    seconds?: number;
  };
  const calls = latency ? `, model ${Math.round(latency.p50)} ms (p95 ${Math.round(latency.p95)} ms)` : '';
  return seconds === undefined ? calls : `${calls}, ${Math.round(seconds)} s`;
}
