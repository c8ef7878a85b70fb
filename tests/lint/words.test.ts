import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import en from '../../app/_i18n/en';
import { root } from '../support/paths';

/**
 * Words that docs/glossary.md excludes, in what people read: the English pages, the messages in the code, and the
 * documentation. Names in code are no concern of it.
 */
interface OutWord {
  word: RegExp;
  instead: string;
  /** Where it is looked for; everywhere if left out. */
  only?: readonly Place[];
}
type Place = 'page' | 'message' | 'document';

const outWords: readonly OutWord[] = [
  { word: /\bpictures?\b/i, instead: 'image' },
  { word: /\bfigures?\b/i, instead: 'score, metric or value' },
  { word: /\bdata sets?\b/i, instead: 'dataset' },
  { word: /\bwho(m)?ever\b/i, instead: 'anyone who, the owner, the administrator' },
  { word: /\b(some|no|every|any)body\b/i, instead: 'someone, no one, everyone, anyone' },
  { word: /\bflag(s|ged|ging)?\b/i, instead: 'report', only: ['page'] },
  { word: /\bpolish(es|ed|er|ing)?\b/i, instead: 'expand, prompt expansion', only: ['page', 'message'] },
  { word: /\bis no (?!longer\b|more than\b|one\b)\w+/i, instead: 'is not a …, or doesn’t exist' },
  { word: /\b(good|there) no more\b/i, instead: 'no longer valid, no longer exists' },
  { word: /\b(takes?|lets?|brings?) no\b/i, instead: 'doesn’t support …' },
  { word: /\buntil one comes\b/i, instead: 'when one connects' },
  { word: /\bstands\b/i, instead: 'is, appears, belongs' },
  { word: /\b(go|goes|going|went) on\b/i, instead: 'continue, resume' },
  { word: /\b(begun|made|drawn) anew\b|\banew\b/i, instead: 'again' },
  { word: /\b(just now|at present)\b/i, instead: 'at the moment, currently' },
  { word: /\bthe like\b/i, instead: 'such as' },
  { word: /\b(broken off|begun)\b/i, instead: 'interrupted; started' },
];

/** Where such a word is needed: the place, the text, and why. */
const allowed: readonly { at: RegExp; text: RegExp; why: string }[] = [
  { at: /developers\.calls\.file/, text: /picture\.png/, why: 'the name of a file in the snippets' },
  {
    at: /examples-list\.ts/,
    text: /what do you see in this picture/,
    why: 'a question that nano was trained on',
  },
  { at: /^eval\/cli\//, text: /^--polish: /, why: 'the name of an option' },
  {
    at: /^eval\/(benchmarks|datasets|json)\//,
    text: /^[^A-Z]/,
    why: 'reasons of problems, which reports store beside an item: the same files give the same report',
  },
  {
    at: /^models\/nexus-gen-nano\/README\.md/,
    text: /^\| pictures of /,
    why: 'names of measurements in report.json',
  },
];

/** What of a text has an excluded word; no more than that, so that the failure names it. */
function wrongIn(place: Place, at: string, text: string): string[] {
  return outWords
    .filter(({ only }) => !only || only.includes(place))
    .flatMap(({ word, instead }) => {
      const found = word.exec(text);
      if (!found || allowed.some((one) => one.at.test(at) && one.text.test(text))) return [];
      const from = Math.max(0, found.index - 40);
      return [`${at}: “${text.slice(from, found.index + 60).replace(/\s+/g, ' ')}”: ${instead}`];
    });
}

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const under = (folder: string) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map(
    (name) => `${folder}/${name}`,
  );

type Tree = { [key: string]: string | Tree };
const flat = (tree: Tree, at: string): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${at}.${key}`, value] as [string, string]] : flat(value, `${at}.${key}`),
  );

/** A text for people, three words or more, and neither SQL nor the classes of an element. */
const isSaid = (text: string) =>
  /[A-Za-z]+ [A-Za-z’']+ [A-Za-z]+/.test(text) &&
  !/\b(SELECT|INSERT|UPDATE|DELETE|WHERE|JOIN|VALUES)\b/.test(text) &&
  !/(^|\s)(flex|grid|absolute|relative|text-\w+|[pm][xytblr]?-\d)(\s|$)/.test(text);

/** What a file of code says to people, by its place; the values in a template are left out. */
function messagesOf(file: string): [string, string][] {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const texts: [string, string][] = [];
  const visit = (node: ts.Node): void => {
    const text = ts.isStringLiteralLike(node)
      ? node.text
      : ts.isTemplateExpression(node)
        ? [node.head, ...node.templateSpans.map(({ literal }) => literal)].map((part) => part.text).join('…')
        : '';
    if (isSaid(text)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      texts.push([`${file}:${line + 1}`, text]);
    }
    node.forEachChild(visit);
  };
  visit(source);
  return texts;
}

/** The paragraphs, items and rows of a document, without its code and links. */
function proseOf(file: string): [string, string][] {
  const text = read(file)
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, '…')
    .replace(/\]\([^)]*\)/g, ']');
  return text.split(/\n\s*\n|\n(?=\||[-*] )/).map((part) => [file, part.trim()]);
}

test.each([
  ['page', 'The picture is here.'],
  ['page', 'Somebody flagged this.'],
  ['message', '“x” is no number and no range.'],
  ['message', 'Tell whoever runs it.'],
  ['message', 'This model has nobody who polishes prompts.'],
  ['document', 'Its figures stand in a data set.'],
  ['document', 'An earlier link is good no more.'],
] as const)('a %s does not say “%s”', (place, text) => {
  expect(wrongIn(place, 'x', text)).not.toEqual([]);
});

test('the English pages keep to the glossary', () => {
  const messages = flat(en, 'en');
  expect(messages.length).toBeGreaterThan(1000);
  expect(messages.flatMap(([at, text]) => wrongIn('page', at, text))).toEqual([]);
});

test.each(['app', 'server', 'eval', 'models/runtime'])(
  'the messages of %s keep to the glossary',
  (folder) => {
    const said = under(folder)
      .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !/\.test\.|\/generated\/|\/testing\//.test(file))
      .flatMap(messagesOf);
    expect(said.length).toBeGreaterThan(20);
    expect(said.flatMap(([at, text]) => wrongIn('message', at, text))).toEqual([]);
  },
);

test('the documentation keeps to the glossary', () => {
  const files = [...readdirSync(root), ...['app', 'server', 'eval', 'models', 'docs'].flatMap(under)].filter(
    (file) => file.endsWith('.md') && !/^CODE_OF_CONDUCT|^docs\/glossary/.test(file),
  );
  expect(files.length).toBeGreaterThan(15);
  expect(files.flatMap(proseOf).flatMap(([at, text]) => wrongIn('document', at, text))).toEqual([]);
}, 60_000);
