import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ExportedSample, OutputFolder } from '../../eval/benchmarks/definition';
import { decodeImage, encodePng, inspectImage } from '../../models/runtime';
import type { BlobStore } from '../blobs/store';
import type { Db } from '../db/client';
import { reportRun } from './report';
import { readRun } from './run-store';
import { readSamples } from './sample-store';

export interface Exported {
  run: string;
  folder: string;
  /** Files written. */
  files: number;
  /** Samples without an output, of which there is no file. */
  withoutOutput: number;
}

/** The folder of an export has files in it. */
export class FolderNotEmptyError extends Error {}

/** Benchmarks' scripts read PNG files alone; other formats are written anew, without loss. */
async function asPng(bytes: Buffer): Promise<Buffer> {
  const { format } = await inspectImage(bytes);
  return format === 'png' ? bytes : encodePng(await decodeImage(bytes));
}

/**
 * Writes a run to a folder: `run.json` (figures, settings, provenance), `samples.jsonl` (every sample with its scores),
 * and its outputs in the layout that the benchmark's own scripts read.
 * @throws the file system's error
 */
export async function exportRun(
  { db, blobs }: { db: Db; blobs: BlobStore },
  runId: string,
  folder: string,
): Promise<Exported> {
  await mkdir(folder, { recursive: true });
  // Files of another run between these would be taken for this one's.
  if ((await readdir(folder)).length > 0) throw new FolderNotEmptyError(folder);
  const run = (await readRun(db, runId))!;
  const { benchmark } = run;
  const samples = await readSamples(db, runId, {
    without: Object.entries(benchmark.largeDetails ?? {}).flatMap(([name, { exported }]) =>
      exported ? [] : name,
    ),
  });
  let files = 0;
  const write: OutputFolder['write'] = async (name, content) => {
    const file = path.resolve(folder, name);
    if (!file.startsWith(path.resolve(folder) + path.sep)) throw new Error(`${name} is outside the export.`);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
    files++;
  };
  await write('run.json', `${JSON.stringify(await reportRun(db, runId), null, 2)}\n`);
  await write('samples.jsonl', samples.map((sample) => `${JSON.stringify(sampleLine(sample))}\n`).join(''));
  /** Samples whose picture is gone from the store. */
  const lost = new Set<string>();
  const pictures = new Map(
    (
      await db.prisma.sample.findMany({
        where: { runId, pictureHash: { not: null } },
        select: { id: true, pictureHash: true },
      })
    ).map(({ id, pictureHash }) => [id, pictureHash!]),
  );
  const png = async (sample: ExportedSample) => {
    const hash = pictures.get(sample.id);
    const bytes = hash === undefined ? null : await blobs.get(hash);
    if (hash !== undefined && !bytes) lost.add(sample.id);
    return bytes && asPng(bytes);
  };
  const itemPictures = picturesOfItems({ db, blobs }, run.versionId);
  await benchmark.writeOutputs(samples, { png, itemPictures, write });
  const withoutOutput = samples.filter(
    ({ id, text }) => text === null && (!pictures.has(id) || lost.has(id)),
  ).length;
  return { run: runId, folder, files, withoutOutput };
}

const sampleLine = ({ item, repeat, state, text, error, scores }: ExportedSample) => ({
  key: item.key,
  group: item.group,
  repeat,
  state,
  ...(text === null ? {} : { text }),
  ...(error === null ? {} : { error }),
  scores: Object.fromEntries(Object.entries(scores).map(([metric, { value }]) => [metric, value])),
});

/** The pictures of items by their keys; which there are is read once, when the first is wanted. */
function picturesOfItems(
  { db, blobs }: { db: Db; blobs: BlobStore },
  versionId: string,
): OutputFolder['itemPictures'] {
  const read = async () => {
    const items = await db.prisma.item.findMany({
      where: { versionId },
      select: { key: true, pictures: { select: { name: true, blob: true } } },
    });
    return new Map(items.map(({ key, pictures }) => [key, pictures]));
  };
  let byKey: ReturnType<typeof read> | null = null;
  return async ({ item }) => {
    byKey ??= read();
    const pictures = (await byKey).get(item.key) ?? [];
    return Promise.all(
      pictures.map(async ({ name, blob: { hash, mediaType } }) => ({
        ...{ name, mediaType },
        bytes: await blobs.get(hash),
      })),
    );
  };
}
