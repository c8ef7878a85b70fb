import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/paths';

/**
 * A page gives its script the namespaces of words that `<Words of>` names. A component that says something of another one would
 * show the message's key.
 */

const app = path.join(root, 'app');
const files = new Map(
  readdirSync(app, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.'))
    .map((name) => [path.join(app, name), readFileSync(path.join(app, name), 'utf8')]),
);

/** Files of the pages that a file imports, lazily too; types alone do not count. */
function importsOf(file: string): string[] {
  const found = [...files.get(file)!.matchAll(/(?:^import (?!type )[^;]*?from|import\()\s*'(\.[^']+)'/gm)];
  return found.flatMap(([, name]) => {
    const base = path.join(path.dirname(file), name!);
    return [`${base}.tsx`, `${base}.ts`].filter((one) => files.has(one));
  });
}

const given = (file: string) =>
  [...files.get(file)!.matchAll(/<Words of=\{\[([^\]]*)\]\}/g)].flatMap(([, names]) =>
    [...names!.matchAll(/'(\w+)'/g)].map(([, name]) => name!),
  );

const pages = [...files.keys()].filter(
  (file) => /<Words of=/.test(files.get(file)!) && path.basename(file) !== 'layout.tsx',
);

/** What a page imports and does not show: the editors of questions stand beside the controls that reviewers answer with. */
const notShown: Record<string, readonly string[]> = { 'reviews/[id]/work/page.tsx': ['reviews'] };

test('there are pages', () => {
  expect(pages.length).toBeGreaterThan(15);
  expect(pages.every((file) => statSync(file).isFile())).toBe(true);
});

test.each(pages.map((file) => [path.relative(app, file), file]))(
  '%s gives the words that it needs',
  (name, file) => {
    const has = new Set(['common', 'errors', ...given(file), ...(notShown[name] ?? [])]);
    const seen = new Set([file]);
    const lacking = new Set<string>();
    for (const one of seen) {
      // What gives words itself is a page of its own here.
      if (one !== file && pages.includes(one)) continue;
      for (const [, namespace] of files.get(one)!.matchAll(/useTranslations\('(\w+)/g))
        if (!has.has(namespace!)) lacking.add(`${namespace} in ${path.relative(app, one)}`);
      for (const next of importsOf(one)) seen.add(next);
    }
    expect([...lacking]).toEqual([]);
  },
);
