import { resolve } from 'node:path';
import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import type { Pulled, PullOptions } from '../datasets/pull';
import { allBenchmarks } from '../benchmarks';
import { command } from './options';
import { clearProgress, progressBar } from './progress';
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

async function pull(name: string, { out, json, ...options }: DataPullOptions): Promise<Pulled> {
  const dataset = pullable().find((one) => one.name === name)!;
  if (options.archives !== undefined && dataset.pull.archives === undefined)
    throw new InputError(`--archives: ${dataset.title} is not distributed as archives.`);
  const { pullDataset } = await import('../datasets/pull');
  const { UnknownPartError } = await import('../datasets/sources');
  const cancel = new AbortController();
  const interrupt = () => cancel.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const bar = progressBar(`downloading ${name}, MB`, { json });
  const onProgress: PullOptions['onProgress'] = (bytes, total) => {
    if (bytes > 0) bar(megabytes(bytes), megabytes(total));
  };
  try {
    return await pullDataset(dataset, resolve(out ?? `var/datasets/${name}`), {
      ...options,
      onProgress,
      signal: cancel.signal,
    });
  } catch (error) {
    throw error instanceof UnknownPartError ? new InputError(`--only: ${error.message}`) : error;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    clearProgress();
  }
}

/** Benchmarks whose data can be fetched. */
const pullable = () =>
  allBenchmarks().flatMap(({ name, title, pull: from }) => (from ? [{ name, title, pull: from }] : []));

/** Rounded up, so that what has begun is never 0 of 0. */
const megabytes = (bytes: number): number => Math.ceil(bytes / 1e6);

function summaryOf({ folder, sources, fetched, kept, sha256 }: Pulled): string {
  const commits = sources.map(({ repo, commit }) => `${repo} at ${commit}\n`);
  const size = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  return `${commits.join('')}${folder}: ${fetched.files} files downloaded (${size(fetched.bytes)}), ${kept.files} already present (${size(kept.bytes)}), sha256 ${sha256}\n`;
}

/** An empty variable of the environment is none. */
function address(text: string): string | undefined {
  if (text === '') return undefined;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text;
  throw new InvalidArgumentError('It must be a URL starting with http:// or https://.');
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function positiveWhole(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}
