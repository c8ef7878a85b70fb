import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DownloadError } from './errors';
import type { LockedFile } from './lock';

/** Where a file is until it is whole. */
export const partOf = (folder: string, file: LockedFile): string => join(folder, `${file.path}.part`);

/** The size of a file; 0 where there is none. */
export const bytesOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** Errors of the disk, as what can be done. @param path of what is being written */
export async function onDisk<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    const error = cause as NodeJS.ErrnoException;
    if (error.code === 'ENOSPC' || error.code === 'EDQUOT')
      throw new DownloadError(
        `The disk is full (${path}). Free some space and pull again; downloaded files are kept.`,
      );
    throw new DownloadError(`Cannot write ${path}: ${error.code ?? error.message}.`);
  }
}
