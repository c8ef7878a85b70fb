import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { differences, differenceTable } from './fidelity';

test('the README has the table of the code', async () => {
  const readme = await readFile(path.join(import.meta.dirname, '../README.md'), 'utf8');
  const section = readme.split('## Where this differs from the published scripts')[1]!.split('\n## ')[0]!;
  const rows = section
    .split('\n')
    .filter((line) => /^\|(?! -)/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows).toEqual(differenceTable());
});

test('what was measured is a column once there is something', () => {
  const [first, second] = differences as [(typeof differences)[0], (typeof differences)[0]];
  expect(differenceTable([{ ...first, measured: '1e-4' }, second]).map((row) => row[3])).toEqual([
    ...['measured difference', '1e-4', 'not measured'],
  ]);
});
