/**
 * Presets: named choices of evaluators, in one table for the command line, runs, pages and fingerprints. Light: the web
 * server tells the choices.
 */
import type { EvaluatorDirectories, EvaluatorKind } from '../evaluators/open';

export interface Preset {
  name: string;
  /** Evaluators by kind, as their folders are called. A benchmark has the presets that name all kinds it needs. */
  evaluators: EvaluatorDirectories;
  /** Whose classes and thresholds the detector must have for scores to bear the name. */
  detector?: 'GenEval';
  /** How files and captions of edits are read; as a person sees them where nothing is said. */
  reads?: 'as MagicBrush';
}

/** The paper names no encoder sizes for edits, so the choice is part of a fingerprint. */
export const presets = {
  nano: { name: 'nano', evaluators: { detector: 'nano-detector', clip: 'nano-clip', dino: 'nano-dino' } },
  // Source: djghosh13/geneval, evaluation/evaluate_images.py.
  official: {
    name: 'official',
    evaluators: { detector: 'mask2former-swin-s', clip: 'clip-vit-l14' },
    detector: 'GenEval',
  },
  'magicbrush-b32': {
    name: 'magicbrush-b32',
    evaluators: { clip: 'clip-vit-b32', dino: 'dino-vits16' },
    reads: 'as MagicBrush',
  },
  'clip-b32': { name: 'clip-b32', evaluators: { clip: 'clip-vit-b32', dino: 'dino-vits16' } },
  'clip-l14': { name: 'clip-l14', evaluators: { clip: 'clip-vit-l14', dino: 'dino-vits16' } },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;

/** Evaluators that come with the project; others are added (`studio evaluator add`). */
const shipped: ReadonlySet<string> = new Set(Object.values(presets.nano.evaluators));

/** Whether an evaluator of this name comes with the project. */
export const isShipped = (name: string): boolean => shipped.has(name);

/** The presets that name evaluators of all these kinds, in their order; none for what needs no evaluators. */
export const presetsFor = (kinds: readonly EvaluatorKind[]): Preset[] =>
  kinds.length === 0
    ? []
    : Object.values<Preset>(presets).filter(({ evaluators }) => kinds.every((kind) => kind in evaluators));

/** A preset by its name; undefined for a name that is none. */
export const presetNamed = (name: string): Preset | undefined =>
  Object.hasOwn(presets, name) ? presets[name as PresetName] : undefined;
