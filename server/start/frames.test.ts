import { expect, test } from 'vitest';
import { frameAncestors, isEmbed, isFromEmbed } from './frames.mjs';

test.each([
  ['/embed', '', true],
  ['/embed/', '', true],
  ['/embed?from=x', '', true],
  ['/studio/embed?_rsc=1', '/studio', true],
  ['/embedded', '', false],
  ['/embed/account', '', false],
  ['/embed/../account', '', false],
  ['/embed%2faccount', '', false],
  ['/embed;/account', '', false],
  ['/account?next=/embed', '', false],
  ['//embed', '', false],
  ['/', '', false],
])('%s below %j is the page for frames: %s', (url, base, expected) => {
  expect(isEmbed(url, base)).toBe(expected);
});

test('no page stands in a frame but the one that is made for it', () => {
  const nobody = ["frame-ancestors 'none'"];
  expect(frameAncestors(false, '')).toEqual(nobody);
  expect(frameAncestors(false, 'https://a.example')).toEqual(nobody);
  expect(frameAncestors(true, 'none')).toEqual(nobody);
  expect(frameAncestors(true, '')).toEqual([]);
  expect(frameAncestors(true, 'https://a.example https://*.b.example')).toEqual([
    "frame-ancestors 'self' https://a.example https://*.b.example",
  ]);
});

test.each([
  ['https://studio.example/embed', 'studio.example', '', true],
  ['http://localhost:3000/studio/embed?x', 'LOCALHOST:3000', '/studio', true],
  ['https://studio.example/', 'studio.example', '', false],
  ['https://evil.example/embed', 'studio.example', '', false],
  ['https://studio.example/embed', undefined, '', false],
  [undefined, 'studio.example', '', false],
  ['embed', 'studio.example', '', false],
])('what %s leads to, on %s, comes from the framed page: %s', (referer, host, base, expected) => {
  expect(isFromEmbed(referer, host, base)).toBe(expected);
});
