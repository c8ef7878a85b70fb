/** What a folder was fetched as: the commit, and the size and sum of every file. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { CancelledError } from '../../models/runtime';
import { parseJson } from '../json';
import { DownloadError } from './errors';

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
  /** The hub's; where it names none, that of the file which was fetched. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'is not a sha256')
    .optional(),
  /** The object's id in git, of which the hub has no sha256: small files outside Git LFS. */
  blob: z
    .string()
    .regex(/^[0-9a-f]{40}$/, 'is not an id of git')
    .optional(),
  /** The commit to ask for this file, where it is not the repository's. */
  revision: z.string().min(1).optional(),
  /** When the file changed last whose sum was right, in milliseconds: while that holds it is not read again. */
  modified: z.number().optional(),
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
export type Lock = z.infer<typeof lockSchema>;

/** The lock of a folder, or null where none is. @throws DownloadError when it is damaged */
export async function readLock(folder: string, name: string): Promise<Lock | null> {
  const path = join(folder, name);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw new DownloadError(`Cannot read ${path}: ${error.code ?? error.message}.`);
  });
  if (text === null) return null;
  try {
    return lockSchema.parse(parseJson(text).value);
  } catch {
    throw new DownloadError(`${path} is damaged. Restore it, or delete the folder and pull again.`);
  }
}

/** Replaces a JSON file in one step. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const file = await open(`${path}.new`, 'w');
  try {
    await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

/** The sum of a file in hexadecimal. @param before goes into the sum first */
async function hashFile(path: string, algorithm: string, before: string, signal?: AbortSignal) {
  const hash = createHash(algorithm).update(before);
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest('hex');
}

/**
 * The sha256 of what lies at a path, and whether it is the file.
 * @throws CancelledError when the signal aborts
 */
export async function check(
  path: string,
  { size, sha256: right, blob }: LockedFile,
  signal?: AbortSignal,
): Promise<{ sha256: string; same: boolean }> {
  try {
    const sha256 = await hashFile(path, 'sha256', '', signal);
    if (right !== undefined || blob === undefined) return { sha256, same: (right ?? sha256) === sha256 };
    return { sha256, same: (await hashFile(path, 'sha1', `blob ${size}\0`, signal)) === blob };
  } catch (error) {
    throw signal?.aborted ? new CancelledError() : error;
  }
}

/**
 * The sha256 of the file if it is there and whole, or null where it is not there.
 * @param name of the lock that says what the file has to be
 * @throws DownloadError when another file stands there; CancelledError when the signal aborts
 */
export async function fetchedSum(
  folder: string,
  name: string,
  file: LockedFile,
  signal?: AbortSignal,
): Promise<string | null> {
  const path = join(folder, file.path);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new DownloadError(`Cannot read ${path}: ${error.code ?? error.message}.`);
  });
  if (found === null) return null;
  // The size alone tells most wrong files, without reading them.
  if (found.size === file.size) {
    if (file.sha256 !== undefined && file.modified === found.mtimeMs) return file.sha256;
    const { sha256, same } = await check(path, file, signal);
    if (same) return sha256;
  }
  const sum = file.sha256 ?? file.blob;
  throw new DownloadError(
    `${path} doesn’t match ${name} (${sum === undefined ? '' : `${file.sha256 ? 'sha256' : 'git'} ${sum}, `}${file.size} bytes). Delete it and pull again.`,
  );
}

/**
 * Checks files against the folder's lock, where it has one; files that the lock does not name belong to something else.
 * @param paths relative to the folder, with `/`
 * @throws DownloadError that names the first file whose content is another
 */
export async function verifyLocked(folder: string, name: string, paths: readonly string[]): Promise<void> {
  const lock = await readLock(folder, name);
  if (lock === null) return;
  const files = new Map(lock.files.map((file) => [file.path, file]));
  for (const path of paths) {
    const file = files.get(path);
    if (file === undefined)
      throw new DownloadError(
        `${join(folder, path)} is not in ${name}; it belongs to another dataset or commit.`,
      );
    await fetchedSum(folder, name, file);
  }
}
