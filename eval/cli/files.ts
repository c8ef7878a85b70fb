import { readFile } from 'node:fs/promises';
import { decodeText, EncodingError } from '../json';
import { InputError } from './report';

/**
 * The text of a file that the person named (decodeText).
 * @throws InputError when it cannot be read, holds nothing or is not UTF-8
 */
export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`Cannot read ${path}: ${reasonOf(error)}.`);
  });
  const text = textOf(bytes, path);
  if (text.trim() === '') throw new InputError(`Cannot read ${path}: it is empty.`);
  return text;
}

function textOf(bytes: Uint8Array, path: string): string {
  try {
    return decodeText(bytes);
  } catch (error) {
    if (error instanceof EncodingError) throw new InputError(`Cannot read ${path}: ${error.message}.`);
    throw error;
  }
}

/** Why the file system refused, in words. */
export function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'file or folder not found';
  if (error.code === 'EISDIR') return 'it is a folder';
  if (error.code === 'ENOTDIR') return 'it is not a folder';
  return error.code ?? error.message;
}
