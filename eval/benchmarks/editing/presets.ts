/** The presets of editing. Light: the web server tells the choices. */
import { presets, type Preset } from '../presets';

export type Reference = 'target' | 'source';

export interface EditingPreset extends Preset {
  evaluators: { clip: string; dino: string };
  /** The picture whose cosine is named `clip_o` and `dino_o`; both are kept. */
  reference: Reference;
}

type Presets = typeof presets;
export type EditingPresetName = {
  [Name in keyof Presets]: Presets[Name]['evaluators'] extends { clip: string; dino: string } ? Name : never;
}[keyof Presets];

/** A preset as editing uses it. */
export const editingPreset = (name: EditingPresetName): EditingPreset => ({
  ...presets[name],
  reference: 'target',
});

/** Of runs that name none. */
export const usualPresets = { imagepulse: 'magicbrush-b32', syntheticEdits: 'nano' } as const;
