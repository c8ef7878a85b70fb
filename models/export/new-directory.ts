import { stat } from 'node:fs/promises';
import { FolderTakenError, takeFolder } from '../runtime/take-folder';
import { CheckpointError } from './errors';

/** @throws CheckpointError where there is something already */
export async function refuseExisting(out: string): Promise<void> {
  if (await stat(out).catch(() => null))
    throw new CheckpointError(
      'checkpoint_mismatch',
      `${out} is there already. Remove it, or choose another --out.`,
    );
}

/**
 * Keeps the place of a directory that is to be made for this process.
 * @returns lets go of it
 * @throws CheckpointError where another process has it, or has made it meanwhile
 */
export async function takeNew(out: string): Promise<() => Promise<void>> {
  const release = await takeFolder(out).catch((error: unknown) => {
    throw error instanceof FolderTakenError
      ? new CheckpointError('checkpoint_mismatch', error.message)
      : error;
  });
  try {
    await refuseExisting(out);
    return release;
  } catch (error) {
    await release();
    throw error;
  }
}
