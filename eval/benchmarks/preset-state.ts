/** Whether a preset can be used on this machine. Reads manifests alone, and no weights: the web server asks. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { addedEvaluators } from '../evaluators/folder';
import type { EvaluatorKind } from '../evaluators/open';
import { officialFilter } from './geneval/filter';
import { OBJECT_NAMES } from './geneval/names';
import { isShipped, type Preset } from './presets';

/** Why an evaluator of a preset cannot be used. */
export type PresetProblem = 'missing' | 'unreadable' | 'kind' | 'classes' | 'thresholds';

export interface PresetEvaluator {
  kind: EvaluatorKind;
  name: string;
  /** Null where it can be used. */
  problem: PresetProblem | null;
  /** What is wrong, for people; empty where nothing is. */
  why: string;
}

const thresholdsSchema = z.object({ default: z.number(), counting: z.number() });
const headSchema = z.object({
  kind: z.string(),
  classes: z.array(z.string()).default([]),
  thresholds: thresholdsSchema.optional(),
});

/**
 * The evaluators of a preset as they are installed here.
 * @param kinds those that are needed; by default all that the preset has
 */
export function presetEvaluators(
  preset: Preset,
  kinds: readonly EvaluatorKind[] = Object.keys(preset.evaluators) as EvaluatorKind[],
): PresetEvaluator[] {
  return kinds.map((kind) => {
    const name = preset.evaluators[kind]!;
    const [problem, why] = isShipped(name) ? fine : problemOf(preset, kind, name);
    return { kind, name, problem, why };
  });
}

const fine = [null, ''] as const;

function problemOf(
  { detector }: Preset,
  kind: EvaluatorKind,
  name: string,
): readonly [PresetProblem | null, string] {
  let text: string;
  try {
    text = readFileSync(path.join(addedEvaluators(), name, 'manifest.json'), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return ['missing', 'it is not installed'];
    return ['unreadable', `its manifest.json cannot be read (${code})`];
  }
  const parsed = headSchema.safeParse(asJson(text));
  if (!parsed.success) return ['unreadable', 'its manifest.json is damaged'];
  const { kind: found, classes, thresholds } = parsed.data;
  if (found !== kind) return ['kind', `it is of the kind ${found}, not ${kind}`];
  if (kind !== 'detector' || detector === undefined) return fine;
  const strange = classDifference(classes);
  if (strange !== null)
    return ['classes', `its classes must be COCO’s 80 by GenEval’s names, but ${strange}`];
  const { threshold, countingThreshold } = officialFilter;
  if (thresholds && (thresholds.default !== threshold || thresholds.counting !== countingThreshold))
    return [
      'thresholds',
      `its thresholds are ${thresholds.default} and ${thresholds.counting}, not GenEval’s ${threshold} and ${countingThreshold}`,
    ];
  return fine;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** In what a list of classes is not GenEval's; null where it is. */
function classDifference(classes: readonly string[]): string | null {
  if (classes.length !== OBJECT_NAMES.length) {
    const first = classes.slice(0, 3).join(', ');
    return `there are ${classes.length}${first && ` (${first}${classes.length > 3 ? ', …' : ''})`}`;
  }
  const at = OBJECT_NAMES.findIndex((name, i) => classes[i] !== name);
  return at < 0 ? null : `number ${at + 1} is ${classes[at]}, not ${OBJECT_NAMES[at]}`;
}

/** The command that installs an evaluator. */
export const addCommand = (name: string): string => `npx studio evaluator add ${name} --weights FILE`;

/**
 * Why a preset cannot be used, and what to do, in one line; null where it can.
 * @param kinds as of `presetEvaluators`
 */
export function presetRefusal(preset: Preset, kinds?: readonly EvaluatorKind[]): string | null {
  const wrong = presetEvaluators(preset, kinds).filter(({ problem }) => problem !== null);
  if (wrong.length === 0) return null;
  const folder = addedEvaluators();
  const missing = wrong.filter(({ problem }) => problem === 'missing').map(({ name }) => name);
  const others = wrong.filter(({ problem }) => problem !== 'missing');
  return [
    ...(missing.length === 0
      ? []
      : [
          `The preset ${preset.name} needs ${missing.join(' and ')}, not found in ${folder}. Install with: ${missing.map(addCommand).join('; ')}`,
        ]),
    ...others.map(
      ({ name, why }) =>
        `The preset ${preset.name} can’t use ${path.join(folder, name)}: ${why}. Remove it, and install it again with: ${addCommand(name)}`,
    ),
  ].join('. ');
}
