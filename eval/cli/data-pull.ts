import { resolve } from 'node:path';
import { Argument, Option, type Command } from 'commander';
import type { PulledDataset } from '../datasets/pull';
import { allBenchmarks } from '../benchmarks';
import { downloading, summaryOf, webAddress } from './download';
import { command, positiveWhole } from './options';
import { InputError, printJson } from './report';
import { asCommand } from './session';

interface DataPullOptions {
  out?: string;
  mirror?: string;
  only?: string[];
  archives?: number;
  json?: boolean;
}

/** `studio data pull`: fetches an official data set, or what is missing of it. */
export function dataPullCommand(finish: (code: number) => void): Command {
  return command('pull', 'download an official dataset; run again to resume')
    .addArgument(new Argument('<dataset>', 'which one').choices(pullable().map(({ name }) => name)))
    .option('-o, --out <dir>', 'output folder (default: var/datasets/<dataset>)')
    .addOption(
      new Option('--mirror <url>', 'URL of a mirror to use instead of the hub')
        .env('STUDIO_DATA_MIRROR')
        .argParser(address),
    )
    .option(
      '--only <names>',
      'parts to download, such as MMMU subjects, comma-separated (default: all)',
      list,
    )
    .option(
      '--archives <n>',
      'number of archives per source, for archived datasets (default: 1)',
      positiveWhole,
    )
    .option('--json', 'print a single JSON object: commit, files, bytes, sha256')
    .action((name: string, options: DataPullOptions) =>
      asCommand(options, finish, async () => {
        const pulled = await pull(name, options);
        if (options.json) printJson(pulled);
        else process.stdout.write(summaryOf(pulled));
      }),
    );
}

async function pull(name: string, { out, json, ...options }: DataPullOptions): Promise<PulledDataset> {
  const dataset = pullable().find((one) => one.name === name)!;
  if (options.archives !== undefined && dataset.pull.archives === undefined)
    throw new InputError(`--archives: ${dataset.title} is not distributed as archives.`);
  const { pullDataset } = await import('../datasets/pull');
  const { UnknownPartError } = await import('../download/sources');
  try {
    return await downloading(name, { json }, (how) =>
      pullDataset(dataset, resolve(out ?? `var/datasets/${name}`), { ...options, ...how }),
    );
  } catch (error) {
    throw error instanceof UnknownPartError ? new InputError(`--only: ${error.message}`) : error;
  }
}

/** Benchmarks whose data can be fetched. */
const pullable = () =>
  allBenchmarks().flatMap(({ name, title, pull: from }) => (from ? [{ name, title, pull: from }] : []));

/** An empty variable of the environment is none. */
const address = (text: string): string | undefined => (text === '' ? undefined : webAddress(text));

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
