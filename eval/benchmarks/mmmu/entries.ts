import { parseJson, readEntries, type JsonEntry } from '../../json';

/** The file is neither JSON nor JSON lines. */
export class NotJsonError extends Error {}

/**
 * The entries of a JSON list or of JSON lines; one that cannot be read is there with an error.
 * @throws NotJsonError when nothing in it is an object
 */
export function readList(text: string): JsonEntry[] {
  const entries = readEntries(text);
  const [damaged] = entries.filter(({ error }) => error !== undefined);
  if (damaged && !entries.some(({ value }) => typeof value === 'object' && value !== null))
    throw new NotJsonError(
      `it is neither a JSON list nor JSON lines: ${damaged.where} is not JSON: ${damaged.error}`,
    );
  return entries;
}

/** The keys of the outermost object that stand in the text more than once; of each the last counts. */
export function repeatedKeys(text: string, object: Readonly<Record<string, unknown>>): string[] {
  const counts = new Map<string, number>();
  for (const [, quoted, colon] of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?/g)) {
    if (colon === undefined) continue;
    const key = parseJson(quoted!).value;
    if (typeof key === 'string' && Object.hasOwn(object, key)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([key]) => key);
}
