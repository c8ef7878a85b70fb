import { CheckpointError } from '../errors';
import { dtypeBytes, sizeOf, type DType, type StoredTensor, type Tensors } from '../checkpoint/tensors';
import { block, rowSizes, type Bits } from './blocks';

/** A tensor that is written into a file: in blocks where `to` is, in another format where that differs, else byte by byte. */
export interface Piece {
  name: string;
  from: StoredTensor;
  to: StoredTensor;
}

/** A file with all weights of one graph. */
export interface Plan {
  file: string;
  bytes: number;
  pieces: Piece[];
}

/** What becomes of a weight: blocks of so many bits, another format, or, with null, what it was. */
export type Storing = (name: string, tensor: StoredTensor) => Bits | 'F16' | 'F32' | null;

/** Weights in blocks. @param chosen their names; they are matrices (outputs, inputs) */
export const inBlocks =
  (chosen: RegExp, bits: Bits): Storing =>
  (name) =>
    chosen.test(name) ? bits : null;

/** All weights as other floats. */
export const asFloats =
  (format: 'F16' | 'F32'): Storing =>
  (_name, { dtype }) =>
    ['F32', 'F16', 'BF16'].includes(dtype) && dtype !== format ? format : null;

/** Where tensors begin: at the start of a cache line. */
const alignment = 64;

/**
 * Lays out a file with the weights of one graph. A graph finds its files below one folder only, the downloaded files' or its own: what
 * stays as it is, is therefore copied.
 * @param tensors those that the graph names
 * @param file absolute path
 */
export function planOf(tensors: Tensors, storing: Storing, file: string): Plan {
  let end = 0;
  const place = (dtype: DType, shape: readonly number[], length: number): StoredTensor => {
    const offset = Math.ceil(end / alignment) * alignment;
    end = offset + length;
    return { dtype, shape, file, offset, length };
  };
  const pieces = [...tensors].map(([name, from]): Piece => {
    const { dtype, shape, length } = from;
    const form = storing(name, from);
    if (form === null) return { name, from, to: place(dtype, shape, length) };
    if (typeof form === 'string')
      return { name, from, to: place(form, shape, sizeOf(shape) * dtypeBytes[form]) };
    if (shape.length !== 2 || sizeOf(shape) === 0)
      throw new CheckpointError(
        'checkpoint_mismatch',
        `${name} is ${shape.join(' × ')}; it should be a matrix.`,
      );
    const [outputs, inputs] = shape as [number, number];
    const row = rowSizes(inputs, form);
    const numbers = place('U8', [outputs, row.blocks, (block * form) / 8], outputs * row.numbers);
    const scales = place('F32', [outputs * row.blocks], outputs * row.scales);
    const zeroPoints = place('U8', [outputs * row.zeroPoints], outputs * row.zeroPoints);
    const { offset } = numbers;
    return {
      ...{ name, from },
      to: { ...numbers, shape, length: end - offset, quantised: { bits: form, numbers, scales, zeroPoints } },
    };
  });
  return { file, bytes: end, pieces };
}
