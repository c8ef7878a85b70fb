import { readdir } from 'node:fs/promises';
import { extname, join, parse } from 'node:path';
import type { ImportedOutput, ImportedOutputs } from './definition';
import type { Problem } from './problem';

const imageTypes = ['.png', '.jpg', '.jpeg', '.webp'];

/**
 * Reads a folder of images that a model made, each named after its item: `synthetic-edit-0001.png`.
 * @param keys of the data set's items
 * @throws the file system's error when it cannot be read
 */
export async function readImageFolder(
  directory: string,
  keys: ReadonlySet<string>,
): Promise<ImportedOutputs> {
  const outputs = new Map<string, ImportedOutput>();
  const problems: Problem[] = [];
  const entries = await readdir(directory, { withFileTypes: true });
  for (const { name } of entries
    .filter((entry) => !entry.isDirectory())
    .sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const { name: key } = parse(name);
    if (!imageTypes.includes(extname(name).toLowerCase()))
      problems.push({ where: name, reason: 'is no PNG, JPEG or WebP file by its name' });
    else if (!keys.has(key)) problems.push({ where: name, reason: 'is named like no item of the data set' });
    else if (outputs.has(key))
      problems.push({ where: name, reason: `is a second picture of ${key}; the first by name counts` });
    else outputs.set(key, { key, repeat: 0, path: join(directory, name) });
  }
  for (const key of keys)
    if (!outputs.has(key)) problems.push({ where: key, reason: 'has no picture in the folder' });
  return { outputs: [...outputs.values()], problems };
}
