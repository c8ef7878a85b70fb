import { stat } from 'node:fs/promises';
import path from 'node:path';
import { sha256OfFile, type FileList, type LoadedDirectory, type SourceList } from '../runtime/directory';
import { ModelError } from '../runtime/errors';

/**
 * Reads every file of a directory with a manifest, a model's or an evaluator's, and those elsewhere that it names, and compares
 * their sums. Of a large model that takes minutes; loading compares size and time of change alone.
 * @param onProgress of bytes
 * @throws ModelError model_file_altered
 */
export async function checkFiles(
  { dir, manifest, hash }: LoadedDirectory<{ files: FileList; sources?: SourceList | undefined }>,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<{ hash: string; files: number; bytes: number }> {
  const sums = [
    ...Object.entries(manifest.files).map(([name, { sha256 }]) => ({ file: path.join(dir, name), sha256 })),
    ...Object.entries(manifest.sources ?? {}).map(([file, { sha256 }]) => ({ file, sha256 })),
  ];
  const sizes = await Promise.all(sums.map(async ({ file }) => (await stat(file)).size));
  const total = sizes.reduce((a, b) => a + b, 0);
  let done = 0;
  for (const [i, { file, sha256 }] of sums.entries()) {
    if ((await sha256OfFile(file)) !== sha256)
      throw new ModelError(
        'model_file_altered',
        `${file} was modified: its sha256 doesn’t match the manifest. Restore the file or make the directory again.`,
      );
    done += sizes[i]!;
    onProgress(done, total);
  }
  return { hash, files: sums.length, bytes: total };
}
