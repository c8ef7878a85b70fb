import { storedPrecisions, type StoredPrecision } from '../../runtime/directory';
import type { GraphName } from '../../runtime/manifest';
import { dtypeBytes, sizeOf, type StoredTensor, type Tensors } from '../checkpoint/tensors';
import { rowSizes, type Bits } from '../quantise/blocks';
import { storingOf } from './precision';

/** Bytes of a graph's weights in every precision. @param tensors those that it names, as they were downloaded */
export function precisionSizes(name: GraphName, tensors: Tensors): Record<StoredPrecision, number> {
  const bytesIn = (precision: StoredPrecision): number => {
    const storing = storingOf(name, precision);
    return [...tensors].reduce((sum, [of, tensor]) => {
      const form = storing?.(of, tensor) ?? null;
      if (form === null) return sum + tensor.length;
      return (
        sum + (typeof form === 'string' ? sizeOf(tensor.shape) * dtypeBytes[form] : inBlocks(tensor, form))
      );
    }, 0);
  };
  return Object.fromEntries(storedPrecisions.map((precision) => [precision, bytesIn(precision)])) as Record<
    StoredPrecision,
    number
  >;
}

function inBlocks({ shape: [outputs = 0, inputs = 0] }: StoredTensor, bits: Bits): number {
  const { numbers, scales, zeroPoints } = rowSizes(inputs, bits);
  return outputs * (numbers + scales + zeroPoints);
}
