import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { imageLimits } from '../../models/runtime';
import { ItemError } from './dataset';

/**
 * A picture's file; null where none is.
 * @throws ItemError when it cannot be read or is larger than any picture may be
 */
export async function readPicture(path: string): Promise<Uint8Array | null> {
  try {
    const { size } = await stat(path);
    if (size > imageLimits.bytes)
      throw new ItemError(
        `has the image ${basename(path)} of ${size} bytes, and ${imageLimits.bytes} are allowed`,
      );
    return await readFile(path);
  } catch (error) {
    if (error instanceof ItemError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new ItemError(`has the image ${basename(path)}, which cannot be read: ${code ?? message}`);
  }
}
