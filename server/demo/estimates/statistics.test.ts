import { expect, test } from 'vitest';
import { predict, type Measured } from './predict';
import { waitingTime } from './service';
import { fitLine, quantile, rangeOfSame, restOf, sumOf, zero } from './statistics';
import { workKey, type Work } from './work';

/** mulberry32: the same numbers at every run. */
function seeded(seed: number) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
const normal = (random: () => number) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const picture = (steps: number, size = 256, guided = true): Work => ({
  ...{ task: 'generate', decoder: null, width: size, height: size },
  steps,
  guided,
});

test('quantiles lie between neighbours', () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  expect(quantile([1, 2, 3], 0)).toBe(1);
  expect(quantile([1, 2, 3], 1)).toBe(3);
});

test('a range of many times leaves out a twentieth at each end', () => {
  const range = rangeOfSame(Array.from({ length: 99 }, (_, i) => i + 1));
  expect(range).toEqual({ low: 5, mid: 50, high: 95 });
});

test('a range of few is wider, of one wider still, of none is none', () => {
  const width = (times: number[]) => {
    const range = rangeOfSame(times);
    return range ? range.high / range.low : NaN;
  };
  expect(rangeOfSame([])).toBeNull();
  expect(width([100])).toBeGreaterThan(width([98, 100, 102, 100]));
  expect(width([98, 100, 102, 100])).toBeGreaterThan(1.1);
  expect(rangeOfSame([100, 100, 100])).toMatchObject({ mid: expect.closeTo(100, 6) });
});

test('a line is found, and neither end of it is negative', () => {
  const line = fitLine([1, 2, 3, 4].map((amount) => ({ amount, ms: 10 + 5 * amount })));
  expect(line).toMatchObject({ a: expect.closeTo(10, 6), b: expect.closeTo(5, 6), n: 4 });
  expect(fitLine([{ amount: 3, ms: 5 }])).toBeNull();
  expect(fitLine([1, 2, 3].map((amount) => ({ amount, ms: 10 - amount })))?.b).toBe(0);
  expect(fitLine([1, 2, 3].map((amount) => ({ amount, ms: 10 * amount - 5 })))?.a).toBe(0);
});

test('a sum has the sum of the middles, and is relatively narrower than its parts', () => {
  const one = { low: 80, mid: 100, high: 130 };
  expect(sumOf([{ range: one, count: 1 }])).toEqual({
    low: expect.closeTo(80, 6),
    mid: 100,
    high: expect.closeTo(130, 6),
  });
  const ten = sumOf([{ range: one, count: 10 }], 0);
  expect(ten).toEqual({ low: 1000 - Math.sqrt(10) * 20, mid: 1000, high: 1000 + Math.sqrt(10) * 30 });
  expect(sumOf([{ range: one, count: 10 }], 1).high).toBeCloseTo(1300, 6);
  expect(sumOf([])).toEqual(zero);
});

test('what is left never ends before now, nor is it nothing', () => {
  const range = { low: 80, mid: 100, high: 120 };
  expect(restOf(range, 50)).toEqual({ low: 30, mid: 50, high: 70 });
  expect(restOf(range, 500)).toEqual({ low: 0, mid: 5, high: 10 });
});

test('waiting: a free worker takes it at once, else all that is ahead over the workers', () => {
  const one = { low: 100, mid: 100, high: 100 };
  expect(waitingTime([], [], 1)).toEqual(zero);
  expect(waitingTime([], [one], 2)).toEqual(zero);
  expect(waitingTime([], [one], 1)).toEqual(one);
  expect(waitingTime([{ range: one, count: 3 }], [one], 2).mid).toBe(200);
});

test('work of another size is told by a line through what was measured', () => {
  const measured: Measured[] = [2, 4, 8].flatMap((steps) => [
    { work: picture(steps), ms: 100 + steps * 50 },
    { work: picture(steps, 128), ms: 100 + steps * 12.5 },
  ]);
  const range = predict(picture(16), measured);
  expect(range?.mid).toBeCloseTo(900, 0);
  expect(range?.low).toBeLessThan(900);
  expect(predict(picture(16, 256, false), measured)?.mid).toBeCloseTo(500, 0);
  expect(predict(picture(4), [])).toBeNull();
  expect(predict({ task: 'understand', maxNewTokens: 8, tokens: null }, measured)).toBeNull();
});

test('an answer takes no longer than its longest would', () => {
  const answers: Measured[] = Array.from({ length: 30 }, (_, i) => ({
    work: { task: 'understand', maxNewTokens: 64, tokens: 10 + i },
    ms: 100 + 10 * (10 + i),
  }));
  const range = predict({ task: 'understand', maxNewTokens: 5, tokens: null }, answers);
  expect(range?.high).toBeLessThan(220);
});

test('coverage: at least four of five of 800 jobs of changing work fall in their range', () => {
  const random = seeded(1);
  let measured: Measured[] = [];
  let [inside, told, widths] = [0, 0, 0];
  for (let i = 0; i < 800; i++) {
    const work = picture(1 + Math.floor(random() * 20), [64, 128, 256][Math.floor(random() * 3)]);
    const amount = work.task === 'understand' ? 0 : work.steps * work.width * work.height * 2;
    // A tenth of noise, and now and then a slow one.
    const slow = random() < 0.03 ? 1.5 : 1;
    const ms = (120 + amount * 4e-4) * Math.exp(0.1 * normal(random)) * slow;
    const range = predict(work, measured);
    if (range) {
      told++;
      widths += range.high / range.low;
      if (ms >= range.low && ms <= range.high) inside++;
    }
    measured = [{ work, ms, key: workKey(work) }, ...measured].slice(0, 200);
  }
  expect(told).toBe(799);
  expect(inside / told).toBeGreaterThan(0.85);
  expect(inside / told).toBeLessThan(0.97);
  expect(widths / told).toBeLessThan(2);
}, 30_000);

test('coverage while the machine gets slower and faster: the range follows, and is narrower than all that was seen', () => {
  const random = seeded(3);
  let measured: Measured[] = [];
  const widths: number[] = [];
  let [inside, told, pace] = [0, 0, 0];
  for (let i = 0; i < 800; i++) {
    // Minutes of calm, minutes of a machine that is up to six times as slow.
    pace += 0.12 * normal(random);
    pace = Math.min(Math.max(pace, 0), 1.8);
    const work = picture(1 + Math.floor(random() * 8), [64, 128, 256][Math.floor(random() * 3)]);
    const amount = work.task === 'understand' ? 0 : work.steps * work.width * work.height * 2;
    const ms = (120 + amount * 4e-4) * Math.exp(pace + 0.08 * normal(random));
    const range = i > 50 ? predict(work, measured) : null;
    if (range) {
      told++;
      widths.push(range.high / range.low);
      if (ms >= range.low && ms <= range.high) inside++;
    }
    measured = [{ work, ms, key: workKey(work) }, ...measured].slice(0, 200);
  }
  expect(inside / told).toBeGreaterThan(0.83);
  // All that was seen spans a factor of six.
  expect(
    quantile(
      widths.sort((x, y) => x - y),
      0.5,
    ),
  ).toBeLessThan(3);
}, 30_000);

test('coverage of a queue of many: the sum of its jobs falls in the combined range', () => {
  const random = seeded(2);
  const draw = () => 300 * Math.exp(0.15 * normal(random));
  const measured = Array.from({ length: 60 }, () => ({ work: picture(4), ms: draw() }));
  const one = predict(picture(4), measured) ?? zero;
  let inside = 0;
  for (let i = 0; i < 1000; i++) {
    const ahead = 1 + Math.floor(random() * 15);
    const range = sumOf([{ range: one, count: ahead }]);
    const total = Array.from({ length: ahead }, draw).reduce((a, b) => a + b, 0);
    if (total >= range.low && total <= range.high) inside++;
  }
  expect(inside / 1000).toBeGreaterThan(0.85);
});

test('guidance, size, steps and decoder make another work; tokens of the answer do not', () => {
  const keys = [picture(4), picture(5), picture(4, 128), picture(4, 256, false)].map(workKey);
  expect(new Set(keys).size).toBe(4);
  const answer = { task: 'understand', maxNewTokens: 8 } as const;
  expect(workKey({ ...answer, tokens: 3 })).toBe(workKey({ ...answer, tokens: null }));
});
