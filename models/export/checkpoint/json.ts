import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { CheckpointError } from '../errors';

/**
 * A JSON file of a checkpoint.
 * @param of which model's it should be
 * @throws CheckpointError checkpoint_missing, checkpoint_damaged, checkpoint_mismatch
 */
export async function readJson<T>(file: string, schema: z.ZodType<T>, of = 'Nexus-Gen V2'): Promise<T> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
      throw new CheckpointError(
        'checkpoint_missing',
        `${file} is missing. Is it the right folder, and is the download complete?`,
        { cause },
      );
    throw new CheckpointError('checkpoint_damaged', `${file} cannot be read as JSON. Download it again.`, {
      cause,
    });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CheckpointError(
    'checkpoint_mismatch',
    `${file} is not one of ${of}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`,
  );
}
