/**
 * `npm run bench:eval`: speed and memory of evaluation, line by line against its bar, as a table and as JSON in
 * var/bench. Nothing here fails for being slow; a line that cannot be measured says why.
 *
 * Usage: npm run bench:eval -- [--quick] [--only editing,geneval,mmmu,memory,workers]
 * `--quick` shows in a minute that every line works; its figures are of too little to be told.
 * BENCH_PYTHON names the Python of the reference (default python3).
 */
import { editing } from './editing';
import { geneval } from './geneval';
import { memory } from './memory';
import { mmmu } from './mmmu';
import { workers } from './workers';
import { runLines, type Lines } from '../run-lines';

const lines: Lines = {
  editing,
  geneval,
  mmmu,
  memory,
  workers,
};

await runLines('eval', 'Evaluation', lines);
