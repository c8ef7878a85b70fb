import { storedPrecisions, type StoredPrecision } from '../../runtime/directory';
import type { GraphName } from '../../runtime/manifest';
import { sizeOf, type StoredTensor, type Tensors } from '../checkpoint/tensors';
import { rowSizes } from '../quantise/blocks';
import { weightsOf } from './graphs';

/** Bytes of a graph's weights in every precision. @param tensors those that it names, as they were downloaded */
export function precisionSizes(name: GraphName, tensors: Tensors): Record<StoredPrecision, number> {
  const { quantise, compute } = weightsOf(name);
  const bytesIn: Record<StoredPrecision, (tensor: StoredTensor, of: string) => number> = {
    'as-is': ({ length }) => length,
    // What computes in a format of its own stays as it is.
    f32: ({ shape, length }) => (compute ? length : sizeOf(shape) * 4),
    f16: ({ shape, length }) => (compute ? length : sizeOf(shape) * 2),
    int8: (tensor, of) => (quantise?.test(of) ? inBlocks(tensor, 8) : tensor.length),
    int4: (tensor, of) => (quantise?.test(of) ? inBlocks(tensor, 4) : tensor.length),
  };
  return Object.fromEntries(
    storedPrecisions.map((precision) => [
      precision,
      [...tensors].reduce((sum, [of, tensor]) => sum + bytesIn[precision](tensor, of), 0),
    ]),
  ) as Record<StoredPrecision, number>;
}

function inBlocks({ shape: [outputs = 0, inputs = 0] }: StoredTensor, bits: 4 | 8): number {
  const { numbers, scales, zeroPoints } = rowSizes(inputs, bits);
  return outputs * (numbers + scales + zeroPoints);
}
