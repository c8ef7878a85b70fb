import { CheckpointError } from '../errors';
import { attention } from './attention';
import type { Value } from '../onnx/graph-builder';
import type { AutoregressiveConfig } from './sizes';
import type { Layers } from './layers';
import { qwenLayer, rotaryTables } from './qwen';

/**
 * From image embeddings to the condition of a decoder: `cond` (b, n, C + 3), each token with its position behind it (see
 * flux.ts).
 * Sources: Nexus-Gen, modeling/decoder/generation_decoder.py (adapter) and modules.py (ImageEmbeddingMerger).
 */

/** The image embeddings that a model makes and, in an edit, those of the source: rows and columns. */
export interface Grids {
  target: readonly [number, number];
  reference: readonly [number, number];
}

/** Two linear layers; the tokens of a generated image have no place of their own. */
export function generationProjector(
  layers: Layers,
  { hidden }: AutoregressiveConfig,
  { target }: Grids,
): void {
  const { graph } = layers;
  const tokens = target[0] * target[1];
  const [context] = layers.shape('adapter.0.weight', null, hidden) as [number, number];
  const embeds = graph.input('image_embeds', 'float32', ['b', tokens, hidden]);
  const batch = layers.side(embeds, 0);
  layers.follow(batch);
  const norm = (x: Value, name: string) => layers.layerNorm(x, name, 1e-5);
  const inner = norm(
    layers.linear(layers.take(layers.reshape(embeds, [-1, hidden])), 'adapter.0'),
    'adapter.1',
  );
  const projected = norm(layers.linear(graph.node('Relu', [inner]), 'adapter.3'), 'adapter.4');
  const places = new Float32Array(tokens * 3);
  giveCondition(layers, { projected, batch, tokens, context, places });
}

/**
 * One layer of a transformer over the wanted image's embeddings and the source's, and a wide projection. Targets and source
 * stand on one grid of the finer one's places.
 */
export function editingProjector(
  layers: Layers,
  config: AutoregressiveConfig,
  { target, reference }: Grids,
): void {
  const { graph } = layers;
  const prefix = 'embedding_merger.';
  const { hidden, heads, kvHeads, headDim, sections, theta, epsilon } = config;
  const [context] = layers.shape(`${prefix}projector.4.weight`, null, null) as [number, number];
  layers.shape(`${prefix}layers.0.self_attn.q_proj.weight`, heads * headDim, hidden);
  const counts = [target[0] * target[1], reference[0] * reference[1]] as const;
  const tokens = counts[0] + counts[1];
  const wanted = graph.input('image_embeds', 'float32', ['b', counts[0], hidden]);
  const source = graph.input('reference_embeds', 'float32', ['b', counts[1], hidden]);
  const batch = layers.side(wanted, 0);
  layers.follow(batch);
  const places = [target, reference].flatMap(([rows, columns], index) =>
    Array.from({ length: rows * columns }, (_, i) => ({
      ...{ index, row: Math.floor(i / columns), column: i % columns, rows, columns },
    })),
  );
  // On a grid twice as fine as the source's, as if it were one image.
  const fine = { rows: 2 * reference[0], columns: 2 * reference[1] };
  const positions = [
    places.map(() => 0),
    places.map(({ row, rows }) => (row * fine.rows) / rows),
    places.map(({ column, columns }) => (column * fine.columns) / columns),
  ];
  if (!positions.flat().every(Number.isInteger))
    throw new CheckpointError(
      'checkpoint_mismatch',
      `Grids of ${target.join('×')} and ${reference.join('×')} do not fit one another.`,
    );
  const shapeOf = (width: number) => layers.concat([batch, graph.integers(tokens, width)], 0);
  const inSequences = (rows: Value, width: number) => layers.reshape(rows, shapeOf(width));
  const ids = graph.node('Expand', [
    graph.constant(positions.flat(), [3, 1, tokens], 'int64'),
    layers.concat([graph.integers(1), batch, graph.integers(1)], 0),
  ]);
  // onnxruntime wants as many rows as there are tokens, although no position is that far.
  const tables = rotaryTables(layers, Math.max(tokens, ...positions.flat()) + 1, headDim, theta);
  // Every head of keys and values once for each head of queries that shares it.
  const repeat = (x: Value) => {
    const each = layers.reshape(x, layers.concat([batch, graph.integers(tokens, kvHeads, 1, headDim)], 0));
    const wide = graph.node('Expand', [each, graph.integers(1, 1, 1, heads / kvHeads, 1)]);
    return inSequences(wide, heads * headDim);
  };
  const rows = layers.reshape(layers.concat([wanted, source], 1), [-1, hidden]);
  const merged = qwenLayer(layers, `${prefix}layers.0.`, layers.take(rows), {
    ...{ sizes: { hidden, heads, kvHeads, headDim, epsilon }, inSequences },
    rotate: (x, ofHeads) =>
      layers.microsoft('MRotaryEmbedding', [x, ids, ...tables], {
        mrope_section: sections,
        num_heads: ofHeads,
      }),
    attend: (q, k, v) => attention(layers, [q, repeat(k), repeat(v)], { heads, headDim }),
  });
  const norm = (x: Value, name: string) => layers.rmsNorm(x, `${prefix}projector.${name}.weight`, epsilon);
  const linear = (x: Value, name: string) => layers.linear(x, `${prefix}projector.${name}`);
  const projected = norm(linear(layers.silu(norm(linear(norm(merged, '0'), '1'), '2')), '4'), '5');
  const parts = Float32Array.from(
    places.flatMap(({ index, row, column }) => [
      index,
      row / (index === 0 ? 2 * target[0] : fine.rows),
      column / (index === 0 ? 2 * target[1] : fine.columns),
    ]),
  );
  giveCondition(layers, { projected, batch, tokens, context, places: parts });
}

interface Condition {
  /** (b·tokens, context) */
  projected: Value;
  batch: Value;
  tokens: number;
  context: number;
  /** (tokens, 3): index, and row and column as parts of the latents' sides. */
  places: Float32Array;
}

function giveCondition(layers: Layers, { projected, batch, tokens, context, places }: Condition): void {
  const { graph } = layers;
  const rows = layers.reshape(
    layers.give(projected),
    layers.concat([batch, graph.integers(tokens, context)], 0),
  );
  const ids = graph.node('Expand', [
    graph.constant(places, [1, tokens, 3]),
    layers.concat([batch, graph.integers(1, 1)], 0),
  ]);
  graph.output('cond', layers.concat([rows, ids], 2), 'float32', ['b', tokens, context + 3]);
}
