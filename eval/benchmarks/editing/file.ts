/** A file of edits, scored item by item. A bad item is marked and counted; it neither ends the run nor counts as 0. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { messageOf, ModelError, type RgbImage } from '../../../models/runtime';
import type { Clip, Dino } from '../../evaluators';
import { readEntries, type JsonEntry } from '../../json';
import { fingerprint, measurer, sha256, type Measurer } from '../../fingerprint';
import { PILLOW } from '../../metrics/resample';
import { bootstrapDefaults, type Estimate } from '../../statistics';
import { aggregateEdits, perMetric, readsOf, scoreEdit, type EditingMetric, type EditScores } from './score';
import type { EditingPreset } from './presets';

const pairLine = z.object({
  source: z.string().min(1),
  edited: z.string().min(1),
  target: z.string().min(1),
  caption: z.string(),
});
type PairLine = z.infer<typeof pairLine>;
const picturesOf = ['source', 'edited', 'target'] as const;

type Nulls<T> = { [K in keyof T]: T[K] | null };

/** One line of the file: its scores, or nulls and why. */
export interface EditItem extends Nulls<EditScores>, Nulls<PairLine> {
  /** From 1. */
  line: number;
  problem?: string;
}

/** What the scores depend on. */
export interface EditingFingerprint {
  id: string;
  scoring: string;
  preset: string;
  reference: string;
  /** What decodes images and cleans captions, where a preset says; else they are read as a person sees them. */
  images?: string;
  captions?: string;
  /** sha256 over source, target and caption of every item, in order; not over what is being scored. */
  dataset: string;
  resampler: string;
  bootstrap: { seed: number; resamples: number; level: number };
  evaluators: Measurer[];
}

export interface EditingReport extends Record<EditingMetric, number | null> {
  preset: string;
  /** Items with scores. */
  n: number;
  /** Items in the file. */
  total: number;
  /** Whether an item has no scores: such a run is not ranked. */
  incomplete: boolean;
  /** How many items lack scores, by reason. */
  problems: Record<string, number>;
  truncated_captions: number;
  statistics: Record<EditingMetric, Estimate>;
  fingerprint: EditingFingerprint;
  items: EditItem[];
}

/**
 * Scores every entry of a file of JSON lines `{source, edited, target, caption}`, or of a JSON list of them.
 * @param text of the file; empty lines are passed over
 * @param folder that paths are relative to
 * @param onItem called after each item
 * @throws ModelError when an evaluator cannot be used at all
 */
export async function scoreEditFile(
  text: string,
  folder: string,
  evaluators: { clip: Clip; dino: Dino },
  preset: EditingPreset,
  onItem: (done: number, total: number) => void = () => {},
): Promise<EditingReport> {
  const reads = readsOf(preset);
  const lines = readEntries(text);
  const items: EditItem[] = [];
  const problems: Record<string, number> = {};
  const dataset = createHash('sha256');
  for (const entry of lines) {
    const item: EditItem = { line: entry.line, ...unscored };
    items.push(item);
    try {
      const line = parseLine(entry);
      Object.assign(item, line);
      const files = readFiles(line, folder);
      dataset.update(JSON.stringify([hashOf(files.source), hashOf(files.target), line.caption]));
      const pictures = await decodeAll(line, files, reads.image);
      Object.assign(
        item,
        await scoreEdit({ ...pictures, caption: reads.caption(line.caption) }, evaluators, preset.reference),
      );
    } catch (error) {
      // A graph that cannot be loaded fails for every item alike: that is no property of the item.
      if (error instanceof ModelError && error.code !== 'graph_failed') throw error;
      const problem = error instanceof ItemError ? error : new ItemError('not scorable', messageOf(error));
      item.problem = problem.message;
      problems[problem.reason] = (problems[problem.reason] ?? 0) + 1;
    }
    onItem(items.length, lines.length);
  }
  const scored = items.filter((item): item is EditItem & EditScores => item.problem === undefined);
  const statistics = aggregateEdits(scored);
  return {
    preset: preset.name,
    ...perMetric((metric) => statistics[metric].mean),
    n: scored.length,
    total: items.length,
    incomplete: scored.length < items.length || items.length === 0,
    problems,
    truncated_captions: scored.filter((item) => item.caption_truncated).length,
    statistics,
    fingerprint: fingerprintOf(preset, evaluators, dataset.digest('hex')),
    items,
  };
}

const unscored = {
  source: null,
  edited: null,
  target: null,
  caption: null,
  ...perMetric(() => null),
  references: null,
  caption_truncated: null,
};

/** `reason` groups the problems of a run; the message tells this one. */
class ItemError extends Error {
  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

function parseLine({ value, error }: JsonEntry): PairLine {
  if (error !== undefined) throw new ItemError('line is no JSON', `It is not JSON: ${error}.`);
  const parsed = pairLine.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') || 'the line';
  throw new ItemError('line lacks a field', `${field}: ${issue?.message ?? 'invalid'}.`);
}

type Each<T> = Record<(typeof picturesOf)[number], T>;

/** The files of an item, or why one cannot be read: the dataset's hash needs the others all the same. */
function readFiles(line: PairLine, folder: string): Each<Buffer | NodeJS.ErrnoException> {
  // At once, while nothing else waits: each asynchronous read takes four turns of the thread pool.
  const read = (name: (typeof picturesOf)[number]) => {
    try {
      return readFileSync(resolve(folder, line[name]));
    } catch (error) {
      return error as NodeJS.ErrnoException;
    }
  };
  return { source: read('source'), edited: read('edited'), target: read('target') };
}

/** Longer side to shorter: beyond it the resize of the shorter side to 224 pixels fills the memory. */
export const largestRatio = 200;

async function decodeAll(
  line: PairLine,
  files: Each<Buffer | NodeJS.ErrnoException>,
  read: (file: Uint8Array) => Promise<RgbImage>,
): Promise<Each<RgbImage>> {
  const decoding = picturesOf.map((name) => decode(name, line[name], files[name], read));
  // Of two bad pictures always the same one is reported, whichever is found first.
  await Promise.allSettled(decoding);
  const [source, edited, target] = await Promise.all(decoding);
  return { source: source!, edited: edited!, target: target! };
}

async function decode(
  name: string,
  path: string,
  file: Buffer | NodeJS.ErrnoException,
  read: (file: Uint8Array) => Promise<RgbImage>,
): Promise<RgbImage> {
  if (file instanceof Error) {
    const why = file.code === 'ENOENT' ? 'there is no such file' : (file.code ?? messageOf(file));
    throw new ItemError(`${name} image missing`, `${name}: cannot read ${path}: ${why}.`);
  }
  const picture = await read(file).catch((error: unknown) => {
    throw new ItemError(`${name} image unusable`, `${name}: ${messageOf(error)}`);
  });
  const { width, height } = picture;
  if (Math.max(width, height) > largestRatio * Math.min(width, height))
    throw new ItemError(
      `${name} image of unusable size`,
      `${name}: ${width}×${height} is more elongated than ${largestRatio} to 1.`,
    );
  return picture;
}

function fingerprintOf(
  preset: EditingPreset,
  { clip, dino }: { clip: Clip; dino: Dino },
  dataset: string,
): EditingFingerprint {
  return fingerprint({
    scoring: 'editing 1',
    preset: preset.name,
    reference: preset.reference,
    ...readsOf(preset).fingerprint,
    dataset,
    resampler: PILLOW,
    bootstrap: bootstrapDefaults,
    evaluators: [clip, dino].map(measurer),
  });
}

const hashOf = (file: Buffer | Error) => (file instanceof Error ? null : sha256(file));
