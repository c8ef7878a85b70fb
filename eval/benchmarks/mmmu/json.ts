import { tryParse } from '../json';
import type { Problem } from '../problem';

/** Values read from a file, each with its place in it. */
export interface Entries {
  entries: { where: string; value: unknown }[];
  problems: Problem[];
}

/** The file is neither JSON nor JSON lines. */
export class NotJsonError extends Error {}

/**
 * The entries of a JSON list or of JSON lines; a line that is no JSON is a problem, and the others are read.
 * @param name of the file, for the problems
 * @throws NotJsonError when nothing in it can be read
 */
export function readList(text: string, name: string): Entries {
  const whole = tryParse(text);
  if (Array.isArray(whole.value))
    return {
      entries: whole.value.map((value: unknown, i) => ({ where: `${name}, entry ${i + 1}`, value })),
      problems: [],
    };
  return readLines(text, name, whole.error);
}

/** JSON lines. @throws NotJsonError when no line is an object */
export function readLines(text: string, name: string, otherwise?: string): Entries {
  const read: Entries = { entries: [], problems: [] };
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const where = `${name}, line ${index + 1}`;
    const { value, error } = tryParse(line);
    if (error === undefined) read.entries.push({ where, value });
    else read.problems.push({ where, reason: `is not JSON: ${error}` });
  }
  if (!read.entries.some(({ value }) => typeof value === 'object' && value !== null))
    throw new NotJsonError(`it is neither a JSON list nor JSON lines${otherwise ? `: ${otherwise}` : ''}`);
  return read;
}

/** The keys of the outermost object that stand in the text more than once; JSON keeps the last of each. */
export function repeatedKeys(text: string, object: Readonly<Record<string, unknown>>): string[] {
  const counts = new Map<string, number>();
  for (const [, quoted, colon] of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?/g)) {
    if (colon === undefined) continue;
    const key = JSON.parse(quoted!) as string;
    if (Object.hasOwn(object, key)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([key]) => key);
}
