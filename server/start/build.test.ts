import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { filesOf, pageSources } from './build';

const root = path.join(import.meta.dirname, '../..');
/** What an import means, as tsconfig.json has it; null for a package. */
function fileOf(name: string, folder: string): string | null {
  if (!/^(\.|@\/)/.test(name)) return null;
  const place = name.startsWith('@/') ? name.slice(2) : path.join(folder, name);
  const endings = ['', '.ts', '.tsx', '.mjs', '.js', '/index.ts', '/index.tsx'];
  const found = endings
    .map((ending) => place + ending)
    .find((file) => ts.sys.fileExists(path.join(root, file)));
  if (found === undefined) throw new Error(`${folder} imports ${name}, which is not there`);
  return found;
}

/** The files of ours that are reached by imports from these. */
function reachedFrom(entries: readonly string[]): string[] {
  const reached = new Set(entries);
  for (const file of reached) {
    if (!/\.(tsx?|mjs|js)$/.test(file)) continue;
    for (const { fileName } of ts.preProcessFile(readFileSync(path.join(root, file), 'utf8')).importedFiles) {
      const found = fileOf(fileName, path.dirname(file));
      if (found) reached.add(found);
    }
  }
  return [...reached];
}

const entries = [...(await filesOf(root, ['app'])), 'next.config.js', 'postcss.config.mjs'];
const reached = reachedFrom(entries);
const missing = async (sources: readonly string[]) => {
  const hashed = new Set(await filesOf(root, sources));
  return (
    reached
      // Generated from the schema, which is hashed.
      .filter((file) => !file.startsWith('server/platform/db/generated/') && !hashed.has(file))
  );
};

test('whatever the pages import is in the hash by which they are built again', async () => {
  expect(await missing(pageSources)).toEqual([]);
});

test.each(['server', 'eval', 'models/runtime', 'models/scenes', 'next.config.js'])(
  'a list that lacks %s is found out',
  async (place) => {
    expect(await missing(pageSources.filter((one) => one !== place))).toContainEqual(
      expect.stringMatching(new RegExp(`^${place}`)),
    );
  },
);
