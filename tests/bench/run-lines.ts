/** Runs the lines of a benchmark and tells them as a table and as JSON in var/bench. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../support/paths';
import { createReport, tableOf, type Report } from './eval/report';

export type Lines = Record<string, (report: Report, options: { quick: boolean }) => Promise<void>>;

/**
 * Measures every line, or those that `--only` names. A line that cannot be measured says why, and the others go on;
 * nothing fails for being slow.
 * @param name of the JSON file
 * @param title of the table, e.g. "The demo"
 */
export async function runLines(name: string, title: string, lines: Lines): Promise<void> {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
  });
  const { quick } = values;
  const chosen = values.only?.split(',') ?? Object.keys(lines);
  const strange = chosen.find((one) => !Object.hasOwn(lines, one));
  if (strange !== undefined)
    throw new Error(`There is no line ${strange}: choose among ${Object.keys(lines).join(', ')}.`);

  const [loadBefore] = loadavg();
  const report = createReport();
  for (const line of chosen) {
    console.error(`${line} …`);
    report.begin();
    try {
      await lines[line]!(report, { quick });
    } catch (error) {
      console.error(error);
      report.add(line, null, '', { note: `could not be measured: ${(error as Error).message}` });
      process.exitCode = 1;
    }
  }

  const cpu = cpus()[0]?.model.trim() ?? 'unknown';
  const cores = availableParallelism();
  console.log(`\n${title} on ${cores} cores (${cpu})${quick ? ', --quick: not for comparison' : ''}\n`);
  console.log(tableOf(report.rows));
  const out = path.join(root, 'var/bench');
  mkdirSync(out, { recursive: true });
  const file = path.join(out, `${name}.json`);
  const result = {
    date: new Date().toISOString(),
    cores,
    cpu,
    node: process.versions.node,
    quick,
    loadBefore,
  };
  writeFileSync(file, JSON.stringify({ ...result, rows: report.rows }, null, 1));
  console.log(`\n${path.relative(root, file)}`);
}
