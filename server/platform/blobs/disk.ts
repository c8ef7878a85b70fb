import { randomUUID } from 'node:crypto';
import * as nodeFs from 'node:fs/promises';
import path from 'node:path';
import { isDiskFull, StudioError } from '../errors/errors';
import type { BlobStore } from './store';

/** What the store uses of node:fs/promises, so that a test can make a disk full. */
export type BlobFs = Pick<
  typeof nodeFs,
  'mkdir' | 'open' | 'rename' | 'readFile' | 'access' | 'rm' | 'readdir' | 'stat'
>;

const hashPattern = /^[0-9a-f]{64}$/;

/** What is younger may belong to somebody who still writes its row. */
const strayAfterMs = 24 * 3_600_000;

/** Two hexadecimal digits a folder: 256 folders hold a million files well. All is for the owner alone. */
export function diskBlobs(folder: string, fs: BlobFs = nodeFs): BlobStore {
  const place = (hash: string) => {
    if (!hashPattern.test(hash)) throw new StudioError('BAD_REQUEST', 'A blob is named by its sha256.');
    return path.join(folder, hash.slice(0, 2), hash);
  };
  const has = (hash: string) =>
    fs.access(place(hash)).then(
      () => true,
      () => false,
    );
  /** Makes the folder of a file where it turns out to be missing: almost always it is there. */
  const inFolder = async <T>(file: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      return work();
    }
  };
  const incoming = path.join(folder, 'incoming');
  /** Names of a folder's files that are older than a day. */
  const oldFiles = async (within: string): Promise<string[]> => {
    const names = await fs.readdir(within).catch(() => []);
    const old: string[] = [];
    for (const name of names) {
      const info = await fs.stat(path.join(within, name)).catch(() => null);
      if (info?.isFile() && info.mtimeMs < Date.now() - strayAfterMs) old.push(name);
    }
    return old;
  };
  /**
   * Removes a file unless it has a row now. Out of the way first: whoever stores the same bytes meanwhile either misses
   * the file and writes it again, or has written its row before this looks.
   */
  const removeStray = async (hash: string, known: (hashes: string[]) => Promise<Set<string>>) => {
    const aside = path.join(incoming, randomUUID());
    try {
      await inFolder(aside, () => fs.rename(place(hash), aside));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
    if ((await known([hash])).has(hash)) {
      await fs.rename(aside, place(hash));
      return false;
    }
    await fs.rm(aside, { force: true });
    return true;
  };
  return {
    has,
    async sweepStrays(known) {
      let removed = 0;
      for (const name of await oldFiles(incoming)) {
        await fs.rm(path.join(incoming, name), { force: true });
        removed++;
      }
      for (const within of (await fs.readdir(folder).catch(() => [])).filter((name) => name.length === 2)) {
        const hashes = (await oldFiles(path.join(folder, within))).filter((name) => hashPattern.test(name));
        if (hashes.length === 0) continue;
        const kept = await known(hashes);
        for (const hash of hashes) if (!kept.has(hash) && (await removeStray(hash, known))) removed++;
      }
      return removed;
    },
    async put(hash, bytes) {
      const target = place(hash);
      if (await has(hash)) return false;
      const temporary = path.join(incoming, randomUUID());
      try {
        const file = await inFolder(temporary, () => fs.open(temporary, 'wx', 0o600));
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
        await inFolder(target, () => fs.rename(temporary, target));
        return true;
      } catch (error) {
        await fs.rm(temporary, { force: true }).catch(() => undefined);
        throw explain(error, folder);
      }
    },
    async get(hash) {
      try {
        return await fs.readFile(place(hash));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    remove: (hash) => fs.rm(place(hash), { force: true }),
  };
}

function explain(error: unknown, folder: string): unknown {
  if (isDiskFull(error))
    return new StudioError(
      'DISK_FULL',
      `The disk is full: nothing more can be stored in ${folder}. Free some space, then try again.`,
      { cause: error },
    );
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
    return new StudioError(
      'NOT_WRITABLE',
      `${folder} is not writable (${code}). Give the server's user write permission, or set STUDIO_HOME.`,
      { cause: error },
    );
  return error;
}
