import { basename, posix } from 'node:path';
import { imageLimits } from '../../models/runtime';
import { orProblem, type Report } from './dataset';
import { parseSample, withPictures, type ImagePulseSample } from './imagepulse-item';
import { tarEntries } from './tar';
import type { DatasetItem, EditItem } from './types';

/** A sample that waits for its pictures. */
interface Waiting extends ImagePulseSample {
  /** Path of the JSON file in the archive. */
  path: string;
  folder: string;
  files: Map<string, Uint8Array>;
}

const longestSample = 1_000_000;

/**
 * The samples of a `.tar.gz`. The pictures stand before the JSON that names them, among others that are not needed, so
 * the archive is read twice: for the samples, then for their pictures. Only samples whose pictures are half read stand
 * in memory. Of a damaged archive the samples before the damage come.
 * @param name of the archive in problems
 */
export async function* readArchive(
  path: string,
  name: string,
  report: Report,
): AsyncGenerator<DatasetItem<EditItem>> {
  const stem = basename(path).replace(/\.tar\.gz$/, '');
  const waiting = await samplesOf(path, name, stem, report);
  const wanted = new Map<string, Waiting[]>();
  for (const sample of waiting)
    for (const file of new Set([sample.source, sample.target])) {
      const at = posix.join(sample.folder, file);
      wanted.set(at, [...(wanted.get(at) ?? []), sample]);
    }
  const left = new Set(waiting);
  try {
    for await (const entry of tarEntries(path)) {
      const samples = (wanted.get(entry.path) ?? []).filter((sample) => left.has(sample));
      if (samples.length === 0) continue;
      // One byte more than is allowed is enough for the reason.
      const bytes =
        entry.size > imageLimits.bytes ? new Uint8Array(imageLimits.bytes + 1) : await entry.bytes();
      for (const sample of samples) {
        sample.files.set(posix.basename(entry.path), bytes);
        if (sample.files.size < new Set([sample.source, sample.target]).size) continue;
        left.delete(sample);
        const item = await orProblem(`${name}, ${sample.path}`, report, () =>
          withPictures(sample, sample.files),
        );
        sample.files.clear();
        if (item) yield item;
      }
    }
  } catch (error) {
    // The first reading has reported the damage.
    if (!isDamage(error)) throw error;
  }
  for (const sample of left)
    await orProblem(`${name}, ${sample.path}`, report, () => withPictures(sample, sample.files));
}

async function samplesOf(path: string, name: string, stem: string, report: Report): Promise<Waiting[]> {
  const samples: Waiting[] = [];
  try {
    for await (const entry of tarEntries(path)) {
      if (!entry.path.endsWith('.json')) continue;
      const where = `${name}, ${entry.path}`;
      if (entry.size > longestSample) {
        report({ where, reason: `has ${entry.size} bytes, which no sample has` });
        continue;
      }
      const bytes = await entry.bytes();
      const sample = await orProblem(where, report, async () =>
        parseSample(bytes, stem, posix.basename(entry.path, '.json')),
      );
      if (sample)
        samples.push({ ...sample, path: entry.path, folder: posix.dirname(entry.path), files: new Map() });
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    report({ where: name, reason: `is damaged, and what comes after is lost: ${(error as Error).message}` });
  }
  return samples;
}

/** What gzip and tar say of bytes that are not theirs; errors of the disk and of this code are none. */
function isDamage(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return (
    code?.startsWith('Z_') === true ||
    code === 'ERR_STREAM_PREMATURE_CLOSE' ||
    /tar|end of data/i.test(message)
  );
}
