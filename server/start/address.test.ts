import { expect, test } from 'vitest';
import { clientAddress } from './address.mjs';

test.each([
  ['203.0.113.5', undefined, 0, '203.0.113.5'],
  ['::ffff:203.0.113.5', undefined, 0, '203.0.113.5'],
  ['2001:db8:1:2:3:4:5:6', undefined, 0, '2001:db8:1:2::/64'],
  // Without a proxy of ours the header is anybody's word.
  ['203.0.113.5', '198.51.100.1', 0, '203.0.113.5'],
  ['10.0.0.1', '198.51.100.1', 1, '198.51.100.1'],
  // What the client wrote itself stands before what our proxy saw.
  ['10.0.0.1', '1.2.3.4, 198.51.100.1', 1, '198.51.100.1'],
  ['10.0.0.1', '1.2.3.4, 198.51.100.1, 10.0.0.2', 2, '198.51.100.1'],
  ['10.0.0.1', '198.51.100.1', 3, '198.51.100.1'],
  ['10.0.0.1', 'nonsense', 1, '10.0.0.1'],
  ['10.0.0.1', '198.51.100.1:5080', 1, '198.51.100.1'],
  ['10.0.0.1', '[2001:db8::1]:443', 1, '2001:db8::/64'],
  [undefined, undefined, 0, null],
])('socket %s, forwarded for %s, %i proxies: %s', (socket, header, proxies, expected) => {
  expect(clientAddress(socket, header, proxies)).toBe(expected);
});
