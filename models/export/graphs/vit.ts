import { real, type Value } from '../onnx/graph-builder';
import { attention } from './attention';
import type { Layers } from './layers';

/**
 * Transformers whose blocks norm what goes into them, as ViT, CLIP and DINO have them.
 * Sources: transformers models/vit, models/dinov2; facebookresearch/dino, vision_transformer.py.
 */

/** What stands between the two layers of an MLP. */
export const activations = ['quick_gelu', 'gelu', 'gelu_tanh'] as const;
export type Activation = (typeof activations)[number];

/** What shapes do not tell about a tower of blocks. */
export interface TowerConfig {
  heads: number;
  /** Of its norms. */
  epsilon: number;
  activation: Activation;
}

/** The tensors of one block, without `.weight` and `.bias`. */
export interface BlockNames {
  norm1: string;
  q: string;
  k: string;
  v: string;
  out: string;
  norm2: string;
  fc1: string;
  fc2: string;
  /** Factors of what a block adds, whole names, where it has them (DINOv2). */
  scale1?: string;
  scale2?: string;
}

interface BlockParts {
  epsilon: number;
  activation: Activation;
  /** Rows of queries, keys and values to rows. */
  attend: (q: Value, k: Value, v: Value) => Value;
  /** Whether queries, keys and values have a bias. */
  qkvBias?: boolean;
}

/** Rows (n, width) to the same: x + out(attend(norm1(x))), and to that fc2(activation(fc1(norm2(x)))). */
export function preNormBlock(
  layers: Layers,
  x: Value,
  names: BlockNames,
  { epsilon, activation, attend, qkvBias = true }: BlockParts,
): Value {
  const scaled = (y: Value, name: string | undefined) =>
    name === undefined ? y : layers.mul(y, layers.weight(name));
  const inner = layers.layerNorm(x, names.norm1, epsilon);
  const [q, k, v] = [names.q, names.k, names.v].map((name) =>
    layers.linear(inner, name, { bias: qkvBias }),
  ) as [Value, Value, Value];
  const seen = layers.add(x, scaled(layers.linear(attend(q, k, v), names.out), names.scale1));
  const wide = layers.linear(layers.layerNorm(seen, names.norm2, epsilon), names.fc1);
  return layers.add(
    seen,
    scaled(layers.linear(activated(layers, wide, activation), names.fc2), names.scale2),
  );
}

function activated(layers: Layers, x: Value, activation: Activation): Value {
  if (activation === 'quick_gelu') return layers.quickGelu(x);
  return layers.gelu(x, activation === 'gelu' ? 'none' : 'tanh');
}

/**
 * Attention within each sequence of rows (b·tokens, width).
 * @param shape of sequences: (b, tokens, width), where one of the first two may be -1
 * @param bias (1, 1, tokens, tokens)
 */
export function inSequences(
  layers: Layers,
  { heads, width, shape, bias = null }: { heads: number; width: number; shape: Value; bias?: Value | null },
): BlockParts['attend'] {
  const apart = (x: Value) => layers.reshape(x, shape);
  return (q, k, v) =>
    layers.reshape(
      attention(layers, [apart(q), apart(k), apart(v)], { heads, headDim: width / heads, bias }),
      [-1, width],
    );
}

/**
 * Patches of `pixels` (b, 3, h, w) as tokens after a class token.
 * @param names of the class token, any shape, and of the convolution
 * @returns (b, 1 + patches, width), and the grid of patches: rows and columns, lists of one
 */
export function patchTokens(
  layers: Layers,
  pixels: Value,
  { classToken, convolution, bias }: { classToken: string; convolution: string; bias: boolean },
): { tokens: Value; rows: Value; columns: Value; width: number } {
  const { graph } = layers;
  const [width] = layers.shape(`${convolution}.weight`, null, 3, null, null) as [number];
  const map = layers.conv(pixels, convolution, { patches: true, bias });
  const patches = layers.transpose(layers.reshape(map, [0, width, -1]), [0, 2, 1]);
  const first = graph.node('Expand', [
    layers.weight(classToken, [1, 1, width]),
    layers.concat([layers.side(pixels, 0), graph.integers(1, width)], 0),
  ]);
  return {
    tokens: layers.concat([first, patches], 1),
    rows: layers.side(map, 2),
    columns: layers.side(map, 3),
    width,
  };
}

/** A ViT whose tensors are called as Hugging Face's are. */
export interface VitConfig extends TowerConfig {
  /**
   * How positions are spread over another grid than their own: to its size, or by a factor to which the original code of DINO
   * adds a tenth of a patch.
   */
  interpolation: 'size' | 'scale';
}

/** The block `i` of a ViT. */
const vitBlock = (layers: Layers, i: number): BlockNames => {
  const p = `encoder.layer.${i}.`;
  const isScaled = layers.has(`${p}layer_scale1.lambda1`);
  const names = {
    q: `${p}attention.attention.query`,
    k: `${p}attention.attention.key`,
    v: `${p}attention.attention.value`,
  };
  return isScaled
    ? {
        ...names,
        ...{ norm1: `${p}norm1`, out: `${p}attention.output.dense`, norm2: `${p}norm2` },
        ...{ fc1: `${p}mlp.fc1`, fc2: `${p}mlp.fc2` },
        ...{ scale1: `${p}layer_scale1.lambda1`, scale2: `${p}layer_scale2.lambda1` },
      }
    : {
        ...names,
        ...{ norm1: `${p}layernorm_before`, out: `${p}attention.output.dense`, norm2: `${p}layernorm_after` },
        ...{ fc1: `${p}intermediate.dense`, fc2: `${p}output.dense` },
      };
};

/** A tensor that each block has. */
export const vitBlockMark = 'attention.attention.query.weight';

/** A ViT's encoder: `pixel_values` (n, 3, h, w) to `image_embeds` (n, width), the class token after the last norm. */
export function vitEncoder(layers: Layers, config: VitConfig): void {
  const { graph } = layers;
  const { heads, epsilon, activation, interpolation } = config;
  const pixels = graph.input('pixel_values', 'float32', ['n', 3, 'height', 'width']);
  const { tokens, rows, columns, width } = patchTokens(layers, layers.take(pixels), {
    classToken: 'embeddings.cls_token',
    convolution: 'embeddings.patch_embeddings.projection',
    bias: true,
  });
  const placed = layers.add(tokens, positions(layers, width, rows, columns, interpolation));
  const shape = layers.concat([layers.side(pixels, 0), graph.integers(-1, width)], 0);
  const attend = inSequences(layers, { heads, width, shape });
  const qkvBias = layers.has('encoder.layer.0.attention.attention.query.bias');
  let x = layers.reshape(placed, [-1, width]);
  for (let i = 0; i < layers.count('encoder.layer.', vitBlockMark); i++)
    x = preNormBlock(layers, x, vitBlock(layers, i), { epsilon, activation, attend, qkvBias });
  const first = graph.node('Gather', [layers.reshape(x, shape), graph.scalar(0)], {
    attributes: { axis: 1 },
  });
  graph.output('image_embeds', layers.give(layers.layerNorm(first, 'layernorm', epsilon)), 'float32', [
    'n',
    width,
  ]);
}

/** Positions (1, 1 + patches, width) for a grid; as they are for their own. */
function positions(
  layers: Layers,
  width: number,
  rows: Value,
  columns: Value,
  interpolation: VitConfig['interpolation'],
): Value {
  const { graph } = layers;
  const [, count] = layers.shape('embeddings.position_embeddings', 1, null, width) as [number, number];
  const side = Math.sqrt(count - 1);
  const table = layers.weight('embeddings.position_embeddings', [count, width]);
  const [first, others] = layers.split(table, [1, count - 1], 0) as [Value, Value];
  const map = layers.reshape(layers.transpose(others, [1, 0]), [1, width, side, side]);
  const own = graph.node('And', [
    graph.node('Equal', [rows, graph.integers(side)]),
    graph.node('Equal', [columns, graph.integers(side)]),
  ]);
  const scale = (places: Value) =>
    layers.div(
      layers.add(
        layers.cast(places, 'float32'),
        graph.node('Where', [own, graph.constant([0]), graph.constant([0.1])]),
      ),
      graph.constant([side]),
    );
  const [scales, sizes] =
    interpolation === 'scale'
      ? [layers.concat([graph.constant([1, 1]), scale(rows), scale(columns)], 0), null]
      : [null, layers.concat([graph.integers(1, width), rows, columns], 0)];
  const inputs = sizes ? [map, null, null, sizes] : [map, null, scales];
  // As torch's bicubic: a = -0.75, edges repeated.
  const spread = graph.node('Resize', inputs, {
    attributes: { mode: 'cubic', coordinate_transformation_mode: 'half_pixel', cubic_coeff_a: real(-0.75) },
  });
  const spots = layers.transpose(layers.reshape(spread, [width, -1]), [1, 0]);
  return layers.reshape(layers.concat([first, spots], 0), [1, -1, width]);
}
