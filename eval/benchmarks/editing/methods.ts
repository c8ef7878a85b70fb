import { stat } from 'node:fs/promises';
import type { DatasetItem, EditItem } from '../../datasets/types';
import { PILLOW } from '../../metrics/resample';
import { bootstrapDefaults } from '../../statistics';
import {
  asUnmeasurable,
  UnmeasurableError,
  type BenchmarkDefinition,
  type RunAggregate,
  type RunSample,
} from '../definition';
import type { RunSettings } from '../settings';
import { largestRatio } from './file';
import { drawEdit, syntheticEdit, syntheticEdits as edits } from './synthetic';
import {
  aggregateEdits,
  editingMetrics,
  editingPresets,
  readsOf,
  scoreEdit,
  type EditingMetric,
  type EditingPreset,
  type EditingPresetName,
} from './score';

/** What differs between the sets of edits. */
type EditSet = Pick<BenchmarkDefinition, 'name' | 'title' | 'synthetic' | 'open' | 'redraw'> & {
  preset: EditingPresetName;
};

const presetOf = (settings: RunSettings, otherwise: EditingPresetName): EditingPreset =>
  editingPresets[settings.preset ?? otherwise];

/** A set of edits in a run: pictures `source` and `target`, groups the kinds of edit. */
export function editBenchmark({ preset: own, ...set }: EditSet): BenchmarkDefinition {
  const { clip, dino } = editingPresets[own];
  return {
    ...set,
    task: 'edit',
    protocol: 'editing 1',
    repeats: 1,
    evaluators: ['clip', 'dino'],
    defaultEvaluators: { clip, dino },
    request: (item, settings, repeat) => {
      const { seed, width, height, steps, guidance, decoder } = settings;
      const { instruction } = item.data as EditItem;
      const drawing = { width, height, steps, guidance, seed: (seed + repeat) >>> 0 };
      return { task: 'edit', prompt: instruction, image: picture(item, 'source'), decoder, ...drawing };
    },
    measure: ({ clip, dino }, settings) => {
      if (!clip || !dino) throw new TypeError('Edits need a CLIP and a DINO.');
      const preset = presetOf(settings, own);
      const reads = readsOf(preset);
      return async (item, output) => {
        try {
          const [edited, source, target] = await Promise.all(
            [output, picture(item, 'source'), picture(item, 'target')].map((bytes) => reads.image(bytes)),
          );
          for (const { width, height } of [edited!, source!, target!])
            if (Math.max(width, height) > largestRatio * Math.min(width, height))
              throw new UnmeasurableError(`A picture of ${width}×${height} is too elongated to measure.`);
          const pair = {
            edited: edited!,
            source: source!,
            target: target!,
            caption: reads.caption((item.data as EditItem).caption),
          };
          const scores = await scoreEdit(pair, { clip, dino }, preset.reference);
          const { references, caption_truncated } = scores;
          return editingMetrics.map((metric) => ({
            metric,
            value: scores[metric],
            ...(metric === 'clip_t' ? { details: { caption_truncated } } : {}),
            ...(metric === 'clip_o' || metric === 'dino_o'
              ? { details: bothReferences(references, metric === 'clip_o' ? 'clip' : 'dino') }
              : {}),
          }));
        } catch (error) {
          throw asUnmeasurable(error);
        }
      };
    },
    scoring: (_, settings) => {
      const preset = presetOf(settings, own);
      const { name, reference } = preset;
      return {
        preset: name,
        reference,
        ...readsOf(preset).fingerprint,
        resampler: PILLOW,
        bootstrap: bootstrapDefaults,
      };
    },
    summarize: (samples, { samples: expected, whole }) => {
      const scored = samples.filter(({ state }) => state === 'scored');
      const groups = [...new Set(samples.map(({ item }) => item.group))].sort();
      const aggregates = [
        ...aggregatesOf(scored, ''),
        ...groups.flatMap((group) =>
          aggregatesOf(
            scored.filter(({ item }) => item.group === group),
            group,
          ),
        ),
      ];
      const incomplete = !whole || scored.length < expected || expected === 0;
      const mean = (metric: EditingMetric) =>
        aggregates.find((one) => one.metric === metric && one.group === '')?.mean ?? null;
      return {
        aggregates,
        incomplete,
        problems: [],
        result: {
          ...Object.fromEntries(editingMetrics.map((metric) => [metric, mean(metric)])),
          n: scored.length,
          total: expected,
          incomplete,
          truncated_captions: scored.filter(({ scores }) => isTruncated(scores.clip_t?.details)).length,
        },
      };
    },
  };
}

/** ImagePulse's test set, from a folder of its archives or a file in the unified format. */
export const imagepulse = editBenchmark({
  name: 'imagepulse',
  title: 'ImagePulse editing',
  synthetic: false,
  preset: 'magicbrush-b32',
  open: async ({ data }) => {
    if (data === undefined)
      throw new Error(
        'ImagePulse is no part of the project: get it with `studio data pull imagepulse`, and name its folder.',
      );
    const isFile = await stat(data).then(
      (found) => found.isFile(),
      () => false,
    );
    if (isFile) return (await import('../../datasets/unified-edits')).readUnifiedEdits(data);
    return (await import('../../datasets/imagepulse')).readImagePulse(data);
  },
});

export const syntheticEdits = editBenchmark({
  name: 'synthetic-edits',
  title: 'Synthetic edits',
  synthetic: true,
  preset: 'nano',
  open: async () => edits(),
  redraw: (position) => drawEdit(syntheticEdit(position)),
});

function picture({ key, pictures }: DatasetItem, name: string): Uint8Array {
  const found = pictures.find((one) => one.name === name);
  if (!found) throw new UnmeasurableError(`The item ${key} has no ${name} picture.`);
  return found.bytes;
}

const bothReferences = (
  references: Record<'source' | 'target', { clip: number; dino: number }>,
  encoder: 'clip' | 'dino',
) => ({ target: references.target[encoder], source: references.source[encoder] });

const isTruncated = (details: unknown) =>
  (details as { caption_truncated?: boolean } | undefined)?.caption_truncated === true;

function aggregatesOf(scored: readonly RunSample[], group: string): RunAggregate[] {
  if (scored.length === 0) return [];
  // Samples of one item hang together: their mean is one value.
  const byItem = new Map<string, RunSample[]>();
  for (const sample of scored) byItem.set(sample.item.key, [...(byItem.get(sample.item.key) ?? []), sample]);
  const figures = aggregateEdits(
    [...byItem.values()].map((samples) => {
      const value = (metric: EditingMetric) =>
        samples.reduce((sum, { scores }) => sum + (scores[metric]?.value ?? NaN), 0) / samples.length;
      return { clip_t: value('clip_t'), l1: value('l1'), clip_o: value('clip_o'), dino_o: value('dino_o') };
    }),
  );
  return editingMetrics.map((metric) => {
    const { n, mean, standardError, interval } = figures[metric];
    return { metric, group, n, mean: mean ?? NaN, standardError, interval };
  });
}
