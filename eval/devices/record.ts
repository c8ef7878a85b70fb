/** What `studio device install` put beside onnxruntime-node: `cuda.json` in its folder. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeJson } from '../download/lock';

const files = z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() }));
const recordSchema = z.object({
  provider: z
    .object({
      /** Of onnxruntime. */
      version: z.string(),
      from: z.string(),
      /** The CUDA version that it was built for. */
      cuda: z.number(),
      files,
    })
    .optional(),
  /** By the name of the package. */
  libraries: z.record(z.string(), z.object({ version: z.string(), files })).default({}),
});
export type CudaRecord = z.infer<typeof recordSchema>;

const nameOf = (folder: string): string => join(folder, 'cuda.json');

/** An empty record where nothing has been installed, or by other means. */
export async function readRecord(folder: string): Promise<CudaRecord> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(nameOf(folder), 'utf8')));
  } catch {
    return { libraries: {} };
  }
}

export const writeRecord = (folder: string, record: CudaRecord): Promise<void> =>
  writeJson(nameOf(folder), record);

/** Whether files are there with the sizes that they were installed with. */
export async function areThere(
  folder: string,
  list: readonly { name: string; bytes: number }[],
): Promise<boolean> {
  const sizes = await Promise.all(
    list.map(({ name }) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => -1,
      ),
    ),
  );
  return sizes.every((size, i) => size === list[i]!.bytes);
}
