import { expect, test } from 'vitest';
import { framePolicy, isEmbed } from './frames.mjs';

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
  const nobody = { 'content-security-policy': "frame-ancestors 'none'", 'x-frame-options': 'DENY' };
  expect(framePolicy(false, '')).toEqual(nobody);
  expect(framePolicy(false, 'https://a.example')).toEqual(nobody);
  expect(framePolicy(true, 'none')).toEqual(nobody);
  expect(framePolicy(true, '')).toEqual({});
  expect(framePolicy(true, 'https://a.example https://*.b.example')).toEqual({
    'content-security-policy': "frame-ancestors 'self' https://a.example https://*.b.example",
  });
});
