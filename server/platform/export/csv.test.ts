import { expect, test } from 'vitest';
import { csvLine, escapeFormulas } from './csv';

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])('%j is made harmless', (text) => {
  expect(escapeFormulas(text)).toBe(`'${text}`);
});

test.each(['', 'two = three', 'a-b', '1', "'=1"])('%j stays as it is', (text) => {
  expect(escapeFormulas(text)).toBe(text);
});

test('a line: quotes, line breaks, figures, times in UTC, nothing', () => {
  const line = csvLine([
    ...['a "quoted" word', 'two\nlines', '=HYPERLINK("http://x")', -1.5, true, null, undefined, ''],
    new Date('2026-11-21T10:00:00+02:00'),
  ]);
  expect(line).toBe(
    `"a ""quoted"" word","two\nlines","'=HYPERLINK(""http://x"")",-1.5,true,,,,2026-11-21T08:00:00.000Z\r\n`,
  );
});

test('a carriage return inside a cell does not end the line', () => {
  expect(csvLine(['a\rb', 'c'])).toBe('"a\rb",c\r\n');
});
