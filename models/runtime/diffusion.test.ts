import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeLatents, decoderCanvas, tokenCoordinates, tokenSide } from './diffusion';
import type { GraphSet } from './graphs/graph';
import { float32, floatsOf, type Tensor } from './graphs/tensor';
import { manifestSchema } from './manifest';

const nano = manifestSchema.parse(JSON.parse(readFileSync('models/nexus-gen-nano/manifest.json', 'utf8')));
const sides = Array.from({ length: 25 }, (_, i) => 128 + 16 * i);

describe('the canvas of a decoder that works at one scale', () => {
  it('is that scale for a square, whatever its size', () => {
    for (const side of sides)
      expect(decoderCanvas(nano, { width: side, height: side })).toEqual({ width: 252, height: 252 });
  });

  it('a token lies in the middle of its quarter of a cell in pictures of every size', () => {
    for (const width of sides)
      for (const height of sides) {
        const inner = decoderCanvas(nano, { width, height });
        const coordinates = floatsOf(tokenCoordinates(nano, inner, 'center_square'));
        for (const along of [coordinates[0]!, coordinates[1]!]) {
          const place = (((along * 18) % 1) + 1) % 1;
          expect(place, `${width} × ${height}`).toBeCloseTo(0.5, 3);
        }
      }
  });

  it('covers the picture, with less than two tokens to spare at each end', () => {
    for (const width of sides)
      for (const height of sides) {
        const inner = decoderCanvas(nano, { width, height });
        const scale = 252 / Math.min(width, height);
        for (const [own, asked] of [
          [inner.width, width * scale],
          [inner.height, height * scale],
        ] as const) {
          expect(own - asked).toBeGreaterThanOrEqual(-1e-9);
          expect(own - asked).toBeLessThan(2 * tokenSide(nano));
        }
      }
  });
});

describe('decoding', () => {
  /** Pixels are the latents. */
  const plain = {
    get: async () => ({ run: async ({ latents }: { latents: Tensor }) => ({ pixels: latents }) }),
  } as unknown as GraphSet;
  /** A vertical line at a column, white on black. */
  const line = (width: number, height: number, at: number) =>
    float32(
      Float32Array.from({ length: 3 * width * height }, (_, i) => (i % width === at ? 1 : 0)),
      [1, 3, height, width],
    );

  it('cuts off what the canvas has to spare, and does not stretch', async () => {
    const canvas = { width: 384, height: 256 };
    const inner = decoderCanvas(nano, canvas);
    expect(inner).toEqual({ width: 392, height: 252 });
    const scale = 256 / 252;
    const image = await decodeLatents(plain, nano, line(inner.width, inner.height, 70), canvas);
    expect([image.width, image.height]).toEqual([384, 256]);
    const row = Array.from({ length: 384 }, (_, x) => image.data[(128 * 384 + x) * 3]!);
    const brightest = row.indexOf(Math.max(...row));
    // Seven columns are cut off on the left.
    expect(Math.abs(brightest + 0.5 - (70.5 - 7) * scale)).toBeLessThan(1);
  });

  it('leaves a canvas of the picture’s own shape as it is', async () => {
    const image = await decodeLatents(plain, nano, line(252, 252, 100), { width: 252, height: 252 });
    expect(image.data[100 * 3]).toBe(255);
    expect(image.data[99 * 3]).toBe(0);
  });
});
