/**
 * The names GenEval knows, in its order: the order of the classes decides which prompts the generator draws,
 * that of the colours how a reason reads. The drawn world of models/scenes has the same ones; the checksum of
 * the prompt file (prompts.test.ts) holds both to it.
 */
import { CLASSES, COLOURS } from '../../../models/scenes/classes';

/** 80 class names, as in the official object_names.txt. */
export const OBJECT_NAMES: readonly string[] = CLASSES.map(({ name }) => name);

/** Ten colour names. */
export const COLOUR_NAMES: readonly string[] = COLOURS.map(({ name }) => name);

export const POSITIONS = ['left of', 'right of', 'above', 'below'] as const;
export type Position = (typeof POSITIONS)[number];
