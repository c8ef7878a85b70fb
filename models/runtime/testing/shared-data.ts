import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of benchmark files that tests compare with and the repository does not contain: `../shared/data`
 * beside the repository, or `STUDIO_SHARED_DATA`.
 */
const folder =
  process.env.STUDIO_SHARED_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));

/** The path of a file or folder there, or null, with a printed line, where it is absent. */
export function sharedData(...parts: string[]): string | null {
  const path = join(folder, ...parts);
  if (existsSync(path)) return path;
  console.log(`Skipped, because ${join('../shared/data', ...parts)} is absent.`);
  return null;
}
