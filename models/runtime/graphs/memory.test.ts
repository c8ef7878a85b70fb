import { totalmem } from 'node:os';
import { expect, test } from 'vitest';
import { deviceMemory, sizeText, parseMemory } from './memory';

test.each([
  ['24GB', 24e9],
  ['16.5 GiB', 16.5 * 2 ** 30],
  [' 800mb ', 800e6],
  ['0.5GB', 5e8],
  ['0GB', null],
  ['24', null],
  ['-1GB', null],
  ['1TB', null],
  ['1e3GB', null],
  ['', null],
])('%s', (text, bytes) => {
  expect(parseMemory(text)).toBe(bytes);
});

test('sizes as people read them', () => {
  expect(sizeText(23.8e9)).toBe('23.80 GB');
  expect(sizeText(30e6)).toBe('30.0 MB');
});

test('of the CPU most of the machine may be used, of an unknown device nobody knows', async () => {
  const memory = await deviceMemory('cpu');
  expect(memory).toBeGreaterThan(1e8);
  expect(memory).toBeLessThan(totalmem());
  expect(await deviceMemory('webgpu')).toBe(Infinity);
});
