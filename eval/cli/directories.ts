import { CheckpointError } from '../../models/export/errors';
import type { FileList, LoadedDirectory, SourceList } from '../../models/runtime';
import { sizeText } from '../../models/runtime/graphs/memory';
import { clearProgress, progressBar } from './progress';
import { InputError, printJson } from './report';
import { table } from './table';

export interface JsonOption {
  json?: boolean;
}

interface Listing {
  graphs: object;
  files: FileList;
  sources?: SourceList | undefined;
  parts?:
    | Record<string, { parameters: number; bytes: number; dtypes: string[]; quantised?: number | undefined }>
    | undefined;
}

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
    `${Object.keys(graphs).length} graphs, ${sizeText(bytesOf(files))} in the directory`,
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
