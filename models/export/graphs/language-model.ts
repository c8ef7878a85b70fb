import { CheckpointError } from '../errors';
import { causalAttention } from './attention';
import type { Value } from '../onnx/graph-builder';
import type { AutoregressiveConfig } from './sizes';
import type { Layers } from './layers';
import { qwenLayer, rotaryTables, type QwenSizes } from './qwen';

/** `inputs_embeds` of tokens: rows of the table. @param D width of the embeddings */
export function embedTokens(layers: Layers, { hidden, vocabulary }: AutoregressiveConfig): void {
  const { graph } = layers;
  const name = 'model.embed_tokens.weight';
  layers.shape(name, vocabulary, hidden);
  const ids = graph.input('input_ids', 'int64', ['b', 's']);
  // Rows are taken before they are widened: the table stays as it is.
  graph.output('inputs_embeds', layers.rows(name, ids, 'float32'), 'float32', ['b', 's', hidden]);
}

/** Hidden states to image embeddings, without a bias. */
export function visionHead(layers: Layers, { hidden }: AutoregressiveConfig): void {
  const { graph } = layers;
  layers.shape('vision_head.weight', hidden, hidden);
  const states = graph.input('hidden_states', 'float32', ['b', 's', hidden]);
  layers.follow(layers.side(states, 1));
  const rows = layers.linear(layers.take(layers.reshape(states, [-1, hidden])), 'vision_head', {
    bias: false,
  });
  const shaped = layers.reshape(layers.give(rows), graph.node('Shape', [states]));
  graph.output('image_embeds', shaped, 'float32', ['b', 's', hidden]);
}

/**
 * The decoder of Nexus-Gen with its cache: `inputs_embeds`, `attention_mask` over all tokens so far, `position_ids`
 * (time, row, column), and keys and values of each layer; `hidden_states` come after the last norm, `logits` are those of
 * the last token.
 */
export function languageModel(layers: Layers, config: AutoregressiveConfig): void {
  const { graph } = layers;
  const { hidden, heads, kvHeads, headDim, sections, theta, epsilon, vocabulary, positions } = config;
  const count = layers.count('model.layers.', 'input_layernorm.weight');
  if (count !== config.layers)
    throw new CheckpointError(
      'checkpoint_mismatch',
      `config.json speaks of ${config.layers} layers, and the files have ${count}.`,
    );
  layers.shape('model.layers.0.self_attn.q_proj.weight', heads * headDim, hidden);
  layers.shape('model.layers.0.self_attn.k_proj.weight', kvHeads * headDim, hidden);
  layers.shape('lm_head.weight', vocabulary, hidden);
  const embeds = graph.input('inputs_embeds', 'float32', ['b', 's', hidden]);
  const mask = graph.input('attention_mask', 'int64', ['b', 't']);
  const ids = graph.input('position_ids', 'int64', [3, 'b', 's']);
  const batchAndLength = layers.slice(graph.node('Shape', [embeds]), 0, 2);
  layers.follow(layers.side(embeds, 1));
  const shapes = new Map<number, Value>();
  const inSequences = (rows: Value, width: number): Value => {
    const shape = shapes.get(width) ?? layers.concat([batchAndLength, graph.integers(width)], 0);
    shapes.set(width, shape);
    return layers.reshape(rows, shape);
  };
  const tables = rotaryTables(layers, positions, headDim, theta);
  const rotate = (x: Value, ofHeads: number) =>
    layers.microsoft('MRotaryEmbedding', [x, ids, ...tables], {
      mrope_section: sections,
      num_heads: ofHeads,
    });
  const attend = causalAttention(layers, { heads, kvHeads, headDim, mask, fed: embeds });
  const sizes: QwenSizes = { hidden, heads, kvHeads, headDim, epsilon };
  const cacheType = layers.compute === 'float16' ? 'float16' : 'float32';
  const [fromCache, toCache] =
    layers.compute === 'bfloat16'
      ? [layers.take.bind(layers), layers.give.bind(layers)]
      : [(x: Value) => x, (x: Value) => x];
  let x = layers.take(layers.reshape(embeds, [-1, hidden]));
  for (let layer = 0; layer < count; layer++) {
    const past = ['key', 'value'].map((kind) =>
      fromCache(graph.input(`past_key_values.${layer}.${kind}`, cacheType, ['b', kvHeads, 'past', headDim])),
    );
    x = qwenLayer(layers, `model.layers.${layer}.`, x, {
      ...{ sizes, inSequences, rotate },
      attend: (q, k, v) => {
        const [attended, key, value] = attend(q, k, v, past);
        graph.output(`present.${layer}.key`, toCache(key), cacheType, ['b', kvHeads, 't', headDim]);
        graph.output(`present.${layer}.value`, toCache(value), cacheType, ['b', kvHeads, 't', headDim]);
        return attended;
      },
    });
  }
  const states = inSequences(layers.rmsNorm(x, 'model.norm.weight', epsilon), hidden);
  const last = graph.node('Slice', [states, graph.integers(-1), graph.integers(2 ** 31), graph.integers(1)]);
  const logits = layers.linear(graph.node('Squeeze', [last, graph.integers(1)]), 'lm_head', { bias: false });
  graph.output('logits', layers.give(logits), 'float32', ['b', vocabulary]);
  graph.output('hidden_states', layers.give(states), 'float32', ['b', 's', hidden]);
}
