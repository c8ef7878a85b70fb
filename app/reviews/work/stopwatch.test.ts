import { expect, test } from 'vitest';
import { createStopwatch, paceOf } from './stopwatch';

test('counts while an item is shown and somebody may look', () => {
  let time = 0;
  const watch = createStopwatch(() => time);
  watch.show('a');
  time = 100;
  expect(watch.read('a')).toBe(100);
  watch.look(false);
  time = 900;
  watch.look(true);
  time = 950;
  watch.show('b');
  time = 1000;
  expect([watch.read('a'), watch.read('b')]).toEqual([150, 50]);
  watch.show('a');
  time = 1010;
  expect(watch.read('a')).toBe(160);
  watch.show(null);
  time = 2000;
  watch.show('b');
  expect([watch.read('a'), watch.read('b')]).toEqual([160, 50]);
});

test('an item that comes while nobody looks is counted from when somebody does', () => {
  let time = 0;
  const watch = createStopwatch(() => time);
  watch.show('a');
  watch.look(false);
  watch.show('b');
  time = 500;
  watch.look(true);
  time = 520;
  expect(watch.read('b')).toBe(20);
});

test('the pace is the middle of the latest, and nothing before there are three', () => {
  expect(paceOf([1, 2])).toBeNull();
  expect(paceOf([1, 90_000, 3])).toBe(3);
  expect(paceOf([...Array.from({ length: 30 }, () => 1), ...Array.from({ length: 20 }, () => 7)])).toBe(7);
});
