import { encodePng } from '../../models/runtime';
import type { Scene } from '../../models/scenes/scene';
import type { DatasetPicture } from '../datasets/types';

/**
 * The seed of the scenes in the synthetic sets. Training has 1, the evaluators 2 and 3, the model's report 1,000,000:
 * no scene of these sets was drawn for any of them.
 */
export const SYNTHETIC_SEED = 2_000_000;

/** Pixels, as in the model's own report. */
const SIDE = 256;

/** A scene as a square PNG file. */
export async function drawn(name: string, scene: Scene): Promise<DatasetPicture> {
  // Loaded when something is drawn: the tables of the sets are wanted without the renderer.
  const { renderScene } = await import('../../models/scenes/render');
  const { picture } = await renderScene(scene, SIDE, SIDE);
  return { name, bytes: await encodePng(picture) };
}
