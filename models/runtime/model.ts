/** Loading a model directory and running requests on it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asBatch, type Constants } from './conditioning';
import { ModelError } from './errors';
import type { GraphSet, Loaded } from './graphs/graph';
import { deviceMemory } from './graphs/memory';
import { loadManifest, type GraphSpec, type LoadedManifest, type Manifest } from './manifest';
import { preloadOrder } from './needs';
import { Pipeline, type PictureRequest, type Work } from './pipeline';
import { loadTokenizer } from './text/tokenizer';
import type {
  Device,
  InferenceRequest,
  InferenceResult,
  Reconstruction,
  RgbImage,
  RunOptions,
  Timings,
} from './types';

export interface LoadOptions {
  /** By default `cpu`. */
  device?: Device;
  /** Threads of one operator on the CPU; by default every core. */
  threads?: number;
  /**
   * `all` (default) loads now what a request needs that is not an edit, and what edits need as far as there is room;
   * `needed` loads a graph when a request first needs it.
   */
  sessions?: 'all' | 'needed';
  /** Bytes that weights may take on the device; by default most of what it has. */
  memory?: number;
  /** Called whenever a graph is loaded, loading or let go of. */
  onGraphs?: (loaded: Loaded) => void;
  /** `hashes` (default) reads every file of the model; `sizes` compares lengths only. */
  verify?: 'hashes' | 'sizes';
  /**
   * Denoise several requests in one batch in `runBatch`. By default on every device but the CPU, where four
   * pictures took as long together as one after the other (nano, two cores).
   */
  batch?: boolean;
  /** Where the graphs run; by default in this process. */
  graphs?: (model: LoadedManifest) => Promise<GraphSet> | GraphSet;
}

export interface InferenceModel {
  readonly manifest: Manifest;
  /** sha256 of manifest.json, in hex. */
  readonly hash: string;
  readonly device: Device;
  /** @throws CancelledError, RequestError, ImageError, ModelError */
  run(request: InferenceRequest, options?: RunOptions): Promise<InferenceResult>;
  /** Results or errors in the order of the work. Requests that can share a batch should come together. */
  runBatch(work: readonly Work[]): Promise<(InferenceResult | Error)[]>;
  /** The 81 embeddings (1, 81, D) of a request, and their timings. For tests and measurements. */
  imageEmbeddings(
    request: PictureRequest,
    way: 'one-pass' | 'stepwise',
  ): Promise<{ embeds: Float32Array; timings: Timings }>;
  /**
   * Draws a picture again from its own embeddings and says how far that is from it.
   * @param options.steps by default the manifest's `world.steps`, else its default number of steps
   * @throws CancelledError, ModelError
   */
  reconstruct(image: RgbImage, options?: RunOptions & { steps?: number }): Promise<Reconstruction>;
  close(): Promise<void>;
}

/**
 * Loads a model directory: manifest, hashes, tokenizer, constants and sessions.
 * @throws ModelError naming the file and what to do; DeviceError.
 */
export async function loadModel(dir: string, options: LoadOptions = {}): Promise<InferenceModel> {
  const device = options.device ?? 'cpu';
  const loaded = await loadManifest(dir, { verify: options.verify });
  const { manifest, hash } = loaded;
  const [tokenizer, constants] = await Promise.all([loadTokenizer(loaded), readConstants(loaded)]);
  const graphs = await (options.graphs ?? localLoader(device, options))(loaded);
  if ((options.sessions ?? 'all') === 'all')
    await graphs.preload(preloadOrder((name) => graphs.has(name))).catch(async (error: unknown) => {
      await graphs.close();
      throw error;
    });
  const pipeline = new Pipeline({ manifest, graphs, tokenizer, constants });
  const runBatch = (work: readonly Work[]) => runAll(pipeline, work, options.batch ?? device !== 'cpu');
  return {
    manifest,
    hash,
    device,
    runBatch,
    run: async (request, runOptions) => {
      const [result] = await runBatch([{ request, options: runOptions }]);
      if (!result || result instanceof Error) throw result ?? new Error('No result.');
      return result;
    },
    imageEmbeddings: (request, way) => pipeline.imageEmbeddings(request, way),
    reconstruct: (image, runOptions = {}) =>
      pipeline.reconstruct(
        image,
        runOptions.steps ?? manifest.world?.steps ?? manifest.parameters.steps.default,
        runOptions,
      ),
    close: () => graphs.close(),
  };
}

/** One after the other, but neighbours that can share a batch together if `batch`. */
async function runAll(
  pipeline: Pipeline,
  work: readonly Work[],
  batch: boolean,
): Promise<(InferenceResult | Error)[]> {
  const results: (InferenceResult | Error)[] = [];
  for (let i = 0; i < work.length;) {
    const group = [work[i]!];
    while (batch && i + group.length < work.length && shares(pipeline, group[0]!, work[i + group.length]!))
      group.push(work[i + group.length]!);
    results.push(...(await runGroup(pipeline, group)));
    i += group.length;
  }
  return results;
}

async function runGroup(pipeline: Pipeline, group: readonly Work[]): Promise<(InferenceResult | Error)[]> {
  try {
    const { request, options } = group[0]!;
    if (request.task === 'understand') return [await pipeline.understand({ request, options })];
    return await pipeline.pictures(group as Work<PictureRequest>[]);
  } catch (error) {
    return group.map(() => (error instanceof Error ? error : new Error(String(error))));
  }
}

function shares(pipeline: Pipeline, a: Work, b: Work): boolean {
  if (a.request.task === 'understand' || b.request.task === 'understand') return false;
  return pipeline.compatible(a.request, b.request);
}

/**
 * Graphs of any directory on a device of this machine, for models that are not a Nexus-Gen: `graphs/local.ts`. The
 * native runtime is loaded here, not when this module is.
 * @throws DeviceError when this installation has no support for the device.
 */
export async function openGraphs<Name extends string>(
  dir: string,
  specs: Partial<Record<Name, GraphSpec>>,
  options: { device?: Device; threads?: number } = {},
): Promise<GraphSet<Name>> {
  const local = await import('./graphs/local');
  return local.openGraphs(dir, specs, { ...options, device: options.device ?? 'cpu' });
}

/** Loads the native runtime only when a model runs in this process. */
function localLoader(device: Device, { threads, memory, onGraphs: onChange }: LoadOptions) {
  return async (model: LoadedManifest) => {
    const { localGraphs } = await import('./graphs/local');
    return localGraphs(model, { device, threads, onChange, memory: memory ?? (await deviceMemory(device)) });
  };
}

async function readConstants({ dir, manifest }: LoadedManifest): Promise<Constants> {
  const { image_prefill_embeds, negative_image_embeds, negative_cond, latent_colors } = manifest.constants;
  const read = async (spec: { file: string; shape: number[] }) => {
    const bytes = await readFile(join(dir, spec.file));
    const length = spec.shape.reduce((a, b) => a * b, 1);
    if (bytes.length !== length * 4)
      throw new ModelError(
        'manifest_invalid',
        `${join(dir, spec.file)} has ${bytes.length} bytes; its shape ${spec.shape.join('×')} needs ${length * 4}. Export the model again.`,
      );
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Float32Array.from({ length }, (_, i) => view.getFloat32(i * 4, true));
  };
  const batch = async (spec: { file: string; shape: number[] } | undefined) =>
    spec ? asBatch(await read(spec), spec.shape) : null;
  return {
    imagePrefillEmbeds: await read(image_prefill_embeds),
    negativeImageEmbeds: await batch(negative_image_embeds),
    negativeCond: await batch(negative_cond),
    latentColors: latent_colors ? await read(latent_colors) : null,
  };
}
