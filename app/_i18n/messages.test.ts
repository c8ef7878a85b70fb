import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { chooseLocale, locales } from './locale';
import en from './en';
import { messagesOf } from './messages';

type Tree = { [key: string]: string | Tree };

/** Every message by its path. */
const flat = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${path}${key}`, value] as [string, string]]
      : flat(value, `${path}${key}.`),
  );
const keys = (tree: Tree) => flat(tree).map(([path]) => path);

/** The names that a message takes and the tags that it has, without what stands in plurals. */
const holes = (text: string) =>
  [...new Set([...text.matchAll(/\{(\w+)[,}]|<(\w+)>/g)].map((match) => match[1] ?? match[2]))].sort();

const others = locales.filter((locale) => locale !== 'en');

test('languages without an entry have no folder', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  );
  expect(folders.map(({ name }) => name).sort()).toEqual([...locales].sort());
});

test.each(others)('%s has the messages of English', async (locale) => {
  expect(keys(await messagesOf(locale)).sort()).toEqual(keys(en).sort());
});

test.each(others)('%s takes the same values as English', async (locale) => {
  const there = new Map(flat(await messagesOf(locale)));
  for (const [path, text] of flat(en))
    expect([path, holes(there.get(path) ?? '')]).toEqual([path, holes(text)]);
});

test.each([
  [undefined, null, 'en'],
  ['zh', 'en', 'zh'],
  ['xx', 'zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
  [undefined, 'xx, zh;q=0.5, en;q=0.7', 'en'],
  [undefined, 'zh;q=0, fr', 'en'],
  ['"; drop table', '*', 'en'],
])('cookie %j and languages %j give %s', (cookie, header, expected) => {
  expect(chooseLocale(cookie, header)).toBe(expected);
});

test('every reason that the server gives has words', () => {
  const server = path.join(import.meta.dirname, '../../server');
  const files = readdirSync(server, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.includes('.test.') && !/^(db.generated|evaluation)/.test(name),
  );
  const reasons = files.flatMap((name) =>
    [...readFileSync(path.join(server, name), 'utf8').matchAll(/reason: '([A-Z_]+)'/g)].map(
      (m) => m[1] ?? '',
    ),
  );
  expect(reasons.length).toBeGreaterThan(10);
  const known: object = { ...en.errors, ...en.grid.errors };
  expect([...new Set(reasons)].filter((reason) => !(reason in known))).toEqual([]);
});
