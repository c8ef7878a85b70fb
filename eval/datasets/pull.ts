import { createHash } from 'node:crypto';
import type { StatsFs } from 'node:fs';
import { mkdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { CancelledError } from '../../models/runtime';
import { DatasetError } from './dataset';
import { diskError, fetchFile, partOf } from './fetch-file';
import type { Network } from './http';
import { hubs, type Repository } from './hub';
import { isFetched, lockName, readLock, writeLock, type DatasetLock, type LockedFile } from './lock';
import { chosenSources, selected, type Source } from './sources';

/** What a benchmark says of its data (eval/benchmarks/definition.ts). */
export interface PullableDataset {
  name: string;
  pull: {
    sources: readonly Source[];
    /** How many files of each source are fetched unless somebody asks for more; all where it is left out. */
    archives?: number;
  };
}

export interface PullOptions extends Network {
  /** The address that takes the hub's place. Default: the hub. */
  mirror?: string;
  /** Subjects or sets. Default: all. */
  only?: readonly string[];
  /** How many files of each source, of a set that consists of archives. Default: its own. */
  archives?: number;
  /** What the disk of a folder has left. Default: what the system says. */
  room?: (folder: string) => Promise<Pick<StatsFs, 'bavail' | 'bsize'>>;
  /** Of what this pull has to fetch, in bytes. */
  onProgress?: (bytes: number, total: number) => void;
}

export interface Pulled {
  dataset: string;
  folder: string;
  sources: { repo: string; commit: string; lock: string; files: number }[];
  fetched: { files: number; bytes: number };
  /** Were there already, with the right sum. */
  kept: { files: number; bytes: number };
  /** sha256 over path, size and sha256 of every file: the version of what was asked for. */
  sha256: string;
}

/**
 * Fetches a dataset, or what is missing of it. The first pull writes the commit and every file's sum into
 * `dataset.lock.json`; later ones hold every file against it and need the hub for missing files only.
 * @param folder is made where it is missing
 * @throws DatasetError with one line that says what to do; CancelledError when the signal aborts
 */
export async function pullDataset(
  { name, pull }: PullableDataset,
  folder: string,
  options: PullOptions = {},
): Promise<Pulled> {
  const chosen = chosenSources(name, pull.sources, options.only);
  const archives = pull.archives === undefined ? undefined : (options.archives ?? pull.archives);
  const steps: { source: Source; folder: string; lock: DatasetLock; files: LockedFile[] }[] = [];
  for (const source of chosen) {
    const place = join(folder, source.folder);
    await mkdir(place, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      throw diskError(error, place);
    });
    const lock = await lockOf(source, place, options);
    const files = selected(source, lock.files, options.only, archives);
    steps.push({ source, folder: place, lock, files });
  }

  const missing: { source: Source; folder: string; lock: DatasetLock; file: LockedFile; from: number }[] = [];
  const kept = { files: 0, bytes: 0 };
  for (const { files, ...step } of steps)
    for (const file of files)
      if (await isFetched(step.folder, file, options.signal).catch(orCancelled(options.signal))) {
        kept.files++;
        kept.bytes += file.size;
      } else missing.push({ ...step, file, from: await partSize(step.folder, file) });

  const total = missing.reduce((sum, { file, from }) => sum + file.size - from, 0);
  await checkRoom(folder, total, options.room ?? statfs);
  let before = 0;
  for (const { source, folder: place, lock, file, from } of missing) {
    await fetchFile(place, file, hubs[source.hub].url(baseOf(source, options), source, lock.commit, file), {
      ...options,
      onProgress: (bytes) => options.onProgress?.(Math.max(0, before + bytes - from), total),
    });
    before += file.size - from;
  }
  const all = steps.flatMap(({ source, files }) =>
    files.map((file) => ({ ...file, path: [source.folder, file.path].filter(Boolean).join('/') })),
  );
  return {
    dataset: name,
    folder,
    sources: steps.map(({ source, folder: place, lock, files }) => ({
      repo: source.repo,
      commit: lock.commit,
      lock: join(place, lockName),
      files: files.length,
    })),
    fetched: { files: missing.length, bytes: total },
    kept,
    sha256: versionOf(all),
  };
}

const baseOf = ({ hub }: Repository, { mirror }: PullOptions): string =>
  (mirror ?? hubs[hub].address).replace(/\/+$/, '');

/** The lock of the folder; on the first pull, made of what the hub lists. */
async function lockOf(source: Source, folder: string, options: PullOptions): Promise<DatasetLock> {
  const name = `${source.hub}:${source.repo}`;
  const found = await readLock(folder);
  if (found !== null) {
    if (found.source === name && found.revision === source.revision) return found;
    throw new DatasetError(
      `${folder} contains ${found.source} at ${found.revision}, not ${name} at ${source.revision}. Choose another folder.`,
    );
  }
  const listing = await hubs[source.hub].list(baseOf(source, options), source, options);
  const lock: DatasetLock = {
    version: 1,
    source: name,
    revision: source.revision,
    commit: listing.commit,
    files: listing.files.filter(({ path }) => source.partOf(path) !== null),
  };
  // A mirror that lacks everything must not become the lock.
  selected(source, lock.files, options.only, undefined);
  await writeLock(folder, lock).catch((error: NodeJS.ErrnoException) => {
    throw diskError(error, join(folder, lockName));
  });
  return lock;
}

/** Bytes that an earlier pull left; none where they cannot be of the file. */
async function partSize(folder: string, file: LockedFile): Promise<number> {
  const size = await stat(partOf(folder, file)).then(
    (found) => found.size,
    () => 0,
  );
  return size > file.size ? 0 : size;
}

async function checkRoom(
  folder: string,
  bytes: number,
  room: NonNullable<PullOptions['room']>,
): Promise<void> {
  if (bytes === 0) return;
  const { bavail, bsize } = await room(folder);
  const free = bavail * bsize;
  if (free < bytes)
    throw new DatasetError(
      `The disk of ${folder} has ${gigabytes(free)} GB free, but the download needs ${gigabytes(bytes)} GB. Free some space, or choose another folder with --out.`,
    );
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(2);

function versionOf(files: readonly LockedFile[]): string {
  const hash = createHash('sha256');
  for (const { path, size, sha256 } of files) hash.update(`${JSON.stringify([path, size, sha256])}\n`);
  return hash.digest('hex');
}

const orCancelled =
  (signal: AbortSignal | undefined) =>
  (error: unknown): never => {
    throw signal?.aborted ? new CancelledError() : error;
  };
