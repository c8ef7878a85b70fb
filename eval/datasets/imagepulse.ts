/** ImagePulse (github.com/modelscope/ImagePulse) from its archives, or from folders that they were unpacked to. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { datasetOf, DatasetError, orProblem, type Report } from './dataset';
import { readArchive } from './imagepulse-archive';
import { parseSample, withPictures } from './imagepulse-item';
import { readLock, verifyLocked } from '../download/lock';
import { lockName } from './lock';
import { readPicture } from './picture-file';
import type { Dataset, DatasetItem, EditItem } from './types';
import { readUnifiedEdits } from './unified-edits';

interface Found {
  /** Paths of `.tar.gz` files. */
  archives: string[];
  /** Folders with samples, and the names of the samples' JSON files. */
  folders: { path: string; samples: string[] }[];
  /** Folders with a lock. */
  locked: string[];
}

/**
 * The edits of a folder of ImagePulse (readImagePulse) or of a file in the unified format (readUnifiedEdits).
 * @throws DatasetError
 */
export async function openEdits(path: string): Promise<Dataset<EditItem>> {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  return isFile ? readUnifiedEdits(path) : readImagePulse(path);
}

/**
 * The edits of ImagePulse below a folder: every archive `<archive>.tar.gz`, and every folder with unpacked samples
 * that has no archive of its name beside it. The group is the kind: `change-add-remove`, `zoom-in-zoom-out`,
 * `style-transfer` or `face-id`. Only the edit comes, not its reverse. A sample that lacks a text or a picture, or
 * whose picture is damaged, is a problem; so is an archive that is.
 * @throws DatasetError when nothing of ImagePulse is there; DownloadError when an archive is not the one of `dataset.lock.json`
 */
export async function readImagePulse(dir: string): Promise<Dataset<EditItem>> {
  const found: Found = { archives: [], folders: [], locked: [] };
  await search(dir, found).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'folder not found' : (error.code ?? error.message);
    throw new DatasetError(`Cannot read ImagePulse from ${dir}: ${why}. ${fetchIt(dir)}`);
  });
  const { archives, folders, locked } = found;
  if (archives.length + folders.length === 0)
    throw new DatasetError(`No ImagePulse archives or samples in ${dir}. ${fetchIt(dir)}`);
  for (const folder of locked) {
    const inside = archives.filter((path) => path.startsWith(folder + sep));
    await verifyLocked(
      folder,
      lockName,
      inside.map((path) => slashed(relative(folder, path))),
    );
  }
  return datasetOf(null, async function* (report) {
    for (const path of archives) yield* readArchive(path, slashed(relative(dir, path)), report);
    for (const folder of folders) yield* readFolder(folder, dir, report);
  });
}

const fetchIt = (dir: string): string => `Download it with \`studio data pull imagepulse --out ${dir}\`.`;
const slashed = (path: string): string => path.split(sep).join('/');

async function search(folder: string, found: Found): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
  const archives = files.filter((name) => name.endsWith('.tar.gz'));
  const samples = files.filter((name) => name.endsWith('.json') && name !== lockName);
  if (files.includes(lockName) && (await readLock(folder, lockName)) !== null) found.locked.push(folder);
  found.archives.push(...archives.map((name) => join(folder, name)));
  if (samples.length > 0) found.folders.push({ path: folder, samples });
  const inside = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  // Unpacked beside its archive, a folder holds the same samples again.
  for (const name of inside)
    if (!archives.includes(`${name}.tar.gz`)) await search(join(folder, name), found);
}

async function* readFolder(
  { path: folder, samples }: Found['folders'][number],
  dir: string,
  report: Report,
): AsyncGenerator<DatasetItem<EditItem>> {
  for (const name of samples) {
    const path = join(folder, name);
    const item = await orProblem(slashed(relative(dir, path)), report, async () => {
      const sample = parseSample(await readFile(path), basename(dirname(path)), basename(name, '.json'));
      const files = new Map<string, Uint8Array>();
      for (const file of [sample.source, sample.target]) {
        const bytes = await readPicture(join(folder, file));
        if (bytes) files.set(file, bytes);
      }
      return withPictures(sample, files);
    });
    if (item) yield item;
  }
}
