/** The files of tests/vectors. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

export function vectorPath(name: string): string {
  return fileURLToPath(new URL(`../../tests/vectors/${name}`, import.meta.url));
}

/** The bytes of a gzip file. */
export function vectorBytes(name: string): Buffer {
  return gunzipSync(readFileSync(vectorPath(name)));
}

export function vectorJson<T>(name: string): T {
  return JSON.parse(readFileSync(vectorPath(name), 'utf8')) as T;
}

/** The lines of a gzip file of JSON lines. */
export function vectorLines<T>(name: string): T[] {
  return vectorBytes(name)
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}
