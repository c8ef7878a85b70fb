import { describe, expect, it } from 'vitest';
import { castFloat, float32, floatsOf, stack } from './tensor';

describe('half floats', () => {
  it.each([
    [0, 0],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2.5, 0xc100],
    [65504, 0x7bff],
    [65520, 0x7c00],
    [-Infinity, 0xfc00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
  ])('of %f are the bits of IEEE 754, halves rounded to even', (value, bits) => {
    expect([...castFloat(float32(Float32Array.of(value), [1]), 'float16').data]).toEqual([bits]);
  });

  it('all come back', () => {
    const data = Uint16Array.from({ length: 65536 }, (_, i) => i).filter(
      (half) => (half & 0x7c00) !== 0x7c00,
    );
    const floats = floatsOf({ dtype: 'float16', dims: [data.length], data });
    expect(castFloat(float32(floats, [data.length]), 'float16').data).toEqual(data);
  });
});

it('tensors stack along the first axis', () => {
  const [a, b] = [float32(Float32Array.of(1, 2), [1, 2]), float32(Float32Array.of(3, 4), [1, 2])];
  expect(stack([a, b])).toEqual(float32(Float32Array.of(1, 2, 3, 4), [2, 2]));
});
