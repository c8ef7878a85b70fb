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
 *
 * With `layers.several` it also goes on by itself, so that the cache needs to leave the device once for several tokens: up to `steps`
 * `tokens`, each the likeliest but for those that are `forbidden`, until one is an `end`. The first of them follows from the logits, and
 * all but the last have been fed, from `position` on.
 */
export function languageModel(layers: Layers, config: AutoregressiveConfig): void {
  const { graph } = layers;
  const { hidden, heads, kvHeads, headDim, vocabulary } = config;
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
  layers.follow(layers.side(embeds, 1));
  const tables = rotaryTables(layers, config.positions, headDim, config.theta);
  const cacheType = layers.compute === 'float16' ? 'float16' : 'float32';
  const [fromCache, toCache] =
    layers.compute === 'bfloat16'
      ? [layers.take.bind(layers), layers.give.bind(layers)]
      : [(x: Value) => x, (x: Value) => x];
  const names = Array.from({ length: count }, (_, layer) =>
    ['key', 'value'].map((kind) => `${layer}.${kind}`),
  ).flat();
  const past = names.map((name) =>
    fromCache(graph.input(`past_key_values.${name}`, cacheType, ['b', kvHeads, 'past', headDim])),
  );
  const pass = (fed: Fed) => passOf(layers, config, count, tables, fed);
  const read = pass({ embeds: layers.take(embeds), mask, ids, past });
  const spoken = layers.several ? speak(layers, config, read, pass) : null;
  for (const [i, name] of names.entries())
    graph.output(`present.${name}`, toCache((spoken?.cache ?? read.cache)[i]!), cacheType, [
      ...['b', kvHeads, 't', headDim],
    ]);
  graph.output('logits', layers.give(read.logits), 'float32', ['b', vocabulary]);
  graph.output('hidden_states', layers.give(read.states), 'float32', ['b', 's', hidden]);
  if (spoken) graph.output('tokens', spoken.tokens, 'int64', ['tokens']);
}

/** What one pass through all layers takes, in the format of the computation. */
interface Fed {
  /** (b, s, hidden) */
  embeds: Value;
  /** (b, t), int64 */
  mask: Value;
  /** (3, b, s) */
  ids: Value;
  /** Keys and values by layers. */
  past: readonly Value[];
}

/** And what it gives. */
interface Passed {
  /** (b, vocabulary) of the last token. */
  logits: Value;
  /** (b, s, hidden) */
  states: Value;
  cache: Value[];
}

function passOf(
  layers: Layers,
  config: AutoregressiveConfig,
  count: number,
  tables: readonly [Value, Value],
  { embeds, mask, ids, past }: Fed,
): Passed {
  const { graph } = layers;
  const { hidden, heads, kvHeads, headDim, sections, epsilon } = config;
  const batchAndLength = layers.slice(graph.node('Shape', [embeds]), 0, 2);
  const shapes = new Map<number, Value>();
  const inSequences = (rows: Value, width: number): Value => {
    const shape = shapes.get(width) ?? layers.concat([batchAndLength, graph.integers(width)], 0);
    shapes.set(width, shape);
    return layers.reshape(rows, shape);
  };
  const rotate = (x: Value, ofHeads: number) =>
    layers.microsoft('MRotaryEmbedding', [x, ids, ...tables], {
      mrope_section: sections,
      num_heads: ofHeads,
    });
  const attend = causalAttention(layers, { heads, kvHeads, headDim, mask, fed: embeds });
  const sizes: QwenSizes = { hidden, heads, kvHeads, headDim, epsilon };
  const cache: Value[] = [];
  let x = layers.reshape(embeds, [-1, hidden]);
  for (let layer = 0; layer < count; layer++)
    x = qwenLayer(layers, `model.layers.${layer}.`, x, {
      ...{ sizes, inSequences, rotate },
      attend: (q, k, v) => {
        const [attended, key, value] = attend(q, k, v, past.slice(2 * layer, 2 * layer + 2));
        cache.push(key, value);
        return attended;
      },
    });
  const states = inSequences(layers.rmsNorm(x, 'model.norm.weight', epsilon), hidden);
  const last = graph.node('Slice', [states, graph.integers(-1), graph.integers(2 ** 31), graph.integers(1)]);
  const logits = layers.linear(graph.node('Squeeze', [last, graph.integers(1)]), 'lm_head', { bias: false });
  return { logits, states, cache };
}

/** Greedy decoding of one sequence behind what has been read. */
function speak(
  layers: Layers,
  { hidden }: AutoregressiveConfig,
  read: Passed,
  pass: (fed: Fed) => Passed,
): { tokens: Value; cache: Value[] } {
  const { graph } = layers;
  const steps = graph.input('steps', 'int64', [1]);
  const position = graph.input('position', 'int64', [1]);
  const forbidden = graph.input('forbidden', 'int64', ['forbidden']);
  const ends = graph.input('ends', 'int64', ['ends']);
  const places = layers.reshape(forbidden, [1, -1]);
  const never = graph.node('Expand', [graph.constant([-3e38], [1, 1]), graph.node('Shape', [places])]);
  const likeliest = (logits: Value): Value =>
    graph.node(
      'ArgMax',
      [
        graph.node('ScatterElements', [layers.give(logits), places, never], {
          attributes: { axis: 1 },
        }),
      ],
      { attributes: { axis: 1, keepdims: 0 } },
    );
  const goesOn = (id: Value): Value =>
    graph.node('Equal', [
      graph.node('ReduceSum', [layers.cast(graph.node('Equal', [id, ends]), 'int64')], {
        attributes: { keepdims: 0 },
      }),
      graph.scalar(0),
    ]);
  const first = likeliest(read.logits);
  const rest = graph.node('Max', [
    graph.node('Sub', [graph.node('Squeeze', [steps]), graph.scalar(1)]),
    graph.scalar(0),
  ]);
  const spoken = graph.loop(
    [rest, goesOn(first)],
    [{ value: first, type: 'int64' }, ...read.cache.map((value) => ({ value, type: layers.compute }))],
    (run, [id, ...past]) => {
      const length = layers.add(layers.side(past[0]!, 2), graph.integers(1));
      const { logits, cache } = pass({
        embeds: layers.reshape(layers.rows('model.embed_tokens.weight', id!), [1, 1, hidden]),
        mask: graph.node('Expand', [
          graph.constant([1], [1, 1], 'int64'),
          layers.concat([graph.integers(1), length], 0),
        ]),
        ids: graph.node('Expand', [
          layers.reshape(layers.add(position, run), [1, 1, 1]),
          graph.integers(3, 1, 1),
        ]),
        past,
      });
      const next = likeliest(logits);
      return { again: goesOn(next), carried: [next, ...cache], listed: [next] };
    },
  );
  const [, ...cache] = spoken.carried;
  return { tokens: layers.concat([first, layers.reshape(spoken.listed[0]!, [-1])], 0), cache };
}
