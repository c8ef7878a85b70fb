/**
 * `npm run bench:demo`: the demo under load, line by line against its bar, as a table and as JSON in var/bench. Nothing
 * here fails for being slow; a line that cannot be measured says why.
 *
 * Usage: npm run bench:demo -- [--quick] [--only load,jobs,streams,restart,eta,page]
 * `--quick` shows in two minutes that every line works; its figures are of too little to be told. The load generator runs
 * on the same machine and takes its share of it.
 */
import { eta } from './eta';
import { jobs, load } from './load';
import { page } from './page';
import { restart, streams } from './streams';
import { runLines, type Lines } from '../run-lines';

const lines: Lines = {
  load,
  jobs,
  streams,
  restart,
  eta,
  page,
};

await runLines('demo', 'The demo', lines);
