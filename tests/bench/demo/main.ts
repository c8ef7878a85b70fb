/**
 * `npm run bench:demo`: the demo under load, line by line against its bar, as a table and as JSON in var/bench. Nothing
 * here fails for being slow; a line that cannot be measured says why.
 *
 * Usage: npm run bench:demo -- [--quick] [--only load,jobs,streams,restart,eta,page]
 * `--quick` shows in two minutes that every line works; its figures are of too little to be told. The load generator runs
 * on the same machine and takes its share of it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../support/paths';
import { createReport, tableOf, type Report } from '../eval/report';
import { eta } from './eta';
import { jobs, load } from './load';
import { page } from './page';
import { restart, streams } from './streams';

const lines: Record<string, (report: Report, options: { quick: boolean }) => Promise<void>> = {
  load,
  jobs,
  streams,
  restart,
  eta,
  page,
};

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const { quick } = values;
const chosen = values.only?.split(',') ?? Object.keys(lines);
const strange = chosen.find((name) => !Object.hasOwn(lines, name));
if (strange !== undefined)
  throw new Error(`There is no line ${strange}: choose among ${Object.keys(lines).join(', ')}.`);

const [loadBefore] = loadavg();
const report = createReport();
for (const name of chosen) {
  console.error(`${name} …`);
  report.begin();
  try {
    await lines[name]!(report, { quick });
  } catch (error) {
    console.error(error);
    report.add(name, null, '', { note: `could not be measured: ${(error as Error).message}` });
    process.exitCode = 1;
  }
}

const cpu = cpus()[0]?.model.trim() ?? 'unknown';
const cores = availableParallelism();
console.log(`\nThe demo on ${cores} cores (${cpu})${quick ? ', --quick: not for comparison' : ''}\n`);
console.log(tableOf(report.rows));
const out = path.join(root, 'var/bench');
mkdirSync(out, { recursive: true });
const file = path.join(out, 'demo.json');
const result = { date: new Date().toISOString(), cores, cpu, node: process.versions.node, quick, loadBefore };
writeFileSync(file, JSON.stringify({ ...result, rows: report.rows }, null, 1));
console.log(`\n${path.relative(root, file)}`);
