import type { Value } from '../onnx/graph-builder';
import type { Layers } from './layers';

/**
 * A decoder layer of Qwen2.5, as the language model and the editing merger have it.
 * Source: transformers models/qwen2_5_vl; Nexus-Gen, modeling/ar/modeling_qwen2_5_vl.py.
 */

export interface QwenSizes {
  /** Width of the embeddings. */
  hidden: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  epsilon: number;
}

interface LayerParts {
  sizes: QwenSizes;
  /** (b·s, n) to (b, s, n). */
  inSequences: (rows: Value, width: number) => Value;
  /** Turns queries or keys (b, s, heads·headDim) by their positions. */
  rotate: (x: Value, heads: number) => Value;
  /** (b, s, heads·headDim) each; keys and values of `kvHeads`. */
  attend: (q: Value, k: Value, v: Value) => Value;
}

/** Rows (b·s, hidden) to the same. @param prefix of the layer's tensors, with its dot */
export function qwenLayer(layers: Layers, prefix: string, x: Value, parts: LayerParts): Value {
  const { heads, kvHeads, headDim, epsilon } = parts.sizes;
  const inner = layers.rmsNorm(x, `${prefix}input_layernorm.weight`, epsilon);
  const project = (name: string, count: number) =>
    parts.inSequences(layers.linear(inner, `${prefix}self_attn.${name}`), count * headDim);
  const q = parts.rotate(project('q_proj', heads), heads);
  const k = parts.rotate(project('k_proj', kvHeads), kvHeads);
  const attended = layers.reshape(parts.attend(q, k, project('v_proj', kvHeads)), [-1, heads * headDim]);
  const seen = layers.add(x, layers.linear(attended, `${prefix}self_attn.o_proj`, { bias: false }));
  const rows = layers.rmsNorm(seen, `${prefix}post_attention_layernorm.weight`, epsilon);
  return layers.add(seen, gatedMlp(layers, rows, `${prefix}mlp.`, false));
}

/** `down(silu(gate(x)) · up(x))` */
export function gatedMlp(layers: Layers, x: Value, prefix: string, bias: boolean): Value {
  const gate = layers.silu(layers.linear(x, `${prefix}gate_proj`, { bias }));
  const up = layers.linear(x, `${prefix}up_proj`, { bias });
  return layers.linear(layers.mul(gate, up), `${prefix}down_proj`, { bias });
}

/** Cosines and sines (positions, headDim/2) of rotary angles, computed in float32 as the reference does. */
export function rotaryTables(
  layers: Layers,
  positions: number,
  headDim: number,
  theta: number,
): [Value, Value] {
  const half = headDim / 2;
  const [cos, sin] = [new Float32Array(positions * half), new Float32Array(positions * half)];
  for (let i = 0; i < half; i++) {
    const frequency = Math.fround(1 / theta ** ((2 * i) / headDim));
    for (let p = 0; p < positions; p++) {
      const angle = Math.fround(p * frequency);
      cos[p * half + i] = Math.cos(angle);
      sin[p * half + i] = Math.sin(angle);
    }
  }
  return [layers.constant(cos, [positions, half]), layers.constant(sin, [positions, half])];
}
