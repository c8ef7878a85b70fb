import {
  float32,
  floatsOf,
  ModelError,
  openGraphs,
  output,
  readDirectory,
  type Feeds,
} from '../../models/runtime';
import { detectorPixels } from '../metrics/preprocess';
import type { EvaluatorOptions } from './clip';
import { instances, type RawDetections } from './instances';
import { detectorManifest, evaluatorKind, type DetectorManifest } from './manifest';
import type { Detector } from './types';

/**
 * Opens a detector's directory: a graph from `pixel_values` (1, 3, h, w) to `class_logits` (1, q, classes + 1) and
 * `mask_logits` (1, q, h', w'); the first axis of the outputs may be left out.
 * @throws ModelError naming the file and what to do
 */
export async function openDetector(dir: string, options: EvaluatorOptions = {}): Promise<Detector> {
  const { manifest, hash } = await readDirectory(dir, detectorManifest, evaluatorKind);
  const graphs = await openGraphs(dir, manifest.graphs, options);
  const { classes, thresholds, max_detections: limit } = manifest;
  return {
    kind: 'detector',
    name: manifest.name,
    version: manifest.version,
    hash,
    classes,
    thresholds,
    detect: async (image, { minScore = 0 } = {}) => {
      const graph = await graphs.get('detector');
      const { data, width, height, content } = detectorPixels(image, manifest.image);
      const outputs = await graph.run({ pixel_values: float32(data, [1, 3, height, width]) });
      const raw = readOutputs(outputs, manifest);
      const sizes = { padded: { width, height }, content, original: image };
      return instances(raw, sizes, { limit, minScore }).map((found) => ({
        ...found,
        className: classes[found.classIndex]!,
      }));
    },
    close: () => graphs.close(),
  };
}

/** @throws ModelError `graph_failed` for outputs of other dims */
function readOutputs(outputs: Feeds, { classes }: DetectorManifest): RawDetections {
  const logits = output(outputs, 'class_logits');
  const masks = output(outputs, 'mask_logits');
  const dims = (all: readonly number[], rank: number) =>
    all.length === rank + 1 && all[0] === 1 ? all.slice(1) : all;
  const [queries, width] = dims(logits.dims, 2);
  const [maskQueries, maskHeight, maskWidth] = dims(masks.dims, 3);
  if (width !== classes.length + 1 || !queries || maskQueries !== queries || !maskHeight || !maskWidth)
    throw new ModelError(
      'graph_failed',
      `The detector gave class logits ${logits.dims.join('×')} and mask logits ${masks.dims.join('×')} for ${classes.length} classes.`,
    );
  return {
    queries,
    classes: classes.length,
    classLogits: floatsOf(logits),
    maskLogits: floatsOf(masks),
    maskWidth,
    maskHeight,
  };
}
