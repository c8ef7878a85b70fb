/**
 * The pixel half: a flow-match Euler loop over a decoder graph. Latents are (b, channels, H/downsample,
 * W/downsample); σ = 1 is noise, σ = 0 the picture; a decoder gives the velocity, so x ← x + (σ' − σ)·v.
 */
import { output, type Feeds, type Graph, type GraphSet } from './graphs/graph';
import { float32, floatsOf, stack, type Tensor } from './graphs/tensor';
import { cropCenter, resize } from './image/resample';
import type { Manifest } from './manifest';
import { normals } from './random';
import { sigmas } from './scheduler';
import type { Decoder, RgbImage } from './types';

export interface Canvas {
  width: number;
  height: number;
}

/** One picture in the loop. Conditions are feeds of batch 1, e.g. `cond (1, n, C)`. */
export interface Sample {
  seed: number;
  guidance: number;
  positive: Feeds;
  /** Null where guidance is 1. */
  negative: Feeds | null;
  /** False once nobody waits for it any more; it then leaves the batch. */
  wanted: () => boolean;
  /** After each step; `estimate` gives latents (1, channels, h, w) as they would be if the velocity stayed the same. */
  onStep: (step: number, estimate: () => Tensor) => Promise<void>;
}

/**
 * The canvas that the decoder works on: the one asked for, or, where the model denoises at one scale
 * (`latents.short_side`), that scale. Its longer side then has as many whole decoder tokens as the picture needs, an even
 * number more than the shorter one has: half of them stand at each end, so that the tokens of the square in the middle
 * lie where those of a square picture do.
 */
export function decoderCanvas(manifest: Manifest, canvas: Canvas): Canvas {
  const { short_side } = manifest.latents;
  if (short_side === undefined) return canvas;
  const token = tokenSide(manifest);
  const scale = short_side / Math.min(canvas.width, canvas.height);
  // Rounding errors make no further tokens.
  const along = (length: number) =>
    short_side + 2 * token * Math.ceil((length * scale - short_side) / (2 * token) - 1e-6);
  return { width: along(canvas.width), height: along(canvas.height) };
}

/** Side of a decoder token in pixels. */
export function tokenSide(manifest: Manifest): number {
  return manifest.latents.downsample * manifest.latents.patch;
}

/**
 * Runs the loop over samples of one size and number of steps, in one batch where the graph allows it.
 * @param canvas the picture that was asked for
 * @param noiseOf where a sample begins
 * @returns each sample's latents (1, channels, h, w), or null for one that was no longer wanted
 */
export async function denoise(
  graphs: GraphSet,
  manifest: Manifest,
  decoder: Decoder,
  canvas: Canvas,
  steps: number,
  samples: readonly Sample[],
  noiseOf: (sample: Sample, size: number) => Float32Array = ({ seed }, size) => normals(seed, size),
): Promise<(Tensor | null)[]> {
  const graph = await graphs.get(decoder === 'editing' ? 'editing_decoder' : 'generation_decoder');
  const { channels, downsample } = manifest.latents;
  const inner = decoderCanvas(manifest, canvas);
  const dims = [1, channels, inner.height / downsample, inner.width / downsample] as const;
  const size = dims[1] * dims[2] * dims[3];
  const levels = sigmas(manifest.scheduler, steps);
  const latents = samples.map((sample) => noiseOf(sample, size));
  const shared: Feeds = {};
  if ('img_ids' in graph.spec.inputs) shared.img_ids = imageIds(manifest, inner);
  const rows =
    'modulation' in graph.spec.inputs
      ? await modulations(graphs, decoder, [...levels].slice(0, steps))
      : null;
  for (let step = 0; step < steps; step++) {
    const sigma = levels[step]!;
    if (rows) shared.modulation = rows[step]!;
    // Lets messages in, a cancel among them: run() blocks the event loop.
    await new Promise(setImmediate);
    const active = samples.flatMap((sample, i) => (sample.wanted() ? [i] : []));
    if (active.length === 0) break;
    const branches = active.flatMap((i) => {
      const { positive, negative } = samples[i]!;
      return (negative ? [positive, negative] : [positive]).map((condition) => ({ i, condition }));
    });
    const results = await velocities(
      graph,
      manifest,
      sigma,
      branches.map(({ i, condition }) => ({ ...condition, latents: float32(latents[i]!, dims) })),
      shared,
    );
    for (const i of active) {
      const own = results.filter((_, branch) => branches[branch]!.i === i);
      const velocity = guide(own[0]!, own[1], samples[i]!.guidance);
      const x = latents[i]!;
      const estimate = () => float32(addScaled(x, velocity, -sigma), dims);
      const following = addScaled(x, velocity, levels[step + 1]! - sigma);
      await samples[i]!.onStep(step + 1, estimate);
      latents[i] = following;
    }
  }
  return samples.map((sample, i) => (sample.wanted() ? float32(latents[i]!, dims) : null));
}

/**
 * What a decoder needs to know of each noise level, (1, numbers) each. A quarter of the weights of FLUX makes this; they are let
 * go once it is made.
 */
async function modulations(graphs: GraphSet, decoder: Decoder, levels: readonly number[]): Promise<Tensor[]> {
  const name = decoder === 'editing' ? 'editing_modulation' : 'generation_modulation';
  const timestep = float32(Float32Array.from(levels), [levels.length]);
  const made = floatsOf(output(await graphs.borrow(name, (graph) => graph.run({ timestep })), 'modulation'));
  const width = made.length / levels.length;
  return levels.map((_, step) => float32(made.subarray(step * width, (step + 1) * width), [1, width]));
}

/** Latents (1, channels, h, w) to 8-bit pixels of the size asked for; what their canvas has to spare is cut off. */
export async function decodeLatents(
  graphs: GraphSet,
  manifest: Manifest,
  latents: Tensor,
  canvas: Canvas,
): Promise<RgbImage> {
  const graph = await graphs.get('vae_decoder');
  const pixels = output(await graph.run({ latents }), 'pixels');
  const [height, width] = [pixels.dims[2]!, pixels.dims[3]!];
  const values = floatsOf(pixels);
  const area = width * height;
  const data = new Uint8ClampedArray(area * 3);
  const level = manifest.latents.rounding === 'down' ? Math.floor : (value: number) => value;
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < area; i++) data[i * 3 + c] = level(values[c * area + i]! * 255);
  const shown = within({ width, height, data: new Uint8Array(data.buffer) }, canvas);
  return resize(shown, canvas.width, canvas.height, 'bicubic');
}

/** The middle of an image of a decoder's canvas, as much as the one asked for has of it. */
function within(image: RgbImage, canvas: Canvas): RgbImage {
  const { width, height } = image;
  const scale = Math.min(width, height) / Math.min(canvas.width, canvas.height);
  return cropCenter(
    image,
    Math.min(width, Math.round(canvas.width * scale)),
    Math.min(height, Math.round(canvas.height * scale)),
  );
}

/**
 * Latents (1, channels, h, w) as a small image, a pixel for each: for previews, where the VAE would take longer than a step.
 * @param colors (channels + 1, 3): what each channel adds to red, green and blue, and what is always added
 */
export function sketch(latents: Tensor, colors: Float32Array, canvas: Canvas): RgbImage {
  const [, channels, height, width] = latents.dims as [number, number, number, number];
  const values = floatsOf(latents);
  const area = width * height;
  const data = new Uint8ClampedArray(area * 3);
  for (let i = 0; i < area; i++)
    for (let c = 0; c < 3; c++) {
      let sum = colors[channels * 3 + c]!;
      for (let channel = 0; channel < channels; channel++)
        sum += values[channel * area + i]! * colors[channel * 3 + c]!;
      data[i * 3 + c] = sum * 255;
    }
  return within({ width, height, data: new Uint8Array(data.buffer) }, canvas);
}

/** (n, 2): integer row and column of each decoder token, row by row. */
export function imageIds(manifest: Manifest, canvas: Canvas): Tensor {
  return tokenGrid(manifest, canvas, (row, column) => [row, column]);
}

/**
 * (n, 2): where each decoder token's centre (y, x) lies in the square that the embeddings describe. `stretch`:
 * the square covers the canvas, all coordinates are in (0, 1). `center_square`: it is the centred square of
 * side min(width, height), so coordinates run beyond 0 and 1 along the longer side.
 */
export function tokenCoordinates(
  manifest: Manifest,
  canvas: Canvas,
  fit: 'stretch' | 'center_square',
): Tensor {
  const side = tokenSide(manifest);
  const square = Math.min(canvas.width, canvas.height);
  const along = (index: number, length: number) => {
    const center = (index + 0.5) * side;
    return fit === 'stretch' ? center / length : (center - (length - square) / 2) / square;
  };
  return tokenGrid(manifest, canvas, (row, column) => [
    along(row, canvas.height),
    along(column, canvas.width),
  ]);
}

function tokenGrid(
  manifest: Manifest,
  canvas: Canvas,
  at: (row: number, column: number) => [number, number],
): Tensor {
  const side = tokenSide(manifest);
  const [rows, columns] = [canvas.height / side, canvas.width / side];
  const out = new Float32Array(rows * columns * 2);
  for (let i = 0; i < rows * columns; i++) out.set(at(Math.floor(i / columns), i % columns), i * 2);
  return float32(out, [rows * columns, 2]);
}

/** The velocity of every branch: in one call where batch size and shapes allow, else one call each. */
async function velocities(
  graph: Graph,
  manifest: Manifest,
  sigma: number,
  branches: readonly Feeds[],
  shared: Feeds,
): Promise<Float32Array[]> {
  const out: Float32Array[] = [];
  for (const group of batches(graph, branches)) {
    const feeds: Feeds = { ...shared };
    for (const name of Object.keys(group[0] ?? {})) feeds[name] = stack(group.map((branch) => branch[name]!));
    const ofDecoder = (name: string) => name in graph.spec.inputs;
    const every = (value: number) => float32(new Float32Array(group.length).fill(value), [group.length]);
    if (ofDecoder('timestep')) feeds.timestep = every(sigma);
    if (ofDecoder('guidance')) feeds.guidance = every(manifest.scheduler.embedded_guidance ?? 1);
    const velocity = floatsOf(output(await graph.run(feeds), 'velocity'));
    const size = velocity.length / group.length;
    for (let i = 0; i < group.length; i++) out.push(velocity.subarray(i * size, (i + 1) * size));
  }
  return out;
}

/** Consecutive branches whose feeds have equal dims, together unless the graph fixes its batch. */
function batches(graph: Graph, branches: readonly Feeds[]): Feeds[][] {
  const free = typeof graph.spec.inputs.latents?.shape[0] === 'string';
  const shapeOf = (feeds: Feeds) =>
    Object.entries(feeds).map(([name, tensor]) => `${name} ${tensor.dims.join()}`);
  const groups: Feeds[][] = [];
  for (const branch of branches) {
    const last = groups.at(-1);
    if (free && last?.[0] && shapeOf(last[0]).join() === shapeOf(branch).join()) last.push(branch);
    else groups.push([branch]);
  }
  return groups;
}

/** `neg + s·(pos − neg)`; without a negative branch the positive. */
function guide(positive: Float32Array, negative: Float32Array | undefined, s: number): Float32Array {
  if (!negative) return positive;
  const out = new Float32Array(positive.length);
  for (let i = 0; i < out.length; i++) out[i] = negative[i]! + s * (positive[i]! - negative[i]!);
  return out;
}

/** x + factor·v */
function addScaled(x: Float32Array, v: Float32Array, factor: number): Float32Array {
  const out = new Float32Array(x.length);
  for (let i = 0; i < out.length; i++) out[i] = x[i]! + factor * v[i]!;
  return out;
}
