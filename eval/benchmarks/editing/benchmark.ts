import { settingNames } from '../../../models/runtime/parameters';
import type { Benchmark } from '../definition';
import type { Metric } from '../metric';
import { usualPresets, type EditingPresetName } from './presets';
import { imagePulseSources } from './sources';

const cosine = (metric: string, title: string): Metric => ({
  ...{ metric, title, better: 'higher', unit: 'cosine', decimals: 3, ofSamples: true, byGroup: true },
});

const l1: Metric = {
  ...{ metric: 'l1', title: 'L1', better: 'lower', unit: 'mean absolute difference', decimals: 3 },
  ...{ ofSamples: true, byGroup: true },
};

/** A set of edits in a run: pictures `source` and `target`, groups the kinds of edit. */
function editBenchmark(
  preset: EditingPresetName,
  set: Pick<Benchmark, 'name' | 'title' | 'synthetic' | 'pull' | 'load'>,
): Benchmark {
  return {
    ...set,
    task: 'edit',
    protocol: 'editing 1',
    repeats: 1,
    settings: [...settingNames('edit'), 'preset'],
    evaluators: ['clip', 'dino'],
    usualPreset: preset,
    tellsUsualPreset: true,
    // DINO-O leads: it tells pictures apart by what is where in them, while CLIP's figures hardly move between a picture
    // and its edit.
    metrics: [cosine('dino_o', 'DINO-O'), cosine('clip_o', 'CLIP-O'), cosine('clip_t', 'CLIP-T'), l1],
    groups: ['add', 'remove', 'replace', 'recolour', 'move'],
    mainIs: 'mean of items',
    measure: async (evaluators, settings) =>
      (await import('./measure')).measureEdits(evaluators, settings, preset),
  };
}

/** ImagePulse's test set, from a folder of its archives or a file in the unified format. */
export const imagepulse = editBenchmark(usualPresets.imagepulse, {
  name: 'imagepulse',
  title: 'ImagePulse editing',
  synthetic: false,
  // All archives are far more than an evaluation needs.
  pull: { sources: imagePulseSources, archives: 1 },
  load: async () => (await import('./methods')).imagepulseMethods,
});

export const syntheticEdits = editBenchmark(usualPresets.syntheticEdits, {
  name: 'synthetic-edits',
  title: 'Synthetic edits',
  synthetic: true,
  load: async () => (await import('./methods')).syntheticEditsMethods,
});
