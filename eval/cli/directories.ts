import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CheckpointError } from '../../models/export/errors';
import type { FileList, LoadedDirectory, SourceList } from '../../models/runtime';
import { sizeText } from '../../models/runtime/graphs/memory';
import { command } from './options';
import { clearProgress, progressBar } from './progress';
import { InputError, printJson } from './report';
import { asCommand } from './session';
import { table } from './table';

export interface JsonOption {
  json?: boolean;
}

type Finish = (code: number) => void;

/** A family of downloaded files that a directory can be made of. */
interface Family {
  name: string;
  title: string;
  from: string;
  licence: string;
}

/** `list`: what can be added. @param noun e.g. `models`, also the field of the JSON object */
export const listCommand = (noun: string, families: readonly Family[], finish: Finish): Command =>
  command('list', `list the ${noun} that can be added`)
    .option('--json', 'print a single JSON object')
    .action((options: JsonOption) =>
      asCommand(options, finish, () => {
        if (options.json) printJson({ [noun]: families });
        else
          for (const { name, title, from, licence } of families)
            process.stdout.write(`${name}\n  ${title}\n  from ${from}\n  licence: ${licence}\n`);
        return Promise.resolve();
      }),
    );

/** A command about one directory. @param of e.g. `model directory` */
export const directoryCommand = (
  name: string,
  description: string,
  of: string,
  finish: Finish,
  work: (dir: string, options: JsonOption) => Promise<void>,
): Command =>
  command(name, description)
    .argument('<dir>', of)
    .option('--json', 'print a single JSON object')
    .action((dir: string, options: JsonOption) =>
      asCommand(options, finish, () => work(resolve(dir), options)),
    );

interface Listing {
  graphs: object;
  files: FileList;
  sources?: SourceList | undefined;
  parts?:
    | Record<string, { parameters: number; bytes: number; dtypes: string[]; quantised?: number | undefined }>
    | undefined;
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Parts with their sizes, as a table; nothing where the manifest has none. */
export function partsTable(parts: Listing['parts'] = {}): string {
  const rows = Object.entries(parts).map(([part, { parameters, bytes, dtypes, quantised }]) => [
    part,
    `${(parameters / 1e6).toFixed(1)} M`,
    sizeText(bytes),
    `${dtypes.join(', ').toLowerCase()}${quantised === undefined ? '' : ` (${sizeText(quantised)} in blocks)`}`,
  ]);
  return rows.length > 0 ? `${table([['part', 'parameters', 'size', 'stored as'], ...rows])}\n` : '';
}

/** Parts with their sizes, and where the weights of a directory are, in lines for people. */
export function describeParts({ graphs, files, sources = {}, parts }: Listing): string {
  const bytesOf = (list: Record<string, { bytes: number }>) =>
    Object.values(list).reduce((sum, { bytes }) => sum + bytes, 0);
  const elsewhere = bytesOf(sources);
  return [
    partsTable(parts),
    `${count(Object.keys(graphs).length, 'graph')}, ${sizeText(bytesOf(files))} in the directory`,
    elsewhere > 0
      ? `, ${sizeText(elsewhere)} of weights in\n${Object.keys(sources)
          .map((file) => `  ${file}\n`)
          .join('')}`
      : '\n',
  ].join('');
}

/** Compares the sums of all files of a directory, and says so. @throws ModelError model_file_missing, model_file_altered */
export async function checkedBy(
  dir: string,
  load: (dir: string) => Promise<LoadedDirectory<Listing>>,
  noun: string,
  options: JsonOption,
): Promise<void> {
  const { checkFiles } = await import('../../models/export/check');
  const show = progressBar('reading (MB)', options);
  const { hash, files, bytes } = await checkFiles(await load(dir), (done, total) =>
    show(Math.round(done / 1e6), Math.round(total / 1e6)),
  );
  clearProgress();
  if (options.json) printJson({ dir, hash, files, bytes });
  else
    process.stdout.write(
      `${files} files (${sizeText(bytes)}) are as they were when the ${noun} directory was made.\n`,
    );
}

/** What is wrong with somebody’s files is told as such. */
export async function usable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CheckpointError) throw new InputError(error.message, { cause: error });
    throw error;
  }
}
