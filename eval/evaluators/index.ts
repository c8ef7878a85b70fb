/** Models that measure: CLIP, DINO and detectors from directories (README.md beside this file). */
export { openClip, type EvaluatorOptions } from './clip';
export { openDetector } from './detector';
export { openDino } from './dino';
export { cosine, unit } from './embed';
export type * from './types';
