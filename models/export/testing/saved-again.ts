import { readFileSync } from 'node:fs';
import type { DType, Tensors } from '../checkpoint/tensors';
import { torchZip, type Saved } from './torch-zip';

const storageTypes: Readonly<Partial<Record<DType, string>>> = {
  F32: 'FloatStorage',
  F16: 'HalfStorage',
  I64: 'LongStorage',
};

/**
 * The tensors of a checkpoint as `torch.save` would save them.
 * @param renamed their new names; null leaves one out
 * @param others what is saved beside the state dict
 */
export function savedAgain(
  tensors: Tensors,
  renamed: (name: string) => string | null = (name) => name,
  others: Saved = {},
): Buffer {
  const files = new Map<string, Buffer>();
  const storages: Record<string, Buffer> = {};
  const state: Saved = {};
  for (const [name, { dtype, shape, file, offset, length }] of tensors) {
    const target = renamed(name);
    if (target === null) continue;
    const whole = files.get(file) ?? readFileSync(file);
    files.set(file, whole);
    const key = String(Object.keys(storages).length);
    storages[key] = whole.subarray(offset, offset + length);
    const stride = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
    state[target] = { type: storageTypes[dtype]!, key, offset: 0, shape, stride };
  }
  return torchZip({ ...others, state_dict: state }, storages);
}
