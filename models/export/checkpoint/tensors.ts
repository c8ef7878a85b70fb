import { CheckpointError } from '../errors';

/** Number formats by the names that safetensors gives them, and the bytes of one number. */
export const dtypeBytes = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;
export type DType = keyof typeof dtypeBytes;

export const isDType = (name: unknown): name is DType =>
  typeof name === 'string' && Object.hasOwn(dtypeBytes, name);

/** A tensor where it lies: raw little-endian numbers, row by row. */
export interface StoredTensor {
  dtype: DType;
  shape: readonly number[];
  /** Absolute path of the file. */
  file: string;
  /** In bytes. */
  offset: number;
  length: number;
  /** The weight of a linear layer that is stored in blocks; `shape` is that of the weight, the bytes are those of all three. */
  quantised?: Quantised;
}

/** A weight as onnxruntime's MatMulNBits takes it (../quantise/blocks.ts). */
export interface Quantised {
  bits: 4 | 8;
  numbers: StoredTensor;
  scales: StoredTensor;
  zeroPoints: StoredTensor;
}

/** The tensors of one or more files, by name. */
export type Tensors = ReadonlyMap<string, StoredTensor>;

/** How many numbers a shape has; 1 for a scalar. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1);

/** Whether it is a list of whole numbers from 0 on whose product a file could hold. */
export function isShape(shape: unknown): shape is number[] {
  return (
    Array.isArray(shape) &&
    shape.length <= 8 &&
    shape.every((side) => Number.isSafeInteger(side) && side >= 0) &&
    Number.isSafeInteger(sizeOf(shape as number[]) * 8)
  );
}

/**
 * Checks that tensors lie inside the file and do not overlap; those that share all their bytes may (tied weights).
 * @param from where tensors may begin
 * @throws CheckpointError checkpoint_damaged
 */
export function checkPlaces(file: string, size: number, from: number, tensors: Tensors): void {
  const places = [...tensors].sort(([, a], [, b]) => a.offset - b.offset || a.length - b.length);
  let end = from;
  let before: StoredTensor | null = null;
  for (const [name, tensor] of places) {
    const { offset, length } = tensor;
    if (offset < from || offset + length > size)
      throw new CheckpointError(
        'checkpoint_damaged',
        `${file} is cut off: the tensor ${name} would end at byte ${offset + length} of ${size}. Download the file again.`,
      );
    const shared = before?.offset === offset && before.length === length;
    if (offset < end && !shared && length > 0)
      throw new CheckpointError(
        'checkpoint_damaged',
        `${file}: the tensor ${name} overlaps another one. Download the file again.`,
      );
    end = Math.max(end, offset + length);
    before = tensor;
  }
}
