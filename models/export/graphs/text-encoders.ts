import { CheckpointError } from '../errors';
import type { Value } from '../onnx/graph-builder';
import { causalBias, clipBlock, clipBlockMark } from './clip';
import type { Layers } from './layers';
import { inSequences, preNormBlock } from './vit';

/**
 * The two text encoders of FLUX, which Nexus-Gen needs for the empty prompt alone: their outputs are constants of a model
 * directory, made once.
 * Their tokens are an input all the same: without any, onnxruntime computes everything while it loads, and keeps all weights widened.
 * Sources: transformers models/clip and models/t5; DiffSynth-Studio, prompters/flux_prompter.py.
 */

/** Sizes from config.json. */
export interface ClipConfig {
  heads: number;
  epsilon: number;
}

/** The input of a text encoder, (tokens) in number unknown before it runs. */
function tokensOf(layers: Layers): Value {
  const ids = layers.graph.input('input_ids', 'int64', ['tokens']);
  layers.follow(layers.side(ids, 0));
  return ids;
}

/** CLIP’s tokens of the empty prompt: begin and end. @param vocabulary how many there are */
export const clipTokensOfNothing = (vocabulary: number): number[] => [vocabulary - 2, vocabulary - 1];

/** T5’s: the end, and pads. */
export const t5TokensOfNothing = (tokens: number): number[] => [1, ...new Array<number>(tokens - 1).fill(0)];

/** The tensor that has a row for each of CLIP’s tokens. */
export const clipVocabulary = 'text_model.embeddings.token_embedding.weight';

/** Begin and end are the last two entries of the vocabulary; config.json of the published file names others. */
const clipTokens = 77;

/**
 * CLIP's text model on the empty prompt, of which `input_ids` are the tokens: `pooled` (1, width), the last norm's output at the first end token.
 */
export function pooledOfNothing(layers: Layers, { heads, epsilon }: ClipConfig): void {
  const { graph } = layers;
  const p = 'text_model.';
  const [vocabulary, width] = layers.shape(clipVocabulary, null, null) as [number, number];
  const [positions] = layers.shape(`${p}embeddings.position_embedding.weight`, null, width) as [
    number,
    number,
  ];
  if (positions < clipTokens || width % heads !== 0)
    throw new CheckpointError('checkpoint_mismatch', 'The text encoder is not CLIP’s: it has other sizes.');
  // Attention is causal: what comes after the first end token does not count.
  const ids = clipTokensOfNothing(vocabulary);
  const given = tokensOf(layers);
  const rows = layers.rows(clipVocabulary, given);
  const places = graph.node('Gather', [
    layers.weight(`${p}embeddings.position_embedding.weight`),
    graph.integers(0, 1),
  ]);
  const shape = graph.integers(1, ids.length, width);
  const attend = inSequences(layers, { heads, width, shape, bias: causalBias(layers, ids.length) });
  let x = layers.add(rows, places);
  for (let i = 0; i < layers.count(`${p}encoder.layers.`, clipBlockMark); i++)
    x = preNormBlock(layers, x, clipBlock(`${p}encoder.layers.${i}.`), {
      ...{ epsilon, activation: 'quick_gelu', attend },
    });
  const normed = layers.layerNorm(x, `${p}final_layer_norm`, epsilon);
  const last = graph.node('Gather', [normed, graph.integers(1)]);
  graph.output('pooled', layers.give(last), 'float32', [1, width]);
}

/** Sizes from config.json. */
export interface T5Config {
  headDim: number;
  epsilon: number;
  /** Of relative positions. */
  buckets: number;
  maxDistance: number;
}

/**
 * T5's encoder on the empty prompt, of which `input_ids` are the tokens: `states` (1, tokens, width) of the end token and pads, which are attended to like words.
 * @param tokens how many; FLUX takes 512
 */
export function statesOfNothing(layers: Layers, config: T5Config, tokens = 512): void {
  const { graph } = layers;
  const { headDim, epsilon, buckets, maxDistance } = config;
  const p = 'encoder.';
  const [, width] = layers.shape('shared.weight', null, null) as [number, number];
  const [inner] = layers.shape(`${p}block.0.layer.0.SelfAttention.q.weight`, null, width) as [number, number];
  const heads = inner / headDim;
  const relative = `${p}block.0.layer.0.SelfAttention.relative_attention_bias.weight`;
  layers.shape(relative, buckets, heads);
  const ids = tokensOf(layers);
  let x = layers.rows('shared.weight', ids);
  const norm = (y: Value, name: string) => layers.rmsNorm(y, `${p}${name}.weight`, epsilon);
  const bucketOf = Array.from({ length: tokens * tokens }, (_, i) =>
    relativeBucket((i % tokens) - Math.floor(i / tokens), buckets, maxDistance),
  );
  // Only the first block has them, and all use them.
  const bias = layers.transpose(
    graph.node('Gather', [layers.weight(relative), graph.constant(bucketOf, [tokens, tokens], 'int64')]),
    [2, 0, 1],
  );
  const apart = (y: Value) => layers.transpose(layers.reshape(y, [tokens, heads, headDim]), [1, 0, 2]);
  const blocks = layers.count(`${p}block.`, 'layer.0.SelfAttention.q.weight');
  for (let i = 0; i < blocks; i++) {
    const block = `block.${i}.layer.`;
    const linear = (y: Value, name: string) => layers.linear(y, `${p}${block}${name}`, { bias: false });
    const normed = norm(x, `${block}0.layer_norm`);
    const [q, k, v] = ['q', 'k', 'v'].map((name) => apart(linear(normed, `0.SelfAttention.${name}`))) as [
      Value,
      Value,
      Value,
    ];
    // Not divided by the root of the head's width.
    const scores = layers.add(graph.node('MatMul', [q, layers.transpose(k, [0, 2, 1])]), bias);
    const weights = graph.node('Softmax', [scores], { attributes: { axis: -1 } });
    const mixed = layers.reshape(layers.transpose(graph.node('MatMul', [weights, v]), [1, 0, 2]), [
      tokens,
      inner,
    ]);
    x = layers.add(x, linear(mixed, '0.SelfAttention.o'));
    const rows = norm(x, `${block}1.layer_norm`);
    const gate = layers.gelu(linear(rows, '1.DenseReluDense.wi_0'), 'tanh');
    x = layers.add(x, linear(layers.mul(gate, linear(rows, '1.DenseReluDense.wi_1')), '1.DenseReluDense.wo'));
  }
  const states = layers.reshape(norm(x, 'final_layer_norm'), [1, tokens, width]);
  graph.output('states', layers.give(states), 'float32', [1, tokens, width]);
}

/** Which entry of the bias a distance has: near ones each their own, farther ones by the logarithm. In both directions. */
function relativeBucket(distance: number, buckets: number, maxDistance: number): number {
  const half = buckets / 2;
  const side = distance > 0 ? half : 0;
  const n = Math.abs(distance);
  const exact = half / 2;
  if (n < exact) return side + n;
  const far = exact + Math.floor((Math.log(n / exact) / Math.log(maxDistance / exact)) * (half - exact));
  return side + Math.min(far, half - 1);
}
