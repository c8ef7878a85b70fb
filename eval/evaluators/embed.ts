import {
  float32,
  floatsOf,
  ModelError,
  output,
  type Feeds,
  type RgbImage,
  type Tensor,
} from '../../models/runtime';
import { squarePixels, type SquareRecipe } from '../metrics/preprocess';

/** Images or texts of one call of a graph; more gain nothing on a CPU and cost memory. */
const batchSize = 16;

/**
 * `embedImages` of an evaluator.
 * @param encoder its graph, which takes `pixel_values` (n, 3, crop, crop) and gives `image_embeds` (n, d)
 */
export const imageEmbedder =
  (encoder: () => Promise<{ run: (feeds: Feeds) => Promise<Feeds> }>, recipe: SquareRecipe) =>
  async (images: readonly RgbImage[]): Promise<Float32Array[]> => {
    const graph = await encoder();
    return inBatches(images, async (batch) => {
      const outputs = await graph.run({ pixel_values: pixelsOf(batch, recipe) });
      return unitRows(output(outputs, 'image_embeds'), batch.length);
    });
  };

interface Pixels {
  /** As JSON. */
  recipe: string;
  images: readonly RgbImage[];
  tensor: Tensor;
}

/** What was last made of the batch that begins with a picture, for as long as that picture is in use. */
const lastPixels = new WeakMap<RgbImage, Pixels>();

/**
 * (n, 3, crop, crop). Evaluators of one family take the same pixels of the same pictures one after the other, and
 * resizing takes as long as a small graph.
 */
function pixelsOf(images: readonly RgbImage[], recipe: SquareRecipe): Tensor {
  const name = JSON.stringify(recipe);
  const last = lastPixels.get(images[0]!);
  const same = last?.images.length === images.length && last.images.every((one, i) => one === images[i]);
  if (same && last.recipe === name) return last.tensor;
  const size = 3 * recipe.crop * recipe.crop;
  const pixels = new Float32Array(images.length * size);
  images.forEach((image, i) => squarePixels(image, recipe, pixels.subarray(i * size, (i + 1) * size)));
  const tensor = float32(pixels, [images.length, 3, recipe.crop, recipe.crop]);
  lastPixels.set(images[0]!, { recipe: name, images, tensor });
  return tensor;
}

/** The results of all batches, in order. */
export async function inBatches<T, R>(
  items: readonly T[],
  work: (batch: readonly T[]) => Promise<R[]>,
): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += batchSize)
    results.push(...(await work(items.slice(at, at + batchSize))));
  return results;
}

/**
 * The rows of a (rows, d) tensor, each divided by its length.
 * @throws ModelError `graph_failed` for other dims, or for a row that has no direction (zero or not finite)
 */
export function unitRows(tensor: Tensor, rows: number): Float32Array[] {
  const [n, width] = tensor.dims;
  if (tensor.dims.length !== 2 || n !== rows || !width)
    throw new ModelError('graph_failed', `An encoder gave ${tensor.dims.join('×')} for ${rows} inputs.`);
  const values = floatsOf(tensor);
  return Array.from({ length: rows }, (_, row) => unit(values.subarray(row * width, (row + 1) * width)));
}

/**
 * The vector divided by its length, summed in 64 bits.
 * @throws ModelError `graph_failed` for a vector that is zero or not finite
 */
export function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (!Number.isFinite(length) || length === 0)
    throw new ModelError('graph_failed', 'An encoder gave an embedding that is zero or not finite.');
  return vector.map((value) => value / length);
}

/** The cosine of two vectors of length 1, −1 to 1. @throws RangeError for vectors of different widths */
export function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new RangeError(`Vectors of ${a.length} and ${b.length} have no cosine.`);
  const dot = a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  return Math.min(1, Math.max(-1, dot));
}
