import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Tensors } from './tensors';

/** Tensors, and a folder that all their files lie in or below. */
export interface Part {
  tensors: Tensors;
  folder: string;
}

/**
 * Files that are links count where they lead: hubs keep what they downloaded in a folder of their own, and onnxruntime opens
 * nothing outside the folder that it is given.
 */
export async function partOf(tensors: Tensors): Promise<Part> {
  const places = new Map<string, string>();
  for (const { file } of tensors.values()) if (!places.has(file)) places.set(file, await realpath(file));
  const [first = '', ...others] = [...places.values()].map((file) => path.dirname(file).split(path.sep));
  let shared = [...first];
  for (const parts of others) {
    const differs = shared.findIndex((name, i) => name !== parts[i]);
    if (differs >= 0) shared = shared.slice(0, differs);
  }
  return {
    tensors: new Map(
      [...tensors].map(([name, tensor]) => [name, { ...tensor, file: places.get(tensor.file)! }]),
    ),
    folder: shared.join(path.sep) || path.sep,
  };
}
