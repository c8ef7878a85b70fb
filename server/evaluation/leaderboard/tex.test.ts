import { expect, test } from 'vitest';
import { markdownCell, texText } from './tex';

test.each([
  ['100 % of a_b & c#d', '100 \\% of a\\_b \\& c\\#d'],
  ['\\input{/etc/passwd}', '\\textbackslash{}input\\{/etc/passwd\\}'],
  [
    '$x^2$ ~ <y|z>',
    '\\$x\\textasciicircum{}2\\$ \\textasciitilde{} \\textless{}y\\textbar{}z\\textgreater{}',
  ],
  ['two\n\nlines', 'two lines'],
  ['模型 é', '模型 é'],
])('LaTeX takes %j for nothing but text', (text, expected) => {
  expect(texText(text)).toBe(expected);
});

test.each([
  ['a|b', 'a\\|b'],
  ['a\\|b', 'a\\\\\\|b'],
  ['*bold* _it_ `code` [x](y)', '\\*bold\\* \\_it\\_ \\`code\\` \\[x\\](y)'],
  ['<script>', '&lt;script\\>'],
  ['two\nlines', 'two lines'],
])('a cell of Markdown holds %j', (text, expected) => {
  expect(markdownCell(text)).toBe(expected);
});
