import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isShipped } from '../benchmarks/presets';
import { openClip, type EvaluatorOptions } from './clip';
import { openDetector } from './detector';
import { openDino } from './dino';
import { addedEvaluators } from './folder';
import type { Clip, Detector, Dino } from './types';

/** The folder of the evaluators that come with the project. */
export const shippedEvaluators = fileURLToPath(new URL('../../models/evaluators', import.meta.url));

/** Where the evaluator of a name lies: with the project, or among those that were added. */
export const directoryOf = (name: string): string =>
  path.join(isShipped(name) ? shippedEvaluators : addedEvaluators(), name);

export const evaluatorKinds = ['detector', 'clip', 'dino'] as const;
export type EvaluatorKind = (typeof evaluatorKinds)[number];

/** Directories by kind. */
export type EvaluatorDirectories = Partial<Record<EvaluatorKind, string>>;

/** Those that were asked for. */
export interface OpenEvaluators {
  detector?: Detector;
  clip?: Clip;
  dino?: Dino;
  close(): Promise<void>;
}

/** Opens every evaluator that is named; graphs are loaded when first used. @throws ModelError naming the file */
export async function openEvaluators(
  directories: EvaluatorDirectories,
  options: EvaluatorOptions = {},
): Promise<OpenEvaluators> {
  const { detector, clip, dino } = directories;
  const open: OpenEvaluators = {
    close: async () => {
      await Promise.all([open.detector?.close(), open.clip?.close(), open.dino?.close()]);
    },
  };
  try {
    if (detector !== undefined) open.detector = await openDetector(detector, options);
    if (clip !== undefined) open.clip = await openClip(clip, options);
    if (dino !== undefined) open.dino = await openDino(dino, options);
    return open;
  } catch (error) {
    await open.close();
    throw error;
  }
}
