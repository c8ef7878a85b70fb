import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { looksLike } from '../checkpoint/kinds';
import { readModelFolder, readSavedFile } from '../checkpoint/open';
import type { Pickled } from '../checkpoint/pickle';
import type { Tensors } from '../checkpoint/tensors';
import { CheckpointError } from '../errors';

/** A downloaded checkpoint. */
export interface Weights {
  /** What the user named. */
  place: string;
  /** Where its configuration and its tokenizer may be. */
  folder: string;
  tensors: Tensors;
  /** All that torch saved with the tensors; null for files that have tensors alone. */
  saved: Pickled;
}

const weightFile = /\.(pth?|bin|safetensors)$/;

/**
 * Reads a file, or a folder as Hugging Face's libraries write it, or a folder with one file of weights.
 * @throws CheckpointError
 */
export async function readWeights(given: string): Promise<Weights> {
  const place = path.resolve(given);
  const info = await stat(place).catch(() => null);
  if (!info)
    throw new CheckpointError('checkpoint_missing', `${place} is missing. Is the download complete?`);
  if (!info.isDirectory()) return { place, folder: path.dirname(place), ...(await readSavedFile(place)) };
  const names = (await readdir(place)).filter((name) => weightFile.test(name)).sort();
  const isModelFolder = (await readdir(place)).some((name) =>
    /^(model\.safetensors|pytorch_model\.bin)(\.index\.json)?$/.test(name),
  );
  if (isModelFolder || names.length === 0)
    return { place, folder: place, tensors: await readModelFolder(place), saved: null };
  const [name, other] = names;
  if (other !== undefined)
    throw new CheckpointError(
      'checkpoint_missing',
      `${place} has several checkpoints: ${names.join(', ')}. Name one of them with --weights.`,
    );
  return { place, folder: place, ...(await readSavedFile(path.join(place, name!))) };
}

/** That a checkpoint is of another model, and of which. */
export function otherModel({ place, tensors }: Weights, of: string): CheckpointError {
  const kind = looksLike(tensors.keys());
  return new CheckpointError(
    'checkpoint_mismatch',
    `${place} is not ${of}.${kind === undefined ? ' What it is, is not known here.' : ` It looks like ${kind}.`}`,
  );
}
