import { CheckpointError } from '../errors';
import type { Value } from '../onnx/graph-builder';
import { attention } from './attention';
import type { Layers } from './layers';
import { tokensOfGrid, tokensOfWindows, windowsAcross } from './windows';

/**
 * Swin's backbone with shifted windows, for one image of any size: the windows, their shift and its masks are worked out in
 * the graph.
 * Sources: transformers models/swin, SwinBackbone; mmdetection 2, models/backbones/swin.py.
 */

/**
 * How the columns of a patch merging are ordered: four pixels (row, column) (0,0), (1,0), (0,1), (1,1) of all channels each, or
 * channels of four pixels (0,0), (0,1), (1,0), (1,1) each.
 */
export type MergingOrder = 'pixels' | 'channels';

export interface SwinConfig {
  /** Before the names of all its tensors. */
  prefix: string;
  merging: MergingOrder;
  /** Of its norms. */
  epsilon: number;
}

/** A map of rows (h·w, width), and its sides, lists of one. */
export interface RowMap {
  rows: Value;
  height: Value;
  width: Value;
  channels: number;
}

/** What is added to scores between the regions that a shift brings together. Source: SwinLayer.get_attn_mask */
const apart = -100;

/** Stages of a backbone, each with its number of blocks, told by tensors. */
function depthsOf(layers: Layers, prefix: string): number[] {
  const depths: number[] = [];
  for (;;) {
    const blocks = layers.count(
      `${prefix}encoder.layers.${depths.length}.blocks.`,
      'layernorm_before.weight',
    );
    if (blocks === 0) return depths;
    depths.push(blocks);
  }
}

/** `pixels` (1, 3, h, w) to the normed maps of all stages, the largest first. @throws CheckpointError checkpoint_mismatch */
export function swinBackbone(layers: Layers, pixels: Value, config: SwinConfig): RowMap[] {
  const { prefix, epsilon, merging } = config;
  const embeddings = `${prefix}embeddings.`;
  let map = patches(layers, pixels, `${embeddings}patch_embeddings.projection`);
  map = { ...map, rows: layers.layerNorm(map.rows, `${embeddings}norm`, epsilon) };
  const depths = depthsOf(layers, prefix);
  return depths.map((depth, stage) => {
    const name = `${prefix}encoder.layers.${stage}.`;
    if (stage > 0)
      map = merged(layers, map, `${prefix}encoder.layers.${stage - 1}.downsample`, { epsilon, merging });
    const windows = windowsOf(layers, map, `${name}blocks.0.attention.self.relative_position_bias_table`);
    for (let block = 0; block < depth; block++)
      map = { ...map, rows: swinBlock(layers, map, `${name}blocks.${block}.`, windows[block % 2]!, epsilon) };
    return {
      ...map,
      rows: layers.layerNorm(map.rows, `${prefix}hidden_states_norms.stage${stage + 1}`, epsilon),
    };
  });
}

/** Patches of pixels as rows; an image is filled up with zeros at the right and at the bottom to whole patches. */
function patches(layers: Layers, pixels: Value, name: string): RowMap {
  const { graph } = layers;
  const [channels, , ...kernel] = layers.shape(`${name}.weight`, null, 3, null, null) as [
    number,
    number,
    number,
    number,
  ];
  const lacking = [2, 3].map((axis, i) => toMultiple(layers, layers.side(pixels, axis), kernel[i]!));
  const padded = graph.node('Pad', [
    layers.take(pixels),
    layers.concat([graph.integers(0, 0, 0, 0, 0, 0), ...lacking], 0),
  ]);
  const map = layers.conv(padded, name, { patches: true });
  return {
    rows: layers.transpose(layers.reshape(map, [channels, -1]), [1, 0]),
    height: layers.side(map, 2),
    width: layers.side(map, 3),
    channels,
  };
}

/** What a side lacks to a multiple of `step`. */
function toMultiple(layers: Layers, side: Value, step: number): Value {
  const { graph } = layers;
  const one = graph.integers(step);
  return layers.mod(graph.node('Sub', [one, layers.mod(side, one)]), one);
}

/** Four neighbours in one row each; odd maps are filled up with zeros. */
function merged(
  layers: Layers,
  { rows, height, width, channels }: RowMap,
  name: string,
  { epsilon, merging }: { epsilon: number; merging: MergingOrder },
): RowMap {
  const { graph } = layers;
  const map = layers.reshape(rows, layers.concat([height, width, graph.integers(channels)], 0));
  const padded = graph.node('Pad', [
    map,
    layers.concat(
      [
        graph.integers(0, 0, 0),
        toMultiple(layers, height, 2),
        toMultiple(layers, width, 2),
        graph.integers(0),
      ],
      0,
    ),
  ]);
  const [down, along] = [0, 1].map((axis) => layers.div(layers.side(padded, axis), graph.integers(2))) as [
    Value,
    Value,
  ];
  // Row, its half, column, its half, channel.
  const split = layers.reshape(
    padded,
    layers.concat([down, graph.integers(2), along, graph.integers(2, channels)], 0),
  );
  const order = merging === 'pixels' ? [0, 2, 3, 1, 4] : [0, 2, 4, 1, 3];
  const four = layers.reshape(layers.transpose(split, order), [-1, 4 * channels]);
  const normed = layers.layerNorm(four, `${name}.norm`, epsilon);
  const [out] = layers.shape(`${name}.reduction.weight`, null, 4 * channels) as [number];
  return {
    rows: layers.linear(normed, `${name}.reduction`, { bias: false }),
    ...{ height: down, width: along, channels: out },
  };
}

interface Windows {
  /** (places, channels) of the windows, from the rows of a map. */
  enter: (rows: Value) => Value;
  /** And back. */
  leave: (rows: Value) => Value;
  /** What is added to scores (windows, 1, places of one, places of one); null where nothing is. */
  mask: Value | null;
  /** Places of one window. */
  places: number;
  side: number;
}

/**
 * The windows of a stage, first as they are, then shifted by half a window: the map is filled up with zeros at the right and at
 * the bottom to whole windows, whatever its size, and rolled; what a roll brings together from different edges does not attend
 * to one another.
 */
function windowsOf(layers: Layers, { height, width }: RowMap, table: string): [Windows, Windows] {
  const { graph } = layers;
  const [entries] = layers.shape(table, null, null) as [number];
  const side = (Math.sqrt(entries) + 1) / 2;
  if (!Number.isInteger(side))
    throw new CheckpointError(
      'checkpoint_mismatch',
      `${table} has ${entries} rows, which are not those of a square window.`,
    );
  const one = (value: number) => graph.integers(value);
  const places = side * side;
  const shift = Math.floor(side / 2);
  const [down, along] = [windowsAcross(layers, height, side), windowsAcross(layers, width, side)];
  const grid = { side, along };
  const [paddedHeight, paddedWidth] = [down, along].map((count) => layers.mul(count, one(side))) as [
    Value,
    Value,
  ];
  const pixels = layers.mul(height, width);

  // The row and the column of every place of every window, in the map after the roll.
  const place = layers.range(layers.mul(layers.mul(down, along), one(places)));
  const number = layers.div(place, one(places));
  const inside = layers.mod(place, one(places));
  const [row, column] = tokensOfGrid(layers, grid, number, inside);
  // And of every pixel of the map.
  const pixel = layers.range(pixels);
  const [pixelRow, pixelColumn] = [layers.div(pixel, width), layers.mod(pixel, width)];

  /** Which of three regions of an axis: before the last window, within its first part, within its last. */
  const region = (at: Value, length: Value) =>
    [side, shift]
      .map((from) =>
        layers.cast(graph.node('GreaterOrEqual', [at, graph.node('Sub', [length, one(from)])]), 'int64'),
      )
      .reduce((a, b) => layers.add(a, b));

  const windows = (by: number): Windows => {
    const rolled = (at: Value, length: Value) =>
      by === 0 ? at : layers.mod(layers.add(at, one(by)), length);
    const [fromRow, fromColumn] = [rolled(row, paddedHeight), rolled(column, paddedWidth)];
    const there = graph.node('And', [
      graph.node('Less', [fromRow, height]),
      graph.node('Less', [fromColumn, width]),
    ]);
    // What lies beyond the map is a row of zeros after its last.
    const source = graph.node('Where', [there, layers.add(layers.mul(fromRow, width), fromColumn), pixels]);
    const back = (at: Value, length: Value) =>
      by === 0 ? at : layers.mod(layers.add(at, graph.node('Sub', [length, one(by)])), length);
    const [toRow, toColumn] = [back(pixelRow, paddedHeight), back(pixelColumn, paddedWidth)];
    const [window, within] = tokensOfWindows(layers, grid, toRow, toColumn);
    const target = layers.add(layers.mul(window, one(places)), within);
    return {
      enter: (rows) => graph.node('Gather', [graph.node('Pad', [rows, graph.integers(0, 0, 1, 0)]), source]),
      leave: (rows) => graph.node('Gather', [rows, target]),
      mask: by === 0 ? null : maskOf(),
      ...{ places, side },
    };
  };
  const maskOf = () => {
    const regions = layers.add(layers.mul(region(row, paddedHeight), one(3)), region(column, paddedWidth));
    const [ours, theirs] = [
      [-1, 1, places, 1],
      [-1, 1, 1, places],
    ].map((shape) => layers.reshape(regions, shape)) as [Value, Value];
    return graph.node('Where', [
      graph.node('Equal', [ours, theirs]),
      layers.constant([0]),
      layers.constant([apart]),
    ]);
  };
  return [windows(0), shift === 0 ? windows(0) : windows(shift)];
}

/** Rows of a map to the same: attention within windows, and an MLP. */
function swinBlock(layers: Layers, map: RowMap, name: string, windows: Windows, epsilon: number): Value {
  const { rows, channels } = map;
  const self = `${name}attention.self.`;
  const inner = windows.enter(layers.layerNorm(rows, `${name}layernorm_before`, epsilon));
  const { heads, bias } = positionBias(layers, `${self}relative_position_bias_table`, windows);
  if (channels % heads !== 0)
    throw new CheckpointError(
      'checkpoint_mismatch',
      `${self}relative_position_bias_table has ${heads} columns, and heads of ${channels} cannot be so many.`,
    );
  const bias3 = layers.has(`${self}query.bias`);
  const [q, k, v] = ['query', 'key', 'value'].map((part) =>
    layers.reshape(layers.linear(inner, `${self}${part}`, { bias: bias3 }), [-1, windows.places, channels]),
  ) as [Value, Value, Value];
  const attended = attention(layers, [q, k, v], {
    ...{ heads, headDim: channels / heads },
    bias: windows.mask ? layers.add(bias, windows.mask) : bias,
  });
  const seen = layers.add(
    rows,
    layers.linear(windows.leave(layers.reshape(attended, [-1, channels])), `${name}attention.output.dense`),
  );
  const wide = layers.linear(
    layers.layerNorm(seen, `${name}layernorm_after`, epsilon),
    `${name}intermediate.dense`,
  );
  return layers.add(seen, layers.linear(layers.gelu(wide), `${name}output.dense`));
}

/** What is added to scores by the distance within a window: (1, heads, places, places). */
function positionBias(
  layers: Layers,
  table: string,
  { side, places }: Windows,
): { heads: number; bias: Value } {
  const reach = 2 * side - 1;
  const [, heads] = layers.shape(table, reach * reach, null) as [number, number];
  const index = Array.from({ length: places * places }, (_, i) => {
    const [query, key] = [Math.floor(i / places), i % places];
    const dy = Math.floor(query / side) - Math.floor(key / side);
    const dx = (query % side) - (key % side);
    return (dy + side - 1) * reach + dx + side - 1;
  });
  const rows = layers.graph.node('Gather', [
    layers.weight(table),
    layers.graph.constant(index, [places, places], 'int64'),
  ]);
  return { heads, bias: layers.reshape(layers.transpose(rows, [2, 0, 1]), [1, heads, places, places]) };
}
