import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../problem';
import { readList, NotJsonError } from './json';
import { OFFICIAL_TABLE } from './subjects';
import { UnscorableError, type MmmuResponse } from './types';
import { parseOutput } from './validate';

/**
 * Reads the official layout: a folder for each subject with an `output.json` in it, a JSON list (or JSON
 * lines). What cannot be used is a problem, and the rest is read; of two entries with one id the first counts.
 * @throws the file system's error when `directory` itself cannot be read
 */
export async function readOutputs(
  directory: string,
  { subjects } = OFFICIAL_TABLE,
): Promise<{ responses: MmmuResponse[]; problems: Problem[] }> {
  const entries = await readdir(directory, { withFileTypes: true });
  const folders = entries.filter((entry) => !entry.isFile()).map(({ name }) => name);
  const problems: Problem[] = folders
    .filter((name) => !subjects.includes(name))
    .sort()
    .map((name) => ({ where: name, reason: 'is no subject of MMMU' }));
  const responses: MmmuResponse[] = [];
  const ids = new Set<string>();
  for (const subject of subjects.filter((name) => folders.includes(name))) {
    const read = await readSubject(directory, subject);
    problems.push(...read.problems);
    for (const response of read.responses)
      if (ids.has(response.id))
        problems.push({ where: response.id, reason: `stands in ${subject} a second time` });
      else {
        ids.add(response.id);
        responses.push(response);
      }
  }
  return { responses, problems };
}

async function readSubject(
  directory: string,
  subject: string,
): Promise<{ responses: MmmuResponse[]; problems: Problem[] }> {
  const name = `${subject}/output.json`;
  let list;
  try {
    list = readList(await readFile(join(directory, name), 'utf8'), name);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason =
      error instanceof NotJsonError ? message : code === 'ENOENT' ? 'is missing' : (code ?? message);
    return { responses: [], problems: [{ where: name, reason }] };
  }
  const responses: MmmuResponse[] = [];
  const problems = [...list.problems];
  for (const { where, value } of list.entries)
    try {
      responses.push(parseOutput(value, subject));
    } catch (error) {
      if (!(error instanceof UnscorableError)) throw error;
      const id = (value as { id?: unknown } | null)?.id;
      problems.push({ where: typeof id === 'string' ? id : where, reason: error.message });
    }
  return { responses, problems };
}
