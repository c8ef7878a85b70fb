/** Outputs in the official layout, of runs and from elsewhere: `00000/metadata.jsonl`, `00000/samples/0000.png`. */
import { basename } from 'node:path';
import type { ExportedSample, ImportedOutput, ImportedOutputs, OutputFolder } from '../definition';
import { filterDetections, filterFor } from './filter';
import { folderName, imageName, readGenevalFolder } from './folder';
import { metadataLine, officialPrompts } from './prompts';
import { writeResults } from './results';
import {
  IMAGES_PER_PROMPT,
  type Detection,
  type DetectionsByClass,
  type ImageResult,
  type Metadata,
} from './types';

/** A GenEval folder in the official layout. @throws the file system's error when it cannot be read */
export async function readGenevalOutputs(directory: string): Promise<ImportedOutputs> {
  const { prompts, problems } = await readGenevalFolder(directory);
  const official = new Map(officialPrompts().map((metadata, i) => [metadataLine(metadata), folderName(i)]));
  const outputs: ImportedOutput[] = [];
  for (const { metadata, images } of prompts) {
    const key = official.get(metadataLine(metadata));
    // That it is no prompt of GenEval, or stands twice, is among the problems already; the first counts.
    if (key === undefined || outputs.some((one) => one.key === key)) continue;
    for (const path of images) {
      // 0002.png is the third image, whichever others there are.
      const repeat = Number.parseInt(basename(path), 10);
      if (repeat < IMAGES_PER_PROMPT) outputs.push({ key, repeat, path });
    }
  }
  return { outputs, problems };
}

/** The official layout, and the official `results.jsonl`. */
export async function writeGenevalOutputs(
  samples: readonly ExportedSample[],
  { png, write }: OutputFolder,
): Promise<void> {
  const results: ImageResult[] = [];
  for (const sample of samples) {
    const { item, repeat, scores } = sample;
    const metadata = item.data as Metadata;
    const folder = folderName(item.position);
    if (repeat === 0) await write(`${folder}/metadata.jsonl`, `${metadataLine(metadata)}\n`);
    const filename = `${folder}/samples/${imageName(repeat)}`;
    const bytes = await png(sample);
    if (bytes) await write(filename, bytes);
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
