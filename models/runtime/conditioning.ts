/** From image embeddings to what a decoder graph is fed with: the positive and the negative condition. */
import { decoderCanvas, tokenCoordinates, type Canvas } from './diffusion';
import { ModelError } from './errors';
import { output, type Feeds, type GraphSet } from './graphs/graph';
import { float32, type Tensor } from './graphs/tensor';
import type { Manifest } from './manifest';
import type { Decoder } from './types';

/** Constants of a model directory. */
export interface Constants {
  /** (81, D) */
  imagePrefillEmbeds: Float32Array;
  /** (1, 81, D): stands for the embeddings in the negative pass, through the projector. */
  negativeImageEmbeds: Tensor | null;
  /** (1, n, C): is the negative condition itself. */
  negativeCond: Tensor | null;
  /** (channels + 1, 3): a linear map from latents to colours. */
  latentColors: Float32Array | null;
}

export interface ConditionInput {
  decoder: Decoder;
  /** The picture that was asked for. */
  canvas: Canvas;
  /** (1, 81, D) */
  imageEmbeds: Tensor;
  /** (1, 324, D), with the editing decoder. */
  referenceEmbeds: Tensor | null;
  guidance: number;
  /** (1, 81, D) of a negative prompt; without one the constants stand for the negative. */
  negativeEmbeds: Tensor | null;
}

/**
 * Runs the decoder's projector, where the model has one, once per request. With guidance 1 there is no
 * negative pass. In an edit's negative pass the source stays and the wanted picture is left open.
 */
export async function conditions(
  graphs: GraphSet,
  manifest: Manifest,
  constants: Constants,
  input: ConditionInput,
): Promise<{ positive: Feeds; negative: Feeds | null }> {
  const positive = await project(graphs, manifest, input, input.imageEmbeds);
  if (input.guidance === 1) return { positive, negative: null };
  const { negativeCond } = constants;
  const negativeEmbeds = input.negativeEmbeds ?? constants.negativeImageEmbeds;
  if (negativeEmbeds) return { positive, negative: await project(graphs, manifest, input, negativeEmbeds) };
  if (negativeCond) return { positive, negative: { cond: negativeCond } };
  throw new ModelError(
    'manifest_invalid',
    `The model ${manifest.name} has no constant for a negative pass, so guidance must be 1.`,
  );
}

async function project(
  graphs: GraphSet,
  manifest: Manifest,
  input: ConditionInput,
  imageEmbeds: Tensor,
): Promise<Feeds> {
  const editing = input.decoder === 'editing';
  const all: Feeds = { image_embeds: imageEmbeds };
  if (editing && input.referenceEmbeds) all.reference_embeds = input.referenceEmbeds;
  const name = editing ? 'editing_projector' : 'generation_projector';
  if (!graphs.has(name)) {
    const decoder = await graphs.get(editing ? 'editing_decoder' : 'generation_decoder');
    return pick(all, decoder.spec.inputs);
  }
  const projector = await graphs.get(name);
  if ('coords' in projector.spec.inputs)
    all.coords = tokenCoordinates(
      manifest,
      decoderCanvas(manifest, input.canvas),
      fitOf(manifest, input.decoder),
    );
  return { cond: output(await projector.run(pick(all, projector.spec.inputs)), 'cond') };
}

/** How the square that the embeddings describe lies on the canvas: as pictures are fitted into it. */
function fitOf(manifest: Manifest, decoder: Decoder): 'stretch' | 'center_square' {
  if (decoder === 'editing') return manifest.reference.fit;
  return manifest.image.fit === 'center_square' ? 'center_square' : 'stretch';
}

function pick(feeds: Feeds, declared: Record<string, unknown>): Feeds {
  return Object.fromEntries(Object.entries(feeds).filter(([name]) => name in declared));
}

/** (n, D) of a constant as a batch of one. */
export function asBatch(data: Float32Array, shape: readonly number[]): Tensor {
  return float32(data, shape.length === 2 ? [1, ...shape] : shape);
}
