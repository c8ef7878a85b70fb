import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { filesOf, pageSources } from '../../server/start/build';

const root = path.join(import.meta.dirname, '../..');
const built = path.join(root, '.next');

interface SourceMap {
  sources?: string[];
  sections?: { map: SourceMap }[];
}
const sourcesOf = ({ sources = [], sections = [] }: SourceMap): string[] => [
  ...sources,
  ...sections.flatMap(({ map }) => sourcesOf(map)),
];

test('every source of ours that is in the build is in the hash by which it is made again', async () => {
  const hashed = new Set(await filesOf(root, pageSources));
  const own = new Set<string>();
  for (const part of ['server/app', 'server/chunks', 'static']) {
    const maps = (await readdir(path.join(built, part), { recursive: true })).filter((name) =>
      name.endsWith('.map'),
    );
    for (const name of maps) {
      const map = path.join(built, part, name);
      for (const source of sourcesOf(JSON.parse(await readFile(map, 'utf8')) as SourceMap)) {
        const file = path.relative(root, path.resolve(path.dirname(map), decodeURIComponent(source)));
        if (!/(^|\/)(node_modules|\.next|\.\.)\//.test(file) && existsSync(path.join(root, file)))
          own.add(file);
      }
    }
  }
  // An empty list would prove nothing.
  expect(own).toContain('server/api/http-api/sse.ts');
  const isGenerated = (file: string) => file.startsWith('server/platform/db/generated/');
  expect([...own].filter((file) => !hashed.has(file) && !isGenerated(file))).toEqual([]);
});
