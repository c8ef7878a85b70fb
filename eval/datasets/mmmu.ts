/** MMMU from its parquet files, `<subject>/<split>-00000-of-00001.parquet`, as the hub has them. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isSubject, SUBJECTS } from '../benchmarks/mmmu/subjects';
import { datasetOf, DatasetError, orProblem, type Report } from './dataset';
import { verifyLocked } from '../download/lock';
import { lockName } from './lock';
import { questionOf } from './mmmu-question';
import { openParquet, type ParquetFile } from './parquet';
import type { Dataset, DatasetItem, MmmuQuestion } from './types';

export interface ReadMmmuOptions {
  /** In any order; they are read in the official one. Default: all thirty. */
  subjects?: readonly string[];
  /** Default: `validation`. */
  split?: 'dev' | 'validation' | 'test';
}

/**
 * The questions of MMMU, in the order of the official subjects and then of the files. The group is the subject. The
 * size counts rows; a row that cannot be used is a problem. So are an unknown subject, a subject without a file and
 * a file that cannot be read.
 * @param dir with a folder for each subject
 * @throws DatasetError when there is no file of the split at all; DownloadError when one is not the file of `dataset.lock.json`
 */
export async function readMmmu(
  dir: string,
  { subjects, split = 'validation' }: ReadMmmuOptions = {},
): Promise<Dataset<MmmuQuestion>> {
  const folders = await subjectFolders(dir);
  const wanted = subjects ?? [...SUBJECTS, ...folders];
  const found: Shards[] = [];
  for (const subject of SUBJECTS)
    if (wanted.includes(subject)) found.push(await shardsOf(dir, subject, split, folders.includes(subject)));
  const paths = found.flatMap(({ files }) => files);
  if (paths.length === 0)
    throw new DatasetError(
      `No MMMU ${split} files in ${dir}. Download them with \`studio data pull mmmu --out ${dir}\`.`,
    );
  await verifyLocked(dir, lockName, paths);
  const opened = new Map<string, ParquetFile | Error>();
  for (const path of paths)
    opened.set(path, await openParquet(join(dir, path)).catch((error: Error) => error));
  const size = [...opened.values()].reduce((sum, file) => sum + (file instanceof Error ? 0 : file.rows), 0);

  return datasetOf(size, async function* (report) {
    for (const name of new Set(wanted))
      if (!isSubject(name)) report({ where: name, reason: 'is no subject of MMMU' });
    for (const { subject, files, problem } of found) {
      if (problem) report({ where: subject, reason: problem });
      for (const path of files) {
        const file = opened.get(path)!;
        if (file instanceof Error) report({ where: path, reason: `cannot be read: ${file.message}` });
        else yield* readFile(path, subject, file, report);
      }
    }
  });
}

async function subjectFolders(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'folder not found' : (error.code ?? error.message);
    throw new DatasetError(
      `Cannot read MMMU from ${dir}: ${why}. Download it with \`studio data pull mmmu --out ${dir}\`.`,
    );
  });
  const folders = entries.filter((entry) => !entry.isFile() && !entry.name.startsWith('.'));
  return folders.map(({ name }) => name).sort();
}

interface Shards {
  subject: string;
  /** Relative to the dataset, in order. */
  files: string[];
  problem?: string;
}

async function shardsOf(dir: string, subject: string, split: string, exists: boolean): Promise<Shards> {
  const names = exists ? await readdir(join(dir, subject)) : [];
  const shards = names
    .map((name) => new RegExp(`^${split}-\\d{5}-of-(\\d{5})\\.parquet$`).exec(name))
    .filter((match) => match !== null)
    .sort((a, b) => (a[0] < b[0] ? -1 : 1));
  const files = shards.map(([name]) => `${subject}/${name}`);
  const total = Number(shards[0]?.[1] ?? 1);
  if (files.length === total) return { subject, files };
  const problem =
    files.length === 0 ? `has no ${split} file` : `has ${files.length} of ${total} ${split} files`;
  return { subject, files, problem };
}

async function* readFile(
  path: string,
  subject: string,
  file: ParquetFile,
  report: Report,
): AsyncGenerator<DatasetItem<MmmuQuestion>> {
  const missing = required.filter((name) => !file.columns.includes(name));
  if (missing.length > 0) {
    report({ where: path, reason: `lacks the columns ${missing.join(', ')}` });
    return;
  }
  let number = 0;
  const rows = file.read(required, (from, to, error, column) => {
    const lost = column === null || required.includes(column);
    if (lost) number = to;
    report({
      where: `${path}, rows ${from + 1} to ${to}`,
      reason: column === null ? `cannot be decoded: ${error.message}` : lostColumn(column, error, lost),
    });
  });
  for await (const row of rows) {
    number++;
    const where = typeof row.id === 'string' && row.id !== '' ? row.id : `${path}, row ${number}`;
    const item = await orProblem(where, report, () => questionOf(row, subject));
    if (item) yield item;
  }
}

const lostColumn = (column: string, error: Error, rows: boolean): string =>
  `have a column ${column} that cannot be decoded${rows ? '' : ', and are read without it'}: ${error.message}`;

const required = ['id', 'question', 'options', 'answer', 'question_type'];
