import { readEntries } from '../../json';
import type { Problem } from '../problem';
import { filterDetections, filterFor, type FilterSettings } from './filter';
import { OBJECT_NAMES } from './names';
import { objectOf, parseMetadata } from './parse';
import type { Detection, DetectionsByClass, Metadata, Verdict } from './types';
import { coloursGiven, judge, UnjudgeableError } from './verdict';

/** What was found in one image. */
export interface DetectionsLine {
  filename?: string;
  metadata: Metadata;
  /** Scores strictly above it count, where the detector is not calibrated to the official threshold. */
  threshold?: number;
  detections: DetectionsByClass;
}

/** A judged line; `correct` is null where the line could not be judged, and `reason` says why. */
export type Item = Verdict | { correct: null; reason: string };

export interface JudgedLines {
  /** One for each line that is not blank, in order. */
  items: Item[];
  /** The prompt of each item, null where the line has none that can be read. */
  metadata: (Metadata | null)[];
  problems: Problem[];
  /** Class names that GenEval does not have, with how many detections were passed over for it. */
  unknownClasses: Record<string, number>;
}

/**
 * Judges JSON lines of `{"metadata": {…}, "detections": {class: [{"box", "score", "color"}, …]}}`
 * (`DetectionsLine`). A line that cannot be judged is told apart from a wrong image, and the others go on.
 */
export async function judgeLines(text: string): Promise<JudgedLines> {
  const judged: JudgedLines = { items: [], metadata: [], problems: [], unknownClasses: {} };
  for (const entry of readEntries(text)) {
    let metadata: Metadata | null = null;
    try {
      const item = objectOf(entry);
      metadata = parseMetadata(item.metadata);
      const detections = parseDetections(item.detections);
      countUnknown(detections, judged.unknownClasses);
      const found = filterDetections(detections, metadata.tag, parseThreshold(item.threshold));
      judged.items.push(await judge(found, metadata, coloursGiven));
    } catch (error) {
      if (!(error instanceof UnjudgeableError)) throw error;
      const { where } = entry;
      judged.items.push({ correct: null, reason: `${where} ${error.message}` });
      judged.problems.push({ where, reason: error.message });
    }
    judged.metadata.push(metadata);
  }
  return judged;
}

export function countUnknown(detections: DetectionsByClass, unknown: Record<string, number>): void {
  for (const [name, objects] of Object.entries(detections))
    if (!OBJECT_NAMES.includes(name)) unknown[name] = (unknown[name] ?? 0) + objects.length;
}

function parseThreshold(threshold: unknown): FilterSettings {
  if (threshold !== undefined && !Number.isFinite(threshold))
    throw new UnjudgeableError('has a threshold that is no number');
  return filterFor(threshold as number | undefined);
}

function parseDetections(value: unknown): DetectionsByClass {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UnjudgeableError('has no detections: an object with a list for each class');
  return Object.fromEntries(
    Object.entries(value).map(([name, objects]) => {
      if (!Array.isArray(objects)) throw new UnjudgeableError(`has no list of detections for ${name}`);
      return [name, objects.map((object, i) => parseDetection(object, `${name} ${i + 1}`))];
    }),
  );
}

function parseDetection(value: unknown, name: string): Detection {
  const { box, score, color } = (value ?? {}) as Record<string, unknown>;
  if (!Array.isArray(box) || box.length !== 4 || !box.every(Number.isFinite))
    throw new UnjudgeableError(`has a box that is not four numbers, of ${name}`);
  if (!Number.isFinite(score)) throw new UnjudgeableError(`has a score that is no number, of ${name}`);
  if (color !== undefined && color !== null && typeof color !== 'string')
    throw new UnjudgeableError(`has a color that is no text, of ${name}`);
  return { box: box as unknown as Detection['box'], score: score as number, color: color ?? undefined };
}
