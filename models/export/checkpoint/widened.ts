import { floatsOf } from '../../runtime/graphs/tensor';
import { CheckpointError } from '../errors';
import type { DType } from './tensors';

/**
 * Numbers of a weight’s format as float32.
 * @param name of the tensor, for the message
 * @throws CheckpointError checkpoint_format where it holds something else
 */
export function widened(bytes: Uint8Array, dtype: DType, name: string): Float32Array {
  // Of its own, because a view of 4-byte numbers must begin at a multiple of 4.
  const { buffer } = new Uint8Array(bytes);
  if (dtype === 'F32') return new Float32Array(buffer);
  const halves = new Uint16Array(buffer);
  if (dtype === 'F16') return floatsOf({ dtype: 'float16', dims: [halves.length], data: halves });
  if (dtype !== 'BF16')
    throw new CheckpointError('checkpoint_format', `${name} holds ${dtype}, which is not a weight’s format.`);
  // The upper half of a float32.
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
  return new Float32Array(bits.buffer);
}
