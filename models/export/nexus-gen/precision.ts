import type { StoredPrecision } from '../../runtime/directory';
import type { Device } from '../../runtime/types';
import type { GraphName } from '../../runtime/manifest';
import type { Numbers } from '../graphs/layers';
import { asFloats, inBlocks, type Storing } from '../quantise/plan';
import { weightsOf } from './graphs';

/** What weights are stored as: other floats, or blocks of so many bits. */
export const precisions = {
  'as-is': null,
  f32: 'F32',
  f16: 'F16',
  int8: 8,
  int4: 4,
} as const satisfies Record<StoredPrecision, unknown>;
export type Precision = StoredPrecision;

/**
 * How a graph is written for a device. CUDA computes in half precision: onnxruntime has the language model’s attention for no other there,
 * and its Node.js binding brings every output to the CPU, so that several tokens are decoded in one run. WebGPU’s fused attention has no
 * mask, and gave wrong numbers from 32 tokens on under a software driver.
 */
export function numbersOn(device: Device, precision: Precision): Numbers {
  const half = precision === 'f16';
  if (device === 'cuda') return { compute: half ? 'float16' : 'bfloat16', several: true };
  if (device === 'webgpu') return { compute: half ? 'float16' : 'float32', attention: 'plain' };
  return { compute: 'float32' };
}

/** What becomes of a graph's weights; null where they stay in the downloaded files. */
export function storingOf(name: GraphName, precision: Precision): Storing | null {
  const stored = precisions[precision];
  const { quantise, compute } = weightsOf(name);
  if (stored === null) return null;
  // What computes in a format of its own is small, and stays.
  if (typeof stored === 'string') return compute ? null : asFloats(stored);
  return quantise ? inBlocks(quantise, stored) : null;
}
