/** What a folder of data was fetched as: the commit, and the size and sha256 of every file of the dataset. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { parseJson } from '../json';
import { DatasetError } from './dataset';

export const lockName = 'dataset.lock.json';

/** Files of a hub become files here, so none may leave the folder. */
const safePath = z
  .string()
  .max(1000)
  .refine(
    (path) => /^[^\\:\0]+$/.test(path) && path.split('/').every((part) => !['', '.', '..'].includes(part)),
    'is not a path inside a folder',
  );

export const lockedFile = z.object({
  path: safePath,
  /** In bytes. */
  size: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is not a sha256'),
  /** The commit to ask for this file, where it is not the dataset's. */
  revision: z.string().min(1).optional(),
});
export type LockedFile = z.infer<typeof lockedFile>;

const lockSchema = z.object({
  version: z.literal(1),
  /** e.g. `huggingface:MMMU/MMMU` */
  source: z.string(),
  /** What was asked for: the commit, or a branch that was at `commit` at the first pull. */
  revision: z.string(),
  commit: z.string(),
  files: z.array(lockedFile),
});
export type DatasetLock = z.infer<typeof lockSchema>;

/** The lock of a folder, or null where none is. @throws DatasetError when it is damaged */
export async function readLock(folder: string): Promise<DatasetLock | null> {
  const path = join(folder, lockName);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw new DatasetError(`Cannot read ${path}: ${error.code ?? error.message}.`);
  });
  if (text === null) return null;
  try {
    return lockSchema.parse(parseJson(text).value);
  } catch {
    throw new DatasetError(`${path} is damaged. Restore it, or delete the folder and pull again.`);
  }
}

/** Replaces the lock in one step. */
export async function writeLock(folder: string, lock: DatasetLock): Promise<void> {
  const path = join(folder, lockName);
  const file = await open(`${path}.new`, 'w');
  try {
    await file.writeFile(`${JSON.stringify(lock, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

/** The sha256 of a file, in hexadecimal. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest('hex');
}

/**
 * Whether the file is there and whole.
 * @throws DatasetError when another file stands there
 */
export async function isFetched(folder: string, file: LockedFile, signal?: AbortSignal): Promise<boolean> {
  const path = join(folder, file.path);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new DatasetError(`Cannot read ${path}: ${error.code ?? error.message}.`);
  });
  if (found === null) return false;
  // The size alone tells most wrong files, without reading them.
  const same = found.size === file.size && (await hashFile(path, signal)) === file.sha256;
  if (same) return true;
  throw new DatasetError(
    `${path} doesn’t match ${lockName} (sha256 ${file.sha256}, ${file.size} bytes). Delete it and pull again.`,
  );
}

/**
 * Checks files against the folder's lock, where it has one; files that the lock does not name are another dataset's.
 * @param paths relative to the folder, with `/`
 * @throws DatasetError that names the first file whose content is another
 */
export async function verifyLocked(folder: string, paths: readonly string[]): Promise<void> {
  const lock = await readLock(folder);
  if (lock === null) return;
  const files = new Map(lock.files.map((file) => [file.path, file]));
  for (const path of paths) {
    const file = files.get(path);
    if (file === undefined)
      throw new DatasetError(
        `${join(folder, path)} is not in ${lockName}; it belongs to another dataset or commit.`,
      );
    await isFetched(folder, file);
  }
}
