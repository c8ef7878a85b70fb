import type { Command } from 'commander';
import { printJson } from '../../eval/cli/report';
import { asCommand } from '../../eval/cli/session';
import { metricOf } from '../../eval/benchmarks';
import { figureText } from '../../eval/benchmarks/metric';
import { table } from '../../eval/cli/table';
import { tellLine } from '../evaluation/runs/run-differences';
import { tellRuns } from '../evaluation/runs/read-differences';
import { compare, type RunComparison } from '../evaluation/compare';
import { findRun } from '../evaluation/run-store';
import { someMissing } from './follow';
import { command } from './options';
import { withStudio } from './with-studio';

/** `studio eval compare`: what a second run gained and lost against a first, and whether that is more than noise. */
export const compareCommand = (finish: (code: number) => void): Command =>
  command(
    'compare',
    'compare two runs on the same items: gained, lost, and whether the difference exceeds noise',
  )
    .argument('<first>', 'ID of a run, or its first characters')
    .argument('<second>', 'run to judge')
    .option(
      '--fail-if-worse',
      'exit with code 1 if a score of the second is significantly worse, 3 if the runs are not comparable',
    )
    .option('--json', 'print a single JSON object')
    .action((first: string, second: string, options: { failIfWorse?: boolean; json?: boolean }) =>
      asCommand(options, finish, () =>
        withStudio(async ({ db }) => {
          const ids = [await findRun(db, first), await findRun(db, second)] as const;
          const found = await compare(db, ...ids);
          const names = (await tellRuns(db, ids)).map(tellLine);
          if (options.json) printJson({ ...found, names });
          else process.stdout.write(comparisonText(found, names));
          if (!options.failIfWorse) return 0;
          if (found.metrics.some(({ verdict }) => verdict === 'worse')) return 1;
          // Samples that failed in one run would be passed over otherwise.
          return found.differences.length + found.alone.first + found.alone.second > 0 ? someMissing : 0;
        }),
      ),
    );

function comparisonText(found: RunComparison, names: readonly string[]): string {
  const { benchmark, first, second, differences, common, alone, metrics } = found;
  const rows = [['metric', 'first', 'second', 'difference', 'gained', 'lost', 'p or interval', 'verdict']];
  for (const m of metrics) {
    const metric = metricOf(benchmark, m.metric);
    const f = (value: number) => figureText(value, metric);
    const how =
      m.p === null ? (m.interval ? `[${m.interval.map(f).join(', ')}]` : '–') : `p ${m.p.toPrecision(3)}`;
    const counts = [String(m.gained), String(m.lost)];
    rows.push([m.metric, f(m.first), f(m.second), f(m.difference), ...counts, how, m.verdict]);
  }
  const notes = [
    `first: ${names[0] ?? first.model}, run ${first.run}`,
    `second: ${names[1] ?? second.model}, run ${second.run}`,
    `${common} samples in common; scored in only one: ${alone.first}, ${alone.second}`,
    differences.length > 0
      ? `The runs were measured differently (${differences.join(', ')}), so their scores are not comparable.`
      : '',
  ];
  return `${table(rows)}\n${notes.filter((line) => line !== '').join('\n')}\n`;
}
