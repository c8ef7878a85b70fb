import { CheckpointError } from '../errors';
import type { Value } from '../onnx/graph-builder';
import type { Layers } from './layers';
import { inSequences, patchTokens, preNormBlock, type BlockNames, type TowerConfig } from './vit';

/**
 * CLIP's two encoders, their tensors called as Hugging Face's are.
 * Sources: transformers models/clip; openai/CLIP, clip/model.py.
 */

/** The block that a prefix such as `text_model.encoder.layers.0.` begins. */
export const clipBlock = (p: string): BlockNames => ({
  ...{ norm1: `${p}layer_norm1`, norm2: `${p}layer_norm2` },
  ...{ q: `${p}self_attn.q_proj`, k: `${p}self_attn.k_proj`, v: `${p}self_attn.v_proj` },
  ...{ out: `${p}self_attn.out_proj`, fc1: `${p}mlp.fc1`, fc2: `${p}mlp.fc2` },
});

/** A tensor that each block of both towers has. */
export const clipBlockMark = 'self_attn.q_proj.weight';

/** (1, 1, tokens, tokens): a token sees itself and what comes before. */
export function causalBias(layers: Layers, tokens: number): Value {
  const bias = Array.from({ length: tokens * tokens }, (_, i) =>
    i % tokens > Math.floor(i / tokens) ? -60_000 : 0,
  );
  return layers.constant(bias, [1, 1, tokens, tokens]);
}

export interface ClipTowerConfig extends TowerConfig {
  /** Whether the last projection is stored as (width, embedding), as OpenAI has it, and not the other way round. */
  isTransposed: boolean;
}

/** Rows (n, width) to (n, embedding). */
function project(
  layers: Layers,
  x: Value,
  name: string,
  width: number,
  isTransposed: boolean,
): [Value, number] {
  const [embedding] = isTransposed
    ? layers.shape(`${name}.weight`, width, null).reverse()
    : layers.shape(`${name}.weight`, null, width);
  const product = isTransposed
    ? layers.graph.node('Gemm', [x, layers.weight(`${name}.weight`)])
    : layers.linear(x, name, { bias: false });
  return [layers.give(product), embedding!];
}

/** Of `pixel_values` (n, 3, side, side): the side that its positions are for. @throws CheckpointError checkpoint_mismatch */
export function clipImageSide(layers: Layers): number {
  const [width, , patch] = layers.shape(
    'vision_model.embeddings.patch_embedding.weight',
    null,
    3,
    null,
    null,
  );
  const [count] = layers.shape('vision_model.embeddings.position_embedding.weight', null, width!);
  const side = Math.sqrt(count! - 1);
  if (!Number.isInteger(side))
    throw new CheckpointError(
      'checkpoint_mismatch',
      `The positions of ${layers.graph.name} are ${count}, not one more than the patches of a square.`,
    );
  return side * patch!;
}

/** `pixel_values` (n, 3, side, side) to `image_embeds` (n, embedding), not normalised. */
export function clipImageEncoder(layers: Layers, config: ClipTowerConfig): void {
  const { graph } = layers;
  const { heads, epsilon, activation, isTransposed } = config;
  const p = 'vision_model.';
  const side = clipImageSide(layers);
  const pixels = graph.input('pixel_values', 'float32', ['n', 3, side, side]);
  const { tokens, width } = patchTokens(layers, layers.take(pixels), {
    classToken: `${p}embeddings.class_embedding`,
    convolution: `${p}embeddings.patch_embedding`,
    bias: false,
  });
  const placed = layers.add(tokens, layers.weight(`${p}embeddings.position_embedding.weight`));
  const [count] = layers.tensor(`${p}embeddings.position_embedding.weight`).shape as [number];
  const shape = graph.integers(-1, count, width);
  const attend = inSequences(layers, { heads, width, shape });
  let x = layers.layerNorm(layers.reshape(placed, [-1, width]), `${p}pre_layrnorm`, epsilon);
  for (let i = 0; i < layers.count(`${p}encoder.layers.`, clipBlockMark); i++)
    x = preNormBlock(layers, x, clipBlock(`${p}encoder.layers.${i}.`), { epsilon, activation, attend });
  const first = graph.node('Gather', [layers.reshape(x, shape), graph.scalar(0)], {
    attributes: { axis: 1 },
  });
  const normed = layers.layerNorm(first, `${p}post_layernorm`, epsilon);
  const [embeds, embedding] = project(layers, normed, 'visual_projection', width, isTransposed);
  graph.output('image_embeds', embeds, 'float32', ['n', embedding]);
}

export interface ClipTextConfig extends ClipTowerConfig {
  /** The token whose first place has the text's embedding; null for the largest token of the text, as OpenAI's code takes it. */
  end: number | null;
}

/**
 * `input_ids` (n, tokens) to `text_embeds` (n, embedding), not normalised. Attention is causal, so that what comes after the
 * end token, whatever pads it, changes nothing.
 */
export function clipTextEncoder(layers: Layers, config: ClipTextConfig): void {
  const { graph } = layers;
  const { heads, epsilon, activation, isTransposed, end } = config;
  const p = 'text_model.';
  const table = `${p}embeddings.token_embedding.weight`;
  const [, width] = layers.shape(table, null, null) as [number, number];
  const [tokens] = layers.shape(`${p}embeddings.position_embedding.weight`, null, width) as [number];
  const ids = graph.input('input_ids', 'int64', ['n', tokens]);
  const placed = layers.add(
    layers.rows(table, ids),
    layers.weight(`${p}embeddings.position_embedding.weight`, [1, tokens, width]),
  );
  const shape = graph.integers(-1, tokens, width);
  const attend = inSequences(layers, { heads, width, shape, bias: causalBias(layers, tokens) });
  let x = layers.reshape(placed, [-1, width]);
  for (let i = 0; i < layers.count(`${p}encoder.layers.`, clipBlockMark); i++)
    x = preNormBlock(layers, x, clipBlock(`${p}encoder.layers.${i}.`), { epsilon, activation, attend });
  const marks = end === null ? ids : graph.node('Equal', [ids, graph.scalar(end)]);
  const place = graph.node('ArgMax', [layers.cast(marks, 'int32')], { attributes: { axis: 1, keepdims: 0 } });
  const row = layers.add(place, layers.mul(layers.range(layers.side(ids, 0)), graph.integers(tokens)));
  const normed = layers.layerNorm(graph.node('Gather', [x, row]), `${p}final_layer_norm`, epsilon);
  const [embeds, embedding] = project(layers, normed, 'text_projection', width, isTransposed);
  graph.output('text_embeds', embeds, 'float32', ['n', embedding]);
}
