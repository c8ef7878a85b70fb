import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/paths';

/** What was built or made here, and is named for that. */
const made = /^server\/(app|chunks|platform\/db\/generated)\b/;
const read = [
  'app',
  'server',
  'eval',
  'models',
  'tests',
  'docs',
  'prisma/schema.prisma',
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
];
const files = read
  .flatMap((entry) =>
    /\./.test(entry)
      ? [entry]
      : readdirSync(path.join(root, entry), { recursive: true, encoding: 'utf8' }).map((file) =>
          path.join(entry, file),
        ),
  )
  .filter((file) => /\.(tsx?|mjs|md|prisma)$/.test(file) && !/node_modules|generated/.test(file));

test('files of the server that comments and documents name are there', () => {
  expect(files.length).toBeGreaterThan(500);
  const gone = files.flatMap((file) =>
    [...readFileSync(path.join(root, file), 'utf8').matchAll(/(?<![\w./@-])server\/[\w./-]+/g)]
      .map(([mention]) => mention.replace(/[./]+$/, ''))
      .filter((mention) => !made.test(mention))
      .filter((mention) => !['', '.ts', '.tsx'].some((end) => existsSync(path.join(root, mention + end))))
      .map((mention) => `${file}: ${mention}`),
  );
  expect(gone).toEqual([]);
});
