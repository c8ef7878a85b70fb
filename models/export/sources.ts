import { stat } from 'node:fs/promises';
import { sha256OfFile, type SourceList } from '../runtime/directory';

interface SourceOptions {
  /** Sums from an earlier time: what has the same size and time of change is not read again. */
  known?: SourceList;
  /** Before each file, of the bytes of all, and when all are done; `what` is the file. */
  onProgress?: (done: number, total: number, what: string) => void;
  /** After each file: what is known so far. */
  onSum?: (sums: SourceList) => Promise<void>;
}

/** The field `sources` of a manifest over files elsewhere, by absolute paths. */
export async function sourcesOf(
  files: readonly string[],
  { known = {}, onProgress = () => undefined, onSum }: SourceOptions = {},
): Promise<SourceList> {
  const found = await Promise.all(files.map(async (file) => ({ file, info: await stat(file) })));
  const total = found.reduce((sum, { info }) => sum + info.size, 0);
  const sums: SourceList = {};
  let done = 0;
  for (const { file, info } of found) {
    onProgress(done, total, file);
    const before = known[file];
    const same = before?.bytes === info.size && before.modified === info.mtimeMs;
    sums[file] = same
      ? before
      : { sha256: await sha256OfFile(file), bytes: info.size, modified: info.mtimeMs };
    done += info.size;
    await onSum?.(sums);
  }
  return sums;
}
