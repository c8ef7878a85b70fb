import type { Value } from '../onnx/graph-builder';
import type { Layers } from './layers';

/**
 * Attention in two forms: onnxruntime's fused operators, and plain products with a softmax between them, for devices on which the
 * fused ones are wrong or lack a mask. Both give the same numbers.
 */
export type AttentionForm = 'fused' | 'plain';

/** What weighs nothing after the softmax, in every format that graphs compute in. */
const never = -60_000;

/**
 * All of (b, s, heads·headDim) attend to all of (b, t, heads·headDim).
 * @param mask (b, t), int32: 0 for keys that nobody attends to
 * @param bias (b or 1, heads or 1, s, t): what is added to the scores
 */
export function attention(
  layers: Layers,
  [q, k, v]: readonly [Value, Value, Value],
  {
    heads,
    headDim,
    mask = null,
    bias = null,
  }: { heads: number; headDim: number; mask?: Value | null; bias?: Value | null },
): Value {
  if (layers.attention === 'fused') {
    const inputs = [q, k, v, null, mask, bias];
    return layers.microsoft('MultiHeadAttention', inputs.slice(0, bias ? 6 : mask ? 5 : 3), {
      num_heads: heads,
    });
  }
  const { graph } = layers;
  const masked =
    mask && weighing(layers, graph.node('Unsqueeze', [layers.cast(mask, 'bool'), graph.integers(1, 2)]));
  const added = masked && bias ? layers.add(masked, bias) : (masked ?? bias);
  const [queries, keys, values] = [q, k, v].map((x) => inHeads(layers, x, heads, headDim));
  return together(
    layers,
    attended(layers, queries!, keys!, values!, { headDim, bias: added }),
    heads * headDim,
  );
}

interface CausalOptions {
  heads: number;
  kvHeads: number;
  headDim: number;
  /** (b, t), int64: 1 for every token so far. */
  mask: Value;
  /** (b, s, …): the tokens that are fed now. */
  fed: Value;
}

/**
 * Each token of (b, s, heads·headDim) attends to itself and to what comes before, the past among it.
 * @returns for a layer's queries, keys, values, and past keys and values (b, kvHeads, past, headDim): what comes of
 *   attention, and keys and values with the past
 */
export function causalAttention(layers: Layers, { heads, kvHeads, headDim, mask, fed }: CausalOptions) {
  const { graph } = layers;
  type Attend = (q: Value, k: Value, v: Value, past: readonly Value[]) => [Value, Value, Value];
  if (layers.attention === 'fused') {
    const lengths = layers.cast(
      graph.node('Sub', [
        graph.node('ReduceSum', [mask, graph.integers(1)], { attributes: { keepdims: 0 } }),
        graph.integers(1),
      ]),
      'int32',
    );
    const total = layers.cast(graph.node('Squeeze', [layers.side(mask, 1)]), 'int32');
    const attend: Attend = (q, k, v, past) =>
      graph.several('GroupQueryAttention', [q, k, v, ...past, lengths, total], 3, {
        domain: 'com.microsoft',
        attributes: { num_heads: heads, kv_num_heads: kvHeads },
      }) as [Value, Value, Value];
    return attend;
  }
  const [all, now] = [layers.side(mask, 1), layers.side(fed, 1)];
  const before = graph.node('Sub', [all, now]);
  const place = layers.reshape(layers.add(layers.range(now), before), [-1, 1]);
  const seen = graph.node('LessOrEqual', [layers.reshape(layers.range(all), [1, -1]), place]);
  const real = graph.node('Unsqueeze', [layers.cast(mask, 'bool'), graph.integers(1, 2)]);
  const bias = weighing(layers, graph.node('And', [real, seen]));
  // Every head of keys and values once for each head of queries that shares it.
  const shared = (x: Value) =>
    layers.reshape(
      graph.node('Expand', [
        graph.node('Unsqueeze', [x, graph.integers(2)]),
        graph.integers(1, 1, heads / kvHeads, 1, 1),
      ]),
      [0, heads, -1, headDim],
    );
  const attend: Attend = (q, k, v, [pastKeys, pastValues]) => {
    const keys = layers.concat([pastKeys!, inHeads(layers, k, kvHeads, headDim)], 2);
    const values = layers.concat([pastValues!, inHeads(layers, v, kvHeads, headDim)], 2);
    const queries = inHeads(layers, q, heads, headDim);
    const found = attended(layers, queries, shared(keys), shared(values), { headDim, bias });
    return [together(layers, found, heads * headDim), keys, values];
  };
  return attend;
}

/** (b, n, heads·headDim) to (b, heads, n, headDim) */
const inHeads = (layers: Layers, x: Value, heads: number, headDim: number): Value =>
  layers.transpose(layers.reshape(x, [0, 0, heads, headDim]), [0, 2, 1, 3]);

/** And back. */
const together = (layers: Layers, x: Value, width: number): Value =>
  layers.reshape(layers.transpose(x, [0, 2, 1, 3]), [0, 0, width]);

/** 0 where there is attention (bool), else a number after which there is none. */
export const weighing = (layers: Layers, where: Value): Value =>
  layers.graph.node('Where', [where, layers.constant([0]), layers.constant([never])]);

function attended(
  layers: Layers,
  q: Value,
  k: Value,
  v: Value,
  { headDim, bias }: { headDim: number; bias: Value | null },
): Value {
  const { graph } = layers;
  const scaled = layers.mul(q, layers.constant([headDim ** -0.5]));
  const scores = graph.node('MatMul', [scaled, layers.transpose(k, [0, 1, 3, 2])]);
  const weights = graph.node('Softmax', [bias ? layers.add(scores, bias) : scores], {
    attributes: { axis: -1 },
  });
  return graph.node('MatMul', [weights, v]);
}
