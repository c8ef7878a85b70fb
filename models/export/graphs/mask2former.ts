import { CheckpointError } from '../errors';
import type { Value } from '../onnx/graph-builder';
import { attention, weighing } from './attention';
import type { Layers } from './layers';
import { swinBackbone, type MergingOrder, type RowMap } from './swin';

/**
 * Mask2Former over Swin, for one image of any size: `pixel_values` (1, 3, h, w) to `class_logits` (1, queries, classes + 1) and
 * `mask_logits` (1, queries, h', w') at the backbone's largest map. Its tensors are called as Hugging Face's are; the rows of the
 * cross-attention's `in_proj` as those of the self-attention.
 * Sources: transformers models/mask2former; mmdetection 2, mask2former_head.py, msdeformattn_pixel_decoder.py.
 */

/** Points that each head samples on each level: not told by the shapes, and the same in all that was published. */
export const samplingPoints = 4;

const groups = 32;
const epsilon = 1e-5;

const decoder = 'model.pixel_level_module.decoder.';
const transformer = 'model.transformer_module.';

export interface Mask2FormerSizes {
  /** Width of queries. */
  hidden: number;
  /** Width of the maps of the pixel decoder. */
  channels: number;
  /** Maps that are attended to, the smallest first. */
  levels: number;
  heads: number;
  queries: number;
  /** Without "no object". */
  classes: number;
}

/** What its shapes tell. @throws CheckpointError checkpoint_mismatch */
export function mask2FormerSizes(layers: Layers): Mask2FormerSizes {
  const [levels, channels] = layers.shape(`${decoder}level_embed`, null, null) as [number, number];
  const [weights] = layers.shape(
    `${decoder}encoder.layers.0.self_attn.attention_weights.weight`,
    null,
    channels,
  ) as [number];
  const heads = weights / (levels * samplingPoints);
  if (!Number.isInteger(heads) || channels % heads !== 0)
    throw new CheckpointError(
      'checkpoint_mismatch',
      `The pixel decoder has ${weights} weights of attention, which are not ${samplingPoints} points on ${levels} levels of heads that ${channels} can be divided into.`,
    );
  const [queries, hidden] = layers.shape(`${transformer}queries_features.weight`, null, null) as [
    number,
    number,
  ];
  if (hidden % heads !== 0 || hidden % 4 !== 0)
    throw new CheckpointError(
      'checkpoint_mismatch',
      `Queries of ${hidden} cannot be divided into ${heads} heads, or into sines and cosines of rows and columns.`,
    );
  const [outputs] = layers.shape('class_predictor.weight', null, hidden) as [number];
  return { hidden, channels, levels, heads, queries, classes: outputs - 1 };
}

export interface Mask2FormerConfig {
  merging: MergingOrder;
  /** Of the backbone's norms. */
  epsilon: number;
}

/** The whole of it, with one output for each query. @throws CheckpointError checkpoint_mismatch */
export function mask2Former(layers: Layers, config: Mask2FormerConfig): void {
  const { graph } = layers;
  const sizes = mask2FormerSizes(layers);
  const pixels = graph.input('pixel_values', 'float32', [1, 3, 'height', 'width']);
  const maps = swinBackbone(layers, pixels, { prefix: 'model.pixel_level_module.encoder.', ...config });
  if (maps.length !== sizes.levels + 1)
    throw new CheckpointError(
      'checkpoint_mismatch',
      `The backbone has ${maps.length} stages, and the pixel decoder ${sizes.levels} levels, not one less.`,
    );
  const { levels, features } = pixelDecoder(layers, maps, sizes);
  const { classLogits, maskLogits } = transformerDecoder(layers, levels, features, sizes);
  const { queries, classes } = sizes;
  graph.output(
    'class_logits',
    layers.give(layers.reshape(classLogits, [1, queries, classes + 1])),
    'float32',
    [...[1, queries, classes + 1]],
  );
  const shape = layers.concat([graph.integers(1, queries), features.height, features.width], 0);
  graph.output('mask_logits', layers.give(layers.reshape(maskLogits, shape)), 'float32', [
    ...[1, queries, 'mask_height', 'mask_width'],
  ]);
}

/** (1, channels, h, w) of a map of rows. */
const asImage = (layers: Layers, { rows, height, width, channels }: RowMap): Value =>
  layers.reshape(
    layers.transpose(rows, [1, 0]),
    layers.concat([layers.graph.integers(1, channels), height, width], 0),
  );

const asRows = (layers: Layers, image: Value, channels: number): Value =>
  layers.transpose(layers.reshape(image, [channels, -1]), [1, 0]);

/** As torch's bilinear interpolation without aligned corners. */
const resized = (layers: Layers, image: Value, channels: number, height: Value, width: Value): Value =>
  layers.graph.node(
    'Resize',
    [image, null, null, layers.concat([layers.graph.integers(1, channels), height, width], 0)],
    { attributes: { mode: 'linear', coordinate_transformation_mode: 'half_pixel' } },
  );

/**
 * Positions (h·w, width) of a map as sines and cosines: half of the numbers for the row, then half for the column.
 * Source: Mask2FormerSinePositionEmbedding.
 */
function sinePositions(layers: Layers, { height, width }: RowMap, hidden: number): Value {
  const { graph } = layers;
  const half = hidden / 2;
  const periods = graph.constant(
    Array.from({ length: half / 2 }, (_, i) => 10_000 ** ((2 * i) / half)),
    [1, half / 2],
  );
  const along = (length: Value) => {
    const places = layers.cast(layers.add(layers.range(length), graph.integers(1)), 'float32');
    const share = layers.div(places, layers.add(layers.cast(length, 'float32'), graph.constant([1e-6])));
    const angles = layers.div(
      layers.reshape(layers.mul(share, graph.constant([2 * Math.PI])), [-1, 1]),
      periods,
    );
    const [sin, cos] = ['Sin', 'Cos'].map((operator) =>
      layers.reshape(graph.node(operator, [angles]), [-1, half / 2, 1]),
    ) as [Value, Value];
    return layers.take(layers.reshape(layers.concat([sin, cos], 2), [-1, half]));
  };
  const spread = (rows: Value, shape: readonly number[]) =>
    graph.node('Expand', [
      layers.reshape(rows, shape),
      layers.concat([height, width, graph.integers(half)], 0),
    ]);
  return layers.reshape(
    layers.concat([spread(along(height), [-1, 1, half]), spread(along(width), [1, -1, half])], 2),
    [-1, hidden],
  );
}

/** The map that masks are made of: (channels, h·w), and its sides, lists of one. */
interface MaskFeatures {
  columns: Value;
  height: Value;
  width: Value;
}

/** Levels, the smallest first, and the map that masks are made of. */
function pixelDecoder(
  layers: Layers,
  maps: readonly RowMap[],
  { channels, levels, heads }: Mask2FormerSizes,
): { levels: RowMap[]; features: MaskFeatures } {
  const { graph } = layers;
  const [largest, ...others] = maps as [RowMap, ...RowMap[]];
  const projected = others.reverse().map((map, i): RowMap => {
    const name = `${decoder}input_projections.${i}.`;
    const image = layers.groupNorm(layers.conv(asImage(layers, map), `${name}0`), `${name}1`, {
      ...{ groups, epsilon },
    });
    return { ...map, rows: asRows(layers, image, channels), channels };
  });
  const ownPlaces = (i: number) =>
    graph.node('Gather', [layers.weight(`${decoder}level_embed`), graph.integers(i)]);
  const positions = layers.concat(
    projected.map((level, i) => layers.add(sinePositions(layers, level, channels), ownPlaces(i))),
    0,
  );
  const attend = deformableAttention(layers, projected, { channels, levels, heads });
  let x = layers.concat(
    projected.map(({ rows }) => rows),
    0,
  );
  const depth = layers.count(`${decoder}encoder.layers.`, 'fc1.weight');
  for (let i = 0; i < depth; i++) {
    const name = `${decoder}encoder.layers.${i}.`;
    const attended = attend(x, layers.add(x, positions), `${name}self_attn.`);
    const seen = layers.layerNorm(layers.add(x, attended), `${name}self_attn_layer_norm`, epsilon);
    x = feedForward(layers, seen, name);
  }
  const lengths = layers.concat(
    projected.map(({ height, width }) => layers.mul(height, width)),
    0,
  );
  const outputs = layers.split(x, lengths, 0, levels).map((rows, i): RowMap => ({ ...projected[i]!, rows }));

  const last = outputs.at(-1)!;
  const lateral = layers.groupNorm(
    layers.conv(asImage(layers, largest), `${decoder}adapter_1.0`, { bias: false }),
    `${decoder}adapter_1.1`,
    { groups, epsilon },
  );
  const { height, width } = largest;
  const up = resized(layers, asImage(layers, last), channels, height, width);
  const smooth = layers.relu(
    layers.groupNorm(
      layers.conv(layers.add(lateral, up), `${decoder}layer_1.0`, { bias: false }),
      `${decoder}layer_1.1`,
      { groups, epsilon },
    ),
  );
  const [depthOfMasks] = layers.shape(`${decoder}mask_projection.weight`, null, channels, null, null) as [
    number,
  ];
  const masks = layers.reshape(layers.conv(smooth, `${decoder}mask_projection`), [depthOfMasks, -1]);
  return { levels: outputs, features: { columns: masks, height, width } };
}

/** Rows to norm(x + fc2(relu(fc1(x)))). */
const feedForward = (layers: Layers, x: Value, name: string): Value =>
  layers.layerNorm(
    layers.add(x, layers.linear(layers.relu(layers.linear(x, `${name}fc1`)), `${name}fc2`)),
    `${name}final_layer_norm`,
    epsilon,
  );

/**
 * Each place of all levels samples a few points around itself on every level, where its query says, and weighs them.
 * Source: Zhu et al., Deformable DETR; transformers Mask2FormerPixelDecoderEncoderMultiscaleDeformableAttention.
 */
function deformableAttention(
  layers: Layers,
  maps: readonly RowMap[],
  { channels, levels, heads }: Pick<Mask2FormerSizes, 'channels' | 'levels' | 'heads'>,
) {
  const { graph } = layers;
  const headDim = channels / heads;
  const points = samplingPoints;
  const lengths = layers.concat(
    maps.map(({ height, width }) => layers.mul(height, width)),
    0,
  );
  /** Centres of all places, x and y as parts of the image's sides: (1, 1, places, 2). */
  const centres = layers.reshape(
    layers.concat(
      maps.map(({ height, width }) => {
        const middle = (length: Value) =>
          layers.div(
            layers.add(layers.cast(layers.range(length), 'float32'), graph.constant([0.5])),
            layers.cast(length, 'float32'),
          );
        const shape = layers.concat([height, width, graph.integers(1)], 0);
        const x = graph.node('Expand', [layers.reshape(middle(width), [1, -1, 1]), shape]);
        const y = graph.node('Expand', [layers.reshape(middle(height), [-1, 1, 1]), shape]);
        return layers.reshape(layers.concat([x, y], 2), [-1, 2]);
      }),
      0,
    ),
    [1, 1, -1, 2],
  );
  return (x: Value, queries: Value, name: string): Value => {
    // (heads, headDim, places)
    const values = layers.transpose(
      layers.reshape(layers.linear(x, `${name}value_proj`), [-1, heads, headDim]),
      [...[1, 2, 0]],
    );
    const offsets = layers.transpose(
      layers.reshape(layers.linear(queries, `${name}sampling_offsets`), [-1, heads, levels, points * 2]),
      [2, 1, 0, 3],
    );
    const shares = graph.node(
      'Softmax',
      [layers.reshape(layers.linear(queries, `${name}attention_weights`), [-1, heads, levels * points])],
      { attributes: { axis: -1 } },
    );
    const weights = layers.transpose(layers.reshape(shares, [-1, heads, levels, points]), [2, 1, 3, 0]);
    const ones = new Array<number>(levels).fill(1);
    const [levelValues, levelOffsets, levelWeights] = [
      layers.split(values, lengths, 2, levels),
      layers.split(offsets, ones, 0),
      layers.split(weights, ones, 0),
    ];
    const sampled = maps.map(({ height, width }, level) => {
      const image = layers.reshape(
        levelValues[level]!,
        layers.concat([graph.integers(heads, headDim), height, width], 0),
      );
      const size = layers.cast(layers.concat([width, height], 0), 'float32');
      // (heads, points, places, 2), and from parts of the sides to what GridSample takes: -1 to 1.
      const moved = layers.transpose(
        layers.reshape(levelOffsets[level]!, [heads, -1, points, 2]),
        [0, 2, 1, 3],
      );
      const at = layers.add(centres, layers.div(moved, size));
      const grid = graph.node('Sub', [layers.mul(at, graph.constant([2])), graph.constant([1])]);
      const found = graph.node('GridSample', [image, grid], {
        attributes: { mode: 'linear', padding_mode: 'zeros', align_corners: 0 },
      });
      // (heads, headDim, points, places) by (heads, 1, points, places)
      const weighed = layers.mul(found, layers.reshape(levelWeights[level]!, [heads, 1, points, -1]));
      return graph.node('ReduceSum', [weighed, graph.integers(2)], { attributes: { keepdims: 0 } });
    });
    const sum = sampled.reduce((a, b) => layers.add(a, b));
    const rows = layers.reshape(layers.transpose(sum, [2, 0, 1]), [-1, channels]);
    return layers.linear(rows, `${name}output_proj`);
  };
}

/** Queries that attend to one level after the other, where their own masks are, and to one another. */
function transformerDecoder(
  layers: Layers,
  levels: readonly RowMap[],
  features: MaskFeatures,
  { hidden, heads, queries }: Mask2FormerSizes,
): { classLogits: Value; maskLogits: Value } {
  const { graph } = layers;
  const headDim = hidden / heads;
  const p = `${transformer}decoder.`;
  const places = layers.weight(`${transformer}queries_embedder.weight`);
  layers.shape(`${transformer}queries_embedder.weight`, queries, hidden);
  layers.shape(`${transformer}level_embed.weight`, levels.length, hidden);
  const inputs = levels.map((level, i) => {
    const projection = `${transformer}input_projections.${i}`;
    const rows =
      layers.has(`${projection}.weight`) || level.channels !== hidden
        ? layers.linear(level.rows, projection, { shape: [hidden, level.channels] })
        : level.rows;
    const own = graph.node('Gather', [layers.weight(`${transformer}level_embed.weight`), graph.integers(i)]);
    const values = layers.add(rows, own);
    return { values, keys: layers.add(values, sinePositions(layers, level, hidden)) };
  });
  const attend = (name: string, q: Value, k: Value, v: Value, bias: Value | null) => {
    const [queriesIn, keys, values] = [
      [q, 'q_proj'],
      [k, 'k_proj'],
      [v, 'v_proj'],
    ].map(([rows, part]) =>
      layers.reshape(layers.linear(rows as Value, `${name}${part}`), [1, -1, hidden]),
    ) as [Value, Value, Value];
    const found = attention(layers, [queriesIn, keys, values], { heads, headDim, bias });
    return layers.linear(layers.reshape(found, [-1, hidden]), `${name}out_proj`);
  };

  /** (queries, h·w) of the normed queries. */
  const masksOf = (normed: Value) => {
    const mlp = `${p}mask_predictor.mask_embedder.`;
    const first = layers.relu(layers.linear(normed, `${mlp}0.0`));
    const second = layers.relu(layers.linear(first, `${mlp}1.0`));
    return graph.node('MatMul', [layers.linear(second, `${mlp}2.0`), features.columns]);
  };
  /** What is added to the scores of a level, by the masks: a query whose mask is empty there attends to all of it. */
  const biasOf = (masks: Value, { height, width }: RowMap) => {
    const image = layers.reshape(
      masks,
      layers.concat([graph.integers(1, queries), features.height, features.width], 0),
    );
    const onLevel = layers.reshape(resized(layers, image, queries, height, width), [queries, -1]);
    const kept = graph.node('GreaterOrEqual', [graph.node('Sigmoid', [onLevel]), layers.constant([0.5])]);
    const any = graph.node('ReduceMax', [layers.cast(kept, 'int32'), graph.integers(1)], {
      attributes: { keepdims: 1 },
    });
    const open = graph.node('Or', [kept, graph.node('Not', [layers.cast(any, 'bool')])]);
    return graph.node('Unsqueeze', [weighing(layers, open), graph.integers(0, 1)]);
  };

  let x = layers.weight(`${transformer}queries_features.weight`);
  let normed = layers.layerNorm(x, `${p}layernorm`, epsilon);
  let masks = masksOf(normed);
  const depth = layers.count(`${p}layers.`, 'fc1.weight');
  for (let i = 0; i < depth; i++) {
    const name = `${p}layers.${i}.`;
    const level = i % levels.length;
    const { keys, values } = inputs[level]!;
    const bias = biasOf(masks, levels[level]!);
    const crossed = attend(`${name}cross_attn.`, layers.add(x, places), keys, values, bias);
    x = layers.layerNorm(layers.add(x, crossed), `${name}cross_attn_layer_norm`, epsilon);
    const own = layers.add(x, places);
    const among = attend(`${name}self_attn.`, own, own, x, null);
    x = layers.layerNorm(layers.add(x, among), `${name}self_attn_layer_norm`, epsilon);
    x = feedForward(layers, x, name);
    normed = layers.layerNorm(x, `${p}layernorm`, epsilon);
    masks = masksOf(normed);
  }
  return { classLogits: layers.linear(normed, 'class_predictor'), maskLogits: masks };
}
