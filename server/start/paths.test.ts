import { expect, test } from 'vitest';
import { buildFolder, withBase } from './paths.mjs';

test.each([
  ['/', '/studio'],
  ['/?a=/b', '/studio?a=/b'],
  ['/studio', '/studio'],
  ['/studio/', '/studio'],
  ['/studio/?a=1', '/studio?a=1'],
  ['/studio/runs?a=1', '/studio/runs?a=1'],
  ['/runs', '/studio/runs'],
  ['/studios', '/studio/studios'],
  ['/api/trpc/demo.list?input=%2Fstudio', '/studio/api/trpc/demo.list?input=%2Fstudio'],
  ['//evil.test/studio', '/studio//evil.test/studio'],
  ['*', '*'],
])('%s below /studio is %s', (url, expected) => expect(withBase(url, '/studio')).toBe(expected));

test.each(['/', '/runs/', '/studio'])('%s at the root is as it came', (url) => {
  expect(withBase(url, undefined)).toBe(url);
  expect(withBase(url, '')).toBe(url);
});

test('each base has a folder of its own', () => {
  const folders = [undefined, '/studio', '/a/b', '/a~b', '/a-b'].map(buildFolder);
  expect(folders[0]).toBe('.next');
  expect(new Set(folders).size).toBe(folders.length);
  for (const folder of folders) expect(folder).toMatch(/^\.next[^/]*$/);
});
