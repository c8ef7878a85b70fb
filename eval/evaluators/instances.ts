/**
 * From the outputs of a Mask2Former to instances, as GenEval gets them from mmdetection 2: every query in every class,
 * the best `limit` of these pairs by class probability; mask logits to the padded size, without the padding, to the
 * size of the image; score = class probability × mean probability of the pixels whose logit is positive.
 * Source: mmdet 2, maskformer_fusion_head.py (`instance_postprocess`, `simple_test`), mask2former_head.py
 * (`simple_test`), core/mask/utils.py (`mask2bbox`).
 */
import type { Detection } from './types';

export interface Size {
  width: number;
  height: number;
}

export interface RawDetections {
  queries: number;
  /** Without "no object", the last logit of each query. */
  classes: number;
  /** (queries, classes + 1) */
  classLogits: Float32Array;
  /** (queries, maskHeight, maskWidth) */
  maskLogits: Float32Array;
  maskWidth: number;
  maskHeight: number;
}

export interface Sizes {
  /** Of the detector's input. */
  padded: Size;
  /** Of the picture in it, at the top left. */
  content: Size;
  /** Of the picture before it was resized. */
  original: Size;
}

type Instance = Omit<Detection, 'className'>;

/**
 * @param options.limit pairs of query and class that are kept
 * @param options.minScore instances with this score or less, in 32 bits, are left out; 0 keeps all
 * @returns by falling score, in 32 bits as mmdetection's; equal scores in the order of queries, then classes
 */
export function instances(
  raw: RawDetections,
  sizes: Sizes,
  options: { limit: number; minScore: number },
): Instance[] {
  const { queries, classes, maskWidth, maskHeight, maskLogits } = raw;
  const { fround } = Math;
  const kept = (score: number) => options.minScore === 0 || score > fround(options.minScore);
  const probabilities = classProbabilities(raw);
  const pairs = Array.from({ length: queries * classes }, (_, pair) => pair)
    .sort((a, b) => probabilities[b]! - probabilities[a]! || a - b)
    .slice(0, options.limit)
    // The mask can only lower the score: the costly part below is for those that can still count.
    .filter((pair) => kept(probabilities[pair]!));
  const area = maskWidth * maskHeight;
  const masks = new Map<number, Mask>();
  const found: Instance[] = [];
  for (const pair of pairs) {
    const query = Math.floor(pair / classes);
    const logits = maskLogits.subarray(query * area, (query + 1) * area);
    const mask = masks.get(query) ?? maskOf(logits, { width: maskWidth, height: maskHeight }, sizes);
    masks.set(query, mask);
    const score = fround(probabilities[pair]! * mask.probability);
    if (kept(score)) found.push({ classIndex: pair % classes, score, box: [...mask.box], mask: mask.pixels });
  }
  return found.sort((a, b) => b.score - a.score);
}

/** Softmax over the classes and "no object", the latter left out: (queries, classes). */
function classProbabilities({ queries, classes, classLogits }: RawDetections): Float32Array {
  const out = new Float32Array(queries * classes);
  for (let query = 0; query < queries; query++) {
    const logits = classLogits.subarray(query * (classes + 1), (query + 1) * (classes + 1));
    const highest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
    for (let c = 0; c < classes; c++) out[query * classes + c] = Math.exp(logits[c]! - highest) / total;
  }
  return out;
}

interface Mask {
  pixels: Uint8Array;
  /** Mean over the pixels of the mask, 0 for an empty one. */
  probability: number;
  /** All 0 for an empty mask. */
  box: [number, number, number, number];
}

function maskOf(logits: Float32Array, size: Size, { padded, content, original }: Sizes): Mask {
  const large = interpolate(logits, size, padded);
  const final = interpolate(cropTopLeft(large, padded, content), content, original);
  const { width, height } = original;
  const pixels = new Uint8Array(width * height);
  let [left, top, right, bottom] = [width, height, 0, 0];
  let [sum, count] = [0, 0];
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const logit = final[i]!;
      if (!(logit > 0)) continue;
      pixels[i] = 1;
      sum += 1 / (1 + Math.exp(-logit));
      count += 1;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  return {
    pixels,
    probability: Math.fround(sum / (count + 1e-6)),
    box: count === 0 ? [0, 0, 0, 0] : [left, top, right, bottom],
  };
}

function cropTopLeft(values: Float32Array, size: Size, to: Size): Float32Array {
  if (size.width === to.width && size.height === to.height) return values;
  const out = new Float32Array(to.width * to.height);
  for (let y = 0; y < to.height; y++)
    out.set(values.subarray(y * size.width, y * size.width + to.width), y * to.width);
  return out;
}

/** `F.interpolate(mode='bilinear', align_corners=False)` of torch, positions in its 32-bit floats. */
function interpolate(values: Float32Array, from: Size, to: Size): Float32Array {
  if (from.width === to.width && from.height === to.height) return values;
  const columns = positions(from.width, to.width);
  const rows = positions(from.height, to.height);
  const out = new Float32Array(to.width * to.height);
  for (let y = 0, i = 0; y < to.height; y++) {
    const above = rows.first[y]! * from.width;
    const below = rows.second[y]! * from.width;
    const b = rows.weight[y]!;
    for (let x = 0; x < to.width; x++, i++) {
      const left = columns.first[x]!;
      const right = columns.second[x]!;
      const r = columns.weight[x]!;
      out[i] =
        (1 - b) * ((1 - r) * values[above + left]! + r * values[above + right]!) +
        b * ((1 - r) * values[below + left]! + r * values[below + right]!);
    }
  }
  return out;
}

function positions(inSize: number, outSize: number) {
  const { fround } = Math;
  const scale = fround(inSize / outSize);
  const first = new Int32Array(outSize);
  const second = new Int32Array(outSize);
  const weight = new Float32Array(outSize);
  for (let out = 0; out < outSize; out++) {
    const position = Math.max(0, fround(fround(scale * (out + 0.5)) - 0.5));
    first[out] = Math.min(Math.floor(position), inSize - 1);
    second[out] = Math.min(first[out]! + 1, inSize - 1);
    weight[out] = position - first[out]!;
  }
  return { first, second, weight };
}
