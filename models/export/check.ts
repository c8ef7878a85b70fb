import { stat } from 'node:fs/promises';
import path from 'node:path';
import { sha256OfFile } from '../runtime/directory';
import { ModelError } from '../runtime/errors';
import { loadManifest } from '../runtime/manifest';

/**
 * Reads every file of a model directory, and those elsewhere that it names, and compares their sums. Of a large model that takes
 * minutes; loading compares size and time of change alone.
 * @param onProgress of bytes
 * @throws ModelError model_file_missing, model_file_altered
 */
export async function checkDirectory(
  dir: string,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<{ hash: string; files: number; bytes: number }> {
  const { manifest, hash } = await loadManifest(dir, { verify: 'sizes' });
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
