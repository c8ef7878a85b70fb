/** Which encoders measure edits, and how files and captions are read. Light: the web server tells the choices. */

export type Reference = 'target' | 'source';

export interface EditingPreset {
  name: string;
  /** The picture whose cosine is named `clip_o` and `dino_o`; both are kept. */
  reference: Reference;
  /** Folders of the evaluators under models/evaluators. */
  clip: string;
  dino: string;
  /** How files and captions are read; as a person sees them where nothing is said. */
  reads?: 'as MagicBrush';
}

/** The paper names no encoder sizes, so this choice is part of a fingerprint. */
export const editingPresets = {
  nano: { name: 'nano', reference: 'target', clip: 'nano-clip', dino: 'nano-dino' },
  'magicbrush-b32': {
    name: 'magicbrush-b32',
    reference: 'target',
    clip: 'clip-vit-b32',
    dino: 'dino-vits16',
    reads: 'as MagicBrush',
  },
  'clip-b32': { name: 'clip-b32', reference: 'target', clip: 'clip-vit-b32', dino: 'dino-vits16' },
  'clip-l14': { name: 'clip-l14', reference: 'target', clip: 'clip-vit-l14', dino: 'dino-vits16' },
} satisfies Record<string, EditingPreset>;

export type EditingPresetName = keyof typeof editingPresets;

/** Of runs that name none. */
export const usualPresets = { imagepulse: 'magicbrush-b32', syntheticEdits: 'nano' } as const;
