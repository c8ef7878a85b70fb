import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/paths';

interface Entry {
  version?: string;
  link?: boolean;
  integrity?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const read = <T>(name: string) => JSON.parse(readFileSync(path.join(root, name), 'utf8')) as T;
const { packages } = read<{ packages: Record<string, Entry> }>('package-lock.json');

/** What a person asks for in package.json, and the version that the lock gives. */
const direct = (entry: Entry) =>
  Object.entries({ ...entry.dependencies, ...entry.devDependencies }).map(([name, asked]) => ({
    name,
    asked,
    locked: packages[`node_modules/${name}`]?.version,
  }));

// npm leaves the hash out of packages for other systems when it adds to a tree that stands already, and then installs
// them unchecked there.
test('every package of the lock file has the hash that its archive must have', () => {
  const unchecked = Object.entries(packages).filter(([at, { link, integrity }]) => at && !link && !integrity);
  expect(unchecked.map(([at]) => at)).toEqual([]);
});

test('the lock file was made from package.json as it is', () => {
  expect(direct(packages['']!)).toEqual(direct(read<Entry>('package.json')));
});

// A caret on a pre-release takes any later one, and those keep no promise of compatibility.
test('a pre-release is asked for by its exact version', () => {
  const loose = direct(packages['']!).filter(
    ({ asked, locked }) => locked?.includes('-') && asked !== locked,
  );
  expect(loose).toEqual([]);
});
