import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** The lines of a gzip file of JSON lines under tests/vectors. */
export function vectors<T>(path: string): T[] {
  const file = readFileSync(new URL(`../../tests/vectors/${path}`, import.meta.url));
  return gunzipSync(file)
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}
