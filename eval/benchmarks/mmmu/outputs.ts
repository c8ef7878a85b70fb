import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeText, EncodingError } from '../../json';
import type { Problem } from '../problem';
import { NotJsonError, readList } from './entries';
import { OFFICIAL_TABLE } from './subjects';
import { UnscorableError, type MmmuResponse } from './types';
import { idOf, parseOutput } from './validate';

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
    list = readList(decodeText(await readFile(join(directory, name))));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason =
      error instanceof NotJsonError || error instanceof EncodingError
        ? message
        : code === 'ENOENT'
          ? 'is missing'
          : (code ?? message);
    return { responses: [], problems: [{ where: name, reason }] };
  }
  const responses: MmmuResponse[] = [];
  const problems: Problem[] = [];
  for (const { where, value, error } of list) {
    const named = idOf((value as { id?: unknown } | null | undefined)?.id) ?? `${name}, ${where}`;
    try {
      if (error !== undefined) throw new UnscorableError(`is not JSON: ${error}`);
      const { response, note } = parseOutput(value, subject);
      responses.push(response);
      if (note !== undefined) problems.push({ where: named, reason: note });
    } catch (problem) {
      if (!(problem instanceof UnscorableError)) throw problem;
      problems.push({ where: named, reason: problem.message });
    }
  }
  return { responses, problems };
}
