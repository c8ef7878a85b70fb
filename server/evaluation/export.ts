import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunSample } from '../../eval/benchmarks/definition';
import { filterDetections, filterFor } from '../../eval/benchmarks/geneval/filter';
import { folderName, imageName } from '../../eval/benchmarks/geneval/folder';
import { metadataLine } from '../../eval/benchmarks/geneval/prompts';
import { writeResults } from '../../eval/benchmarks/geneval/results';
import type {
  Detection,
  DetectionsByClass,
  ImageResult,
  Metadata,
} from '../../eval/benchmarks/geneval/types';
import { questionOf } from '../../eval/benchmarks/mmmu/methods';
import type { EditItem } from '../../eval/datasets/types';
import { sha256 } from '../../eval/fingerprint';
import { decodeImage, encodePng, inspectImage } from '../../models/runtime';
import type { BlobStore } from '../blobs/store';
import type { Db } from '../db/client';
import { reportRun } from './report';
import { readRun, type Run } from './run-store';
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

/**
 * The name of a file for a key of a data set, which may be anything: the key itself where it is a plain name, else what
 * is plain of it with a hash, so that two keys never share a file.
 */
export function fileNameOf(key: string): string {
  if (/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/.test(key)) return key;
  const plain = key.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 40);
  return `${plain}-${sha256(key).slice(0, 16)}`;
}

/** GenEval's script and ours read PNG files alone; other formats are written anew, without loss. */
async function asPng(bytes: Buffer): Promise<Buffer> {
  const { format } = await inspectImage(bytes);
  return format === 'png' ? bytes : encodePng(await decodeImage(bytes));
}

type Writer = (name: string, content: string | Uint8Array) => Promise<void>;
type Sample = RunSample & { id: string };

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
  const samples = await readSamples(db, runId, { without: ['masks'] });
  let files = 0;
  const write: Writer = async (name, content) => {
    const file = path.resolve(folder, name);
    if (!file.startsWith(path.resolve(folder) + path.sep))
      throw new Error(`${name} lies outside the export.`);
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
  const picture = async (sample: Sample) => {
    const hash = pictures.get(sample.id);
    const bytes = hash === undefined ? null : await blobs.get(hash);
    if (hash !== undefined && !bytes) lost.add(sample.id);
    return bytes;
  };
  if (run.benchmark.task === 'generate') await exportGeneval(run, samples, picture, write);
  else if (run.benchmark.task === 'understand') await exportAnswers(samples, write);
  else await exportEdits({ db, blobs }, run, samples, picture, write);
  const withoutOutput = samples.filter(
    ({ id, text }) => text === null && (!pictures.has(id) || lost.has(id)),
  ).length;
  return { run: runId, folder, files, withoutOutput };
}

const sampleLine = ({ item, repeat, state, text, error, scores }: Sample) => ({
  key: item.key,
  group: item.group,
  repeat,
  state,
  ...(text === null ? {} : { text }),
  ...(error === null ? {} : { error }),
  scores: Object.fromEntries(Object.entries(scores).map(([metric, { value }]) => [metric, value])),
});

/** `00000/metadata.jsonl`, `00000/samples/0000.png`, and the official `results.jsonl`. */
async function exportGeneval(
  run: Run,
  samples: readonly Sample[],
  picture: (sample: Sample) => Promise<Buffer | null>,
  write: Writer,
): Promise<void> {
  const results: ImageResult[] = [];
  for (const sample of samples) {
    const { item, repeat, scores } = sample;
    const metadata = item.data as Metadata;
    const folder = folderName(item.position);
    if (repeat === 0) await write(`${folder}/metadata.jsonl`, `${metadataLine(metadata)}\n`);
    const filename = `${folder}/samples/${imageName(repeat)}`;
    const bytes = await picture(sample);
    if (bytes) await write(filename, await asPng(bytes));
    if (!scores.correct) continue;
    const { reason, detections, threshold } = scores.correct.details as {
      reason: string;
      detections: DetectionsByClass;
      threshold?: number;
    };
    const boxes = (all: readonly Detection[]) => all.map(({ box, score }) => [...box, score]);
    results.push({
      filename,
      tag: metadata.tag,
      prompt: metadata.prompt,
      correct: scores.correct.value === 1,
      reason,
      metadata,
      details: Object.fromEntries(
        [...filterDetections(detections, metadata.tag, filterFor(threshold))].map(([name, all]) => [
          name,
          boxes(all),
        ]),
      ),
    });
  }
  await write('results.jsonl', writeResults(results));
}

/** `<subject>/output.json`. */
async function exportAnswers(samples: readonly Sample[], write: Writer): Promise<void> {
  const subjects = new Map<string, unknown[]>();
  for (const { item, text } of samples) {
    const { id, answer, ...question } = questionOf(item);
    const entry = {
      id,
      question_type: question.kind === 'open' ? 'short-answer' : 'multiple-choice',
      answer,
      ...('choices' in question ? { all_choices: question.choices, index2ans: question.options } : {}),
      ...(text === null ? {} : { response: text }),
    };
    subjects.set(item.group, [...(subjects.get(item.group) ?? []), entry]);
  }
  for (const [subject, entries] of subjects)
    await write(`${fileNameOf(subject)}/output.json`, `${JSON.stringify(entries, null, 1)}\n`);
}

/** `edited/<key>.png`, sources and targets beside it, and `pairs.jsonl` for `studio eval score editing`. */
async function exportEdits(
  { db, blobs }: { db: Db; blobs: BlobStore },
  run: Run,
  samples: readonly Sample[],
  picture: (sample: Sample) => Promise<Buffer | null>,
  write: Writer,
): Promise<void> {
  const items = await db.prisma.item.findMany({
    where: { versionId: run.versionId },
    select: { key: true, pictures: { select: { name: true, blob: true } } },
  });
  const byKey = new Map(items.map((item) => [item.key, item.pictures]));
  const lines: string[] = [];
  for (const sample of samples.filter(({ repeat }) => repeat === 0)) {
    const { key, data } = sample.item;
    const edited = await picture(sample);
    if (!edited) continue;
    const line: Record<string, string> = {};
    for (const { name, blob } of byKey.get(key) ?? []) {
      const bytes = await blobs.get(blob.hash);
      line[name] = `${name}/${fileNameOf(key)}.${blob.mediaType.replace('image/', '')}`;
      if (bytes) await write(line[name], bytes);
    }
    line.edited = `edited/${fileNameOf(key)}.png`;
    await write(line.edited, await asPng(edited));
    const { caption, instruction } = data as EditItem;
    lines.push(`${JSON.stringify({ ...line, caption, instruction, key })}\n`);
  }
  await write('pairs.jsonl', lines.join(''));
}
