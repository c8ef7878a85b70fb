import { CheckpointError } from '../errors';
import type { Value } from '../onnx/graph-builder';
import type { VisionConfig } from './sizes';
import { attention } from './attention';
import type { Layers } from './layers';
import { gatedMlp } from './qwen';
import { tokensOfGrid, tokensOfWindows, windowsAcross } from './windows';

/**
 * Qwen2.5-VL's vision encoder for one image of any grid: `pixel_values` (patches, numbers of a patch) in groups of merged
 * tokens, row by row, to `image_embeds` (merged tokens, D). Most blocks attend within windows of tokens; those that
 * `fullAttention` names attend to all.
 * Source: transformers models/qwen2_5_vl, Qwen2_5_VisionTransformerPretrainedModel.
 */
export function visionEncoder(layers: Layers, config: VisionConfig): void {
  const { graph } = layers;
  const { hidden, heads, depth, fullAttention, out, merge, patchSize } = config;
  const found = layers.count('visual.blocks.', 'norm1.weight');
  if (found !== depth)
    throw new CheckpointError(
      'checkpoint_mismatch',
      `config.json speaks of ${depth} blocks of the vision encoder, and the files have ${found}.`,
    );
  layers.shape('visual.blocks.0.attn.qkv.weight', 3 * hidden, hidden);
  const pixels = graph.input('pixel_values', 'float32', ['patches', patchSize]);
  const grid = graph.input('image_grid_thw', 'int64', [1, 3]);
  const [headDim, group] = [hidden / heads, merge * merge];
  const epsilon = 1e-6;
  const one = (value: number) => graph.integers(value);
  const sides = layers.reshape(grid, [-1]);
  const rows = layers.div(layers.slice(sides, 1, 2), one(merge));
  const columns = layers.div(layers.slice(sides, 2, 3), one(merge));
  const patches = layers.side(pixels, 0);
  layers.follow(patches);

  // Where each patch stands: of merged token m the row and the column, and its place within the token.
  const index = layers.range(patches);
  const token = layers.div(index, one(group));
  const [row, column] = [layers.div(token, columns), layers.mod(token, columns)];
  const within = layers.mod(index, one(group));
  const patchRow = layers.add(layers.mul(row, one(merge)), layers.div(within, one(merge)));
  const patchColumn = layers.add(layers.mul(column, one(merge)), layers.mod(within, one(merge)));

  const quarter = headDim / 4;
  const frequencies = graph.constant(
    Array.from({ length: quarter }, (_, i) => 1 / 10_000 ** ((2 * i) / (headDim / 2))),
    [1, quarter],
  );
  const angles = layers.concat(
    [patchRow, patchColumn].map((place) =>
      layers.mul(layers.reshape(layers.cast(place, 'float32'), [-1, 1]), frequencies),
    ),
    1,
  );
  const [cos, sin] = ['Cos', 'Sin'].map((operator) => layers.take(graph.node(operator, [angles]))) as [
    Value,
    Value,
  ];
  const ids = layers.reshape(index, [1, -1]);
  const rotate = (x: Value) => layers.microsoft('RotaryEmbedding', [x, ids, cos, sin]);

  const windows = windowsOf(layers, { ...config, group, rows, columns, row, column, within, patches });
  const attend = (q: Value, k: Value, v: Value, mask: Value | null) =>
    attention(layers, [q, k, v], { heads, headDim, mask });

  let x = layers.linear(layers.take(pixels), 'visual.patch_embed.proj', {
    bias: false,
    shape: [hidden, patchSize],
  });
  for (let block = 0; block < depth; block++) {
    const prefix = `visual.blocks.${block}.`;
    const inner = layers.rmsNorm(x, `${prefix}norm1.weight`, epsilon);
    const [q, k, v] = layers
      .split(layers.linear(inner, `${prefix}attn.qkv`), [hidden, hidden, hidden], 1)
      .map((part) => layers.reshape(part, [1, -1, hidden])) as [Value, Value, Value];
    const parts = [rotate(q), rotate(k), v] as const;
    const attended = fullAttention.includes(block)
      ? layers.reshape(attend(...parts, null), [-1, hidden])
      : windows.leave(attend(...(parts.map(windows.enter) as [Value, Value, Value]), windows.mask));
    x = layers.add(x, layers.linear(attended, `${prefix}attn.proj`));
    const norm = layers.rmsNorm(x, `${prefix}norm2.weight`, epsilon);
    x = layers.add(x, gatedMlp(layers, norm, `${prefix}mlp.`, true));
  }
  const merged = layers.reshape(layers.rmsNorm(x, 'visual.merger.ln_q.weight', epsilon), [
    -1,
    group * hidden,
  ]);
  const embeds = layers.linear(
    layers.gelu(layers.linear(merged, 'visual.merger.mlp.0')),
    'visual.merger.mlp.2',
  );
  graph.output('image_embeds', layers.give(embeds), 'float32', ['tokens', out]);
}

interface WindowParts {
  hidden: number;
  window: number;
  group: number;
  /** Lists of one: sides of the grid in merged tokens, and the number of patches. */
  rows: Value;
  columns: Value;
  patches: Value;
  /** Of each patch: its token's row and column, and its place within the token. */
  row: Value;
  column: Value;
  within: Value;
}

/**
 * The windows of a grid, those at its edges filled up: a window attends by itself, so that the work grows with the number of
 * patches and not with its square.
 */
function windowsOf(layers: Layers, parts: WindowParts) {
  const { graph } = layers;
  const { hidden, window, group, rows, columns, patches, row, column, within } = parts;
  const one = (value: number) => graph.integers(value);
  const places = window * window * group;
  const [down, along] = [windowsAcross(layers, rows, window), windowsAcross(layers, columns, window)];
  const windows = { side: window, along };
  // Every place of every window, and the patch that stands there.
  const place = layers.range(layers.mul(layers.mul(down, along), one(places)));
  const number = layers.div(place, one(places));
  const inside = layers.mod(place, one(places));
  const token = layers.div(inside, one(group));
  const [tokenRow, tokenColumn] = tokensOfGrid(layers, windows, number, token);
  const there = graph.node('And', [
    graph.node('Less', [tokenRow, rows]),
    graph.node('Less', [tokenColumn, columns]),
  ]);
  const patch = layers.add(
    layers.mul(layers.add(layers.mul(tokenRow, columns), tokenColumn), one(group)),
    layers.mod(inside, one(group)),
  );
  const source = graph.node('Where', [there, patch, one(0)]);
  const mask = layers.reshape(layers.cast(there, 'int32'), [-1, places]);
  // And the other way: the place of every patch.
  const [windowOf, tokenIn] = tokensOfWindows(layers, windows, row, column);
  const target = layers.add(
    layers.mul(windowOf, one(places)),
    layers.add(layers.mul(tokenIn, one(group)), within),
  );
  return {
    mask,
    /** (1, patches, hidden) to (windows, places, hidden). */
    enter: (x: Value) =>
      layers.reshape(
        graph.node('Gather', [layers.reshape(x, [-1, hidden]), source], { attributes: { axis: 0 } }),
        [-1, places, hidden],
      ),
    /** And back to (patches, hidden). */
    leave: (x: Value) =>
      layers.reshape(
        graph.node('Gather', [layers.reshape(x, [-1, hidden]), target], { attributes: { axis: 0 } }),
        layers.concat([patches, one(hidden)], 0),
      ),
  };
}
