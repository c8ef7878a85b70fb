import { createHash } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkRoom, keepFolder, onDisk, partOf, type Room } from './disk';
import { DownloadError } from './errors';
import { fetchFile, type FetchOptions } from './fetch-file';
import { hubs, type Repository } from './hub';
import { journalOf, receivedBytes } from './journal';
import { fetchedSum, readLock, writeJson, type Lock, type LockedFile } from './lock';
import { inParallel, inTurn } from './parallel';
import { selected, type Source } from './sources';

/** What is fetched into one folder. */
export interface Plan {
  /** Of the dataset or model. */
  name: string;
  sources: readonly Source[];
  /** The name of the file that says what a source's folder was fetched as. */
  lock: string;
  /** How many files of each source are fetched; all where it is left out. */
  archives?: number;
  /** Files whose size and time are as they were when their sum was right are not read again. */
  trustTimes?: boolean;
}

export interface PullOptions extends Omit<FetchOptions, 'onProgress'> {
  /** The address that takes the hub's place. Default: the hub. */
  mirror?: string;
  /** Parts of the sources, such as subjects. Default: all. */
  only?: readonly string[];
  /** Files at once. Default: 1. */
  parallel?: number;
  /** What the disk of a folder has left. Default: what the system says. */
  room?: Room;
  /** Of what this pull has to fetch, in bytes. */
  onProgress?: (bytes: number, total: number) => void;
}

export interface Pulled {
  folder: string;
  sources: { repo: string; commit: string; lock: string; files: number }[];
  fetched: { files: number; bytes: number };
  /** Were there already, with the right sum. */
  kept: { files: number; bytes: number };
  /** sha256 over path, size and sha256 of every file: the version of what was asked for. */
  sha256: string;
}

interface Step {
  source: Source;
  folder: string;
  lock: Lock;
  files: LockedFile[];
}

/**
 * Fetches what is missing of a plan. The first pull writes the commit and every file's sum into the lock; later ones
 * hold every file against it and need the hub for missing files only.
 * @param folder is made where it is missing
 * @throws DownloadError with one line that says what to do; CancelledError when the signal aborts
 */
export async function pull(plan: Plan, folder: string, options: PullOptions = {}): Promise<Pulled> {
  await onDisk(folder, () => mkdir(folder, { recursive: true }));
  const release = await keepFolder(folder);
  try {
    return await pullAlone(plan, folder, options);
  } finally {
    await release();
  }
}

async function pullAlone(plan: Plan, folder: string, options: PullOptions): Promise<Pulled> {
  const steps: Step[] = [];
  for (const source of plan.sources) {
    const place = join(folder, source.folder);
    await onDisk(place, () => mkdir(place, { recursive: true }));
    const lock = await lockOf(plan, source, place, options);
    steps.push({
      source,
      folder: place,
      lock,
      files: selected(source, lock.files, options.only, plan.archives),
    });
  }
  const turn = inTurn();
  const note = (step: Step, file: LockedFile, sha256: string) =>
    turn(() => noteFetched(plan, step, file, sha256));

  const missing: { step: Step; file: LockedFile; from: number }[] = [];
  const kept = { files: 0, bytes: 0 };
  for (const step of steps)
    for (const file of step.files) {
      const sum = await fetchedSum(step.folder, plan.lock, file, options.signal);
      const part = partOf(step.folder, file);
      if (sum === null) missing.push({ step, file, from: await receivedBytes(part, file) });
      else {
        kept.files++;
        kept.bytes += file.size;
        await rm(journalOf(part), { force: true });
        await note(step, file, sum);
      }
    }

  const total = missing.reduce((sum, { file, from }) => sum + file.size - from, 0);
  await checkRoom(folder, total, options.room);
  const there = new Map(missing.map(({ file, from }) => [file, from]));
  const before = total - missing.reduce((sum, { file }) => sum + file.size, 0);
  await inParallel(
    missing,
    options.parallel ?? 1,
    async ({ step, file }, signal) => {
      const { source, lock } = step;
      const url = hubs[source.hub].url(baseOf(source, options), source, lock.commit, file);
      const sum = await fetchFile(step.folder, file, url, {
        ...networkOf(source, options),
        signal,
        onProgress: (bytes) => {
          there.set(file, bytes);
          const all = [...there.values()].reduce((sum, bytes) => sum + bytes, before);
          options.onProgress?.(Math.max(0, all), total);
        },
      });
      await note(step, file, sum);
    },
    options.signal,
  );
  return {
    folder,
    sources: steps.map(({ source, folder: place, lock, files }) => ({
      repo: source.repo,
      commit: lock.commit,
      lock: join(place, plan.lock),
      files: files.length,
    })),
    fetched: { files: missing.length, bytes: total },
    kept,
    sha256: versionOf(steps),
  };
}

/** Adds to the lock what is known of a file since it is there. */
async function noteFetched(
  { lock: name, trustTimes }: Plan,
  { folder, lock }: Step,
  file: LockedFile,
  sha256: string,
): Promise<void> {
  const modified = trustTimes ? (await stat(join(folder, file.path))).mtimeMs : file.modified;
  if (file.sha256 === sha256 && file.modified === modified) return;
  file.sha256 = sha256;
  if (modified !== undefined) file.modified = modified;
  await onDisk(join(folder, name), () => writeJson(join(folder, name), lock));
}

const networkOf = ({ denied }: Source, options: PullOptions): FetchOptions => ({
  ...options,
  onProgress: undefined,
  advice: { ...options.advice, ...(denied !== undefined && { denied }) },
});

const baseOf = ({ hub }: Repository, { mirror }: PullOptions): string =>
  (mirror ?? hubs[hub].address).replace(/\/+$/, '');

/** The lock of the folder; on the first pull, made of what the hub lists. */
async function lockOf(plan: Plan, source: Source, folder: string, options: PullOptions): Promise<Lock> {
  const name = `${source.hub}:${source.repo}`;
  const found = await readLock(folder, plan.lock);
  if (found !== null) {
    if (found.source === name && found.revision === source.revision) return found;
    throw new DownloadError(
      `${folder} contains ${found.source} at ${found.revision}, not ${name} at ${source.revision}. Choose another folder.`,
    );
  }
  const listing = await hubs[source.hub].list(baseOf(source, options), source, networkOf(source, options));
  const lock: Lock = {
    version: 1,
    source: name,
    revision: source.revision,
    commit: listing.commit,
    files: listing.files.filter(({ path }) => source.partOf(path) !== null),
  };
  // A mirror that lacks everything must not become the lock.
  selected(source, lock.files, options.only, undefined);
  const path = join(folder, plan.lock);
  await onDisk(path, () => writeJson(path, lock));
  return lock;
}

function versionOf(steps: readonly Step[]): string {
  const hash = createHash('sha256');
  for (const { source, files } of steps)
    for (const { path, size, sha256 } of files)
      hash.update(`${JSON.stringify([[source.folder, path].filter(Boolean).join('/'), size, sha256])}\n`);
  return hash.digest('hex');
}
