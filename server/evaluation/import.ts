import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ImportedOutput } from '../../eval/benchmarks/definition';
import { sha256 } from '../../eval/fingerprint';
import { ImageError, inspectImage } from '../../models/runtime';
import { storePicture } from '../platform/blobs/pictures';
import { oneLine } from '../platform/errors/errors';
import { registerImport } from './revisions';
import { moveRun } from './run-store';
import { insertSample, type SampleOutput } from './sample-store';
import { enqueue } from './control';
import { createRun, type EvaluationDeps, type NewRun } from './service';

export interface NewImport extends Omit<NewRun, 'revision' | 'sourceId' | 'cache'> {
  /** What the model that made them is called. */
  name: string;
  outputs: readonly ImportedOutput[];
  onOutput?: (done: number, total: number) => void;
}

/**
 * Starts a run on outputs that were made elsewhere: they are stored, then scored as any others. An output that cannot
 * be read is a failed sample; items without one are failed too.
 * @returns the id of the run
 * @throws StudioError as `startRun`
 */
export async function importRun(deps: EvaluationDeps, given: NewImport): Promise<string> {
  const { db } = deps;
  const { name, outputs, onOutput: _, ...run } = given;
  const revision = await registerImport(db, name, {
    benchmark: run.benchmark.name,
    outputs: await hashOf(outputs),
  });
  const id = await createRun(deps, { ...run, revision, cache: false }, false);
  try {
    await bring(deps, id, given);
  } catch (error) {
    await moveRun(db.pool, id, { from: ['paused'], to: 'cancelled', reason: 'The import was interrupted.' });
    throw error;
  }
  await moveRun(db.pool, id, { from: ['paused'], to: 'running' });
  await enqueue(deps, id);
  return id;
}

async function bring(
  { db, blobs }: EvaluationDeps,
  id: string,
  { outputs, version, onOutput = () => {} }: NewImport,
): Promise<void> {
  const items = new Map(
    (
      await db.prisma.item.findMany({ where: { versionId: version.id }, select: { id: true, key: true } })
    ).map((item) => [item.key, item.id]),
  );
  for (const [i, one] of outputs.entries()) {
    const itemId = items.get(one.key);
    if (itemId !== undefined) {
      const output = await read(
        one,
        async (bytes, info) => (await storePicture({ db, blobs }, bytes, info)).hash,
      );
      await insertSample(db, { runId: id, itemId, repeat: one.repeat }, output, {
        workerId: null,
        cacheKey: null,
      });
    }
    onOutput(i + 1, outputs.length);
  }
}

async function read(
  output: ImportedOutput,
  store: (bytes: Buffer, info: { mediaType: string; width: number; height: number }) => Promise<string>,
): Promise<SampleOutput> {
  if ('text' in output) return { text: output.text, latencyMs: null };
  try {
    const bytes = await readFile(output.path);
    const { format, width, height } = await inspectImage(bytes);
    return {
      pictureHash: await store(bytes, { mediaType: `image/${format}`, width, height }),
      latencyMs: null,
    };
  } catch (error) {
    const ofFile = error instanceof ImageError || (error instanceof Error && 'syscall' in error);
    if (ofFile) return { error: `The file can’t be used: ${oneLine(error)}` };
    throw error;
  }
}

/** Of all outputs, so that the same files are the same revision. */
async function hashOf(outputs: readonly ImportedOutput[]): Promise<string> {
  const hash = createHash('sha256');
  for (const output of outputs) {
    const content = 'text' in output ? output.text : await readFile(output.path).catch(() => '');
    hash.update(JSON.stringify([output.key, output.repeat, sha256(content)]));
  }
  return hash.digest('hex');
}
