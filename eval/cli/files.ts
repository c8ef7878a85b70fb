import { readFile } from 'node:fs/promises';
import { InputError } from './report';

/** The text of a file that the person named. @throws InputError when it cannot be read or holds nothing */
export async function readText(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`Cannot read ${path}: ${reasonOf(error)}.`);
  });
  if (text.trim() === '') throw new InputError(`Cannot read ${path}: it is empty.`);
  return text;
}

/** Why the file system refused, in words. */
export function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'there is no such file or folder';
  if (error.code === 'EISDIR') return 'it is a folder';
  if (error.code === 'ENOTDIR') return 'it is no folder';
  return error.code ?? error.message;
}
