import type { Source } from '../../download/sources';

/** One repository for each set of github.com/modelscope/ImagePulse, archives as its `push_to_hub` names them. */
const sets = ['ChangeAddRemove', 'ZoominZoomout', 'StyleTransfer', 'FaceID'] as const;
const archive = /^data\/[^/]+\.tar\.gz$/;

export const imagePulseSources = sets.map((set): Source => ({
  hub: 'modelscope',
  kind: 'datasets',
  repo: `DiffSynth-Studio/ImagePulse-${set}`,
  revision: 'master',
  parts: [set],
  folder: set,
  partOf: (path) => (archive.test(path) ? set : null),
}));
