import type { StatsFs } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderTakenError, takeFolder } from '../../models/runtime/take-folder';
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

/**
 * Keeps a folder of downloads for this process.
 * @returns lets go of it
 * @throws DownloadError where another process has it, or the disk refuses
 */
export const keepFolder = (folder: string): Promise<() => Promise<void>> =>
  takeFolder(folder).catch((error: unknown) => {
    if (error instanceof FolderTakenError) throw new DownloadError(error.message);
    return onDisk(folder, () => Promise.reject(error as Error));
  });

/** What the disk of a folder has left. */
export type Room = (folder: string) => Promise<Pick<StatsFs, 'bavail' | 'bsize'>>;

/**
 * @param bytes that will be written
 * @param help what to do besides freeing some
 * @throws DownloadError where the disk of the folder has less room
 */
export async function checkRoom(
  folder: string,
  bytes: number,
  room: Room = statfs,
  help = 'Free some space, or choose another folder with --out.',
): Promise<void> {
  if (bytes === 0) return;
  const { bavail, bsize } = await room(folder);
  const free = bavail * bsize;
  if (free < bytes)
    throw new DownloadError(
      `The disk of ${folder} has ${gigabytes(free)} GB free, but the download needs ${gigabytes(bytes)} GB. ${help}`,
    );
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(2);
