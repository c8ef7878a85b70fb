/**
 * Images in the official layout, judged by a detector and CLIP's colours, as the official
 * evaluation/evaluate_images.py (djghosh13/geneval).
 */
import { readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { decodeImage, ImageError, ModelError, type RgbImage } from '../../../models/runtime';
import type { Detection as Found, Detector, EvaluatorIdentity } from '../../evaluators';
import { fingerprint, measurer, type Measurer } from '../../fingerprint';
import { PILLOW } from '../../metrics/resample';
import type { ColourClassifier } from './colour';
import { countUnknown, type DetectionsLine } from './detections';
import { filterDetections, filterOf, officialFilter, type FilterSettings } from './filter';
import { missingFrom, readingFailed, type FolderProblem, type GenevalFolder } from './folder';
import { OBJECT_NAMES } from './names';
import { PROMPTS_SHA256 } from './prompts';
import type { ColourOf, Detection, Metadata, Verdict } from './types';
import { judge, UnjudgeableError } from './verdict';

export interface GenevalEvaluators {
  detector: Detector;
  colours: ColourClassifier;
  /** The CLIP behind `colours`. */
  clip: EvaluatorIdentity;
}

export interface JudgedImage extends Verdict {
  /** Relative to the folder, e.g. `00000/samples/0000.png`. */
  filename: string;
}

/** What the scores depend on. */
export interface GenevalFingerprint {
  id: string;
  scoring: string;
  /** sha256 of the official prompts. */
  dataset: string;
  filter: FilterSettings;
  /** Before CLIP; the detector's resize is told by its manifest. */
  resampler: string;
  evaluators: Measurer[];
}

export interface JudgedFolder {
  /** Judged images, in the order of the folder. */
  items: JudgedImage[];
  /** The prompt of each item. */
  metadata: Metadata[];
  /** What could not be judged, and what is odd about the folder or the detector. */
  problems: FolderProblem[];
  counts: GenevalFolder['counts'];
  /** The detector's classes that GenEval does not have, with how many detections were passed over for it. */
  unknownClasses: Record<string, number>;
  /** Whether an image was not judged, or more than the protocol's were: such a run is not ranked. */
  incomplete: boolean;
  fingerprint: GenevalFingerprint;
}

export interface JudgeOptions {
  /** Called after each image. */
  onImage?: (done: number, total: number) => void;
  /** Gets what was found in each image that was judged. */
  onDetections?: (line: DetectionsLine) => Promise<void>;
}

/** Problems that make a run another one than the official protocol's. */
const spoiling = ['missing', 'extra', 'corrupt', 'prompt', 'evaluator'] as const;

/**
 * Judges every image of a folder; one that cannot be judged is a problem, and the others go on.
 * @param directory that was read
 * @throws ModelError when an evaluator cannot be used at all
 */
export async function judgeFolder(
  directory: string,
  folder: GenevalFolder,
  evaluators: GenevalEvaluators,
  { onImage, onDetections }: JudgeOptions = {},
): Promise<JudgedFolder> {
  const { detector, clip } = evaluators;
  const filter = filterOf(detector);
  const problems = [...folder.problems, ...lackingClasses(detector)];
  const judged: Pick<JudgedFolder, 'items' | 'metadata' | 'unknownClasses'> = {
    items: [],
    metadata: [],
    unknownClasses: {},
  };
  const counts = { ...folder.counts, evaluator: problems.length - folder.problems.length };
  const total = folder.prompts.reduce((sum, { images }) => sum + images.length, 0);
  let done = 0;
  for (const { metadata, images } of folder.prompts) {
    let lost = 0;
    for (const path of images) {
      const filename = relative(directory, path).split(sep).join('/');
      try {
        const { verdict, detections } = await judgePicture(
          await decodeImage(await readFile(path)),
          metadata,
          evaluators,
          filter,
        );
        judged.items.push({ filename, ...verdict });
        judged.metadata.push(metadata);
        countUnknown(detections, judged.unknownClasses);
        await onDetections?.({ filename, metadata, ...thresholdOf(metadata, filter), detections });
      } catch (error) {
        const problem = problemOf(error, filename);
        problems.push(problem);
        counts[problem.kind]++;
        lost++;
      }
      onImage?.(++done, total);
    }
    counts.missing += missingFrom(images.length - lost) - missingFrom(images.length);
  }
  return {
    ...judged,
    problems,
    counts,
    incomplete: spoiling.some((kind) => counts[kind] > 0),
    fingerprint: fingerprint({
      scoring: 'geneval 2',
      dataset: PROMPTS_SHA256,
      filter,
      resampler: PILLOW,
      evaluators: [detector, clip].map(measurer),
    }),
  };
}

/** For a line of detections: the threshold, where it is not the official one. */
export function thresholdOf({ tag }: Metadata, filter: FilterSettings): Pick<DetectionsLine, 'threshold'> {
  const name = tag === 'counting' ? 'countingThreshold' : 'threshold';
  return filter[name] === officialFilter[name] ? {} : { threshold: filter[name] };
}

/** A detector that does not know a class never finds it, which says nothing about the images. */
function lackingClasses({ name, classes }: Detector): FolderProblem[] {
  const lacking = OBJECT_NAMES.filter((one) => !classes.includes(one));
  if (lacking.length === 0) return [];
  const named = `${lacking.slice(0, 3).join(', ')}${lacking.length > 3 ? ', …' : ''}`;
  const reason = `the detector does not know ${lacking.length} of the ${OBJECT_NAMES.length} classes: ${named}`;
  return [{ kind: 'evaluator', where: name, reason }];
}

type Judging = Pick<GenevalEvaluators, 'detector' | 'colours'>;

/**
 * Finds the objects of a picture and their colours, and judges it.
 * @param minScore detections with this score or less are not kept; by default those that the filter would drop
 * @throws UnjudgeableError, ModelError, RangeError
 */
export async function judgePicture(
  image: RgbImage,
  metadata: Metadata,
  evaluators: Judging,
  filter: FilterSettings,
  minScore = metadata.tag === 'counting' ? filter.countingThreshold : filter.threshold,
): Promise<{ verdict: Verdict; detections: DetectionsLine['detections'] }> {
  const { verdict, found, asked } = await examinePicture(image, metadata, evaluators, filter, minScore);
  const stored = (one: Found): Detection => {
    const { box, score } = one;
    const color = asked.get(one)?.color;
    return color === undefined ? { box, score } : { box, score, color };
  };
  return {
    verdict,
    detections: Object.fromEntries(Object.entries(found).map(([name, all]) => [name, all.map(stored)])),
  };
}

/**
 * The same with all that was found.
 * @returns `asked`: the colours of the objects for which one was asked, with CLIP's cosines where it tells them
 */
export async function examinePicture(
  image: RgbImage,
  metadata: Metadata,
  { detector, colours }: Judging,
  filter: FilterSettings,
  minScore: number,
): Promise<{
  verdict: Verdict;
  found: Record<string, Found[]>;
  asked: Map<Found, { color: string; cosines?: number[] }>;
}> {
  const found: Record<string, Found[]> = {};
  for (const one of await detector.detect(image, { minScore })) (found[one.className] ??= []).push(one);
  const asked = new Map<Found, { color: string; cosines?: number[] }>();
  const colourOf: ColourOf<Found> = async (className, objects) => {
    const answers: { color: string; cosines?: number[] }[] = colours.compare
      ? await colours.compare(image, objects, className)
      : (await colours.classify(image, objects, className)).map((color) => ({ color }));
    objects.forEach((object, i) => asked.set(object, answers[i]!));
    return answers.map(({ color }) => color);
  };
  const verdict = await judge(filterDetections(found, metadata.tag, filter), metadata, colourOf);
  return { verdict, found, asked };
}

/** @throws the error itself where it is no property of the image: it would fail for every one alike */
function problemOf(error: unknown, where: string): FolderProblem {
  if (error instanceof ImageError) return { kind: 'corrupt', where, reason: error.message };
  if (error instanceof UnjudgeableError) return { kind: 'prompt', where, reason: error.message };
  const measuring = error instanceof ModelError && error.code === 'graph_failed';
  if (measuring || error instanceof RangeError) return { kind: 'evaluator', where, reason: error.message };
  if (error instanceof Error && 'syscall' in error)
    return { kind: 'corrupt', where, reason: readingFailed(error) };
  throw error;
}
