import { stat } from 'node:fs/promises';
import type { DatasetItem, EditItem } from '../../datasets/types';
import { PILLOW } from '../../metrics/resample';
import { bootstrapDefaults } from '../../statistics';
import type { BenchmarkMethods, RunAggregate, RunSample } from '../definition';
import { readImageFolder } from '../image-folder';
import { requestedBy, type RunSettings } from '../settings';
import { UnmeasurableError } from '../unmeasurable';
import { writeEditedPictures } from './outputs';
import { editingPreset, usualPresets, type EditingPreset, type EditingPresetName } from './presets';
import { aggregateEdits, editingMetrics, perMetric, readsOf, type EditingMetric } from './score';
import { drawEdit, SYNTHETIC_KINDS, syntheticEdit, syntheticEdits as edits } from './synthetic';

/** The preset of a run, or that of the benchmark where it names none. */
export const presetOf = ({ preset }: RunSettings, otherwise: EditingPresetName): EditingPreset =>
  editingPreset((preset as EditingPresetName | undefined) ?? otherwise);

function editMethods(
  own: EditingPresetName,
  set: Pick<BenchmarkMethods, 'open' | 'itemGroups' | 'redraw'>,
): BenchmarkMethods {
  return {
    ...set,
    request: (item, settings, repeat) => {
      const { instruction } = item.data as EditItem;
      const image = itemPicture(item, 'source');
      return { task: 'edit', prompt: instruction, image, ...requestedBy(settings, 'edit', repeat) };
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
    describe: ({ data }) => {
      const { instruction, caption } = data as EditItem;
      return { expected: { kind: 'edit', instruction, caption } };
    },
    readOutputs: readImageFolder,
    writeOutputs: writeEditedPictures,
  };
}

export const imagepulseMethods = editMethods(usualPresets.imagepulse, {
  open: async ({ data }) => {
    if (data === undefined)
      throw new Error(
        'ImagePulse doesn’t ship with the project. Download it with `studio data pull imagepulse`, and specify its folder.',
      );
    const isFile = await stat(data).then(
      (found) => found.isFile(),
      () => false,
    );
    if (isFile) return (await import('../../datasets/unified-edits')).readUnifiedEdits(data);
    return (await import('../../datasets/imagepulse')).readImagePulse(data);
  },
});

export const syntheticEditsMethods = editMethods(usualPresets.syntheticEdits, {
  open: async () => edits(),
  // The kinds come in turns.
  itemGroups: () =>
    Array.from({ length: edits().size ?? 0 }, (_, i) => SYNTHETIC_KINDS[i % SYNTHETIC_KINDS.length]!),
  redraw: (position) => drawEdit(syntheticEdit(position)),
});

/** A picture of an item. @throws UnmeasurableError where it has none of that name */
export function itemPicture({ key, pictures }: DatasetItem, name: string): Uint8Array {
  const found = pictures.find((one) => one.name === name);
  if (!found) throw new UnmeasurableError(`The item ${key} has no ${name} picture.`);
  return found.bytes;
}

const isTruncated = (details: unknown) =>
  (details as { caption_truncated?: boolean } | undefined)?.caption_truncated === true;

function aggregatesOf(scored: readonly RunSample[], group: string): RunAggregate[] {
  if (scored.length === 0) return [];
  // Samples of one item hang together: their mean is one value.
  const byItem = new Map<string, RunSample[]>();
  for (const sample of scored) byItem.set(sample.item.key, [...(byItem.get(sample.item.key) ?? []), sample]);
  const figures = aggregateEdits(
    [...byItem.values()].map((samples) =>
      perMetric(
        (metric) =>
          samples.reduce((sum, { scores }) => sum + (scores[metric]?.value ?? NaN), 0) / samples.length,
      ),
    ),
  );
  return editingMetrics.map((metric) => {
    const { n, mean, standardError, interval } = figures[metric];
    return { metric, group, n, mean: mean ?? NaN, standardError, interval };
  });
}
