import type { Graph } from '../../runtime/graphs/graph';
import { float32, floatsOf } from '../../runtime/graphs/tensor';
import type { GraphName } from '../../runtime/manifest';
import { normals } from '../../runtime/random';

/** Latents on a side of what the VAE is shown, and of the coarse noise that most of it is. */
const side = 32;
const coarse = 8;
/** How many times it is shown something. */
const samples = 2;
/** Share of fine noise: latents of images change little from one to the next. */
const fine = 0.25;

/**
 * Colours of latents without the VAE: the linear map that comes nearest to what it makes of noise, by least squares. A pixel of the map
 * stands for all that the VAE makes of one latent.
 * @returns (channels + 1, 3): what each channel adds to red, green and blue (0 to 1), and what is always added
 */
export async function latentColors(vae: Graph<GraphName>, channels: number): Promise<Float32Array> {
  const terms = channels + 1;
  const products = Array.from({ length: terms }, () => new Float64Array(terms + 3));
  for (let sample = 0; sample < samples; sample++) {
    const latents = smoothNoise(channels, sample);
    const found = (await vae.run({ latents: float32(latents, [1, channels, side, side]) })).pixels!;
    const pixels = floatsOf(found);
    const scale = found.dims[3]! / side;
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const row = new Float64Array(terms + 3);
        for (let c = 0; c < channels; c++) row[c] = latents[(c * side + y) * side + x]!;
        row[channels] = 1;
        for (let c = 0; c < 3; c++) row[terms + c] = meanOf(pixels, { c, x, y, scale });
        for (let i = 0; i < terms; i++)
          for (let j = 0; j < terms + 3; j++) products[i]![j]! += row[i]! * row[j]!;
      }
  }
  return solved(products);
}

/** Coarse noise, drawn large, with a little fine noise on it; of a variance of 1, as latents have. */
function smoothNoise(channels: number, seed: number): Float32Array {
  const large = normals(2 * seed, channels * coarse ** 2);
  const small = normals(2 * seed + 1, channels * side ** 2);
  const [ofLarge, ofSmall] = [Math.sqrt(1 - fine ** 2), fine];
  const each = side / coarse;
  return small.map((value, i) => {
    const [c, y, x] = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
    const at = (c * coarse + Math.floor(y / each)) * coarse + Math.floor(x / each);
    return ofLarge * large[at]! + ofSmall * value;
  });
}

/** Of one colour over the pixels of one latent. */
function meanOf(
  pixels: Float32Array,
  { c, x, y, scale }: { c: number; x: number; y: number; scale: number },
): number {
  const width = side * scale;
  let sum = 0;
  for (let i = 0; i < scale; i++)
    for (let j = 0; j < scale; j++) sum += pixels[(c * width + y * scale + i) * width + x * scale + j]!;
  return sum / scale ** 2;
}

/** Gauss–Jordan elimination of normal equations (terms, terms + 3), which are positive definite; they are changed. */
function solved(rows: readonly Float64Array[]): Float32Array {
  const terms = rows.length;
  for (let i = 0; i < terms; i++) {
    const pivot = rows[i]!;
    const by = pivot[i]!;
    for (let j = i; j < terms + 3; j++) pivot[j]! /= by;
    for (const [k, row] of rows.entries()) {
      const factor = row[i]!;
      if (k !== i) for (let j = i; j < terms + 3; j++) row[j]! -= factor * pivot[j]!;
    }
  }
  return Float32Array.from(rows.flatMap((row) => [...row.subarray(terms)]));
}
