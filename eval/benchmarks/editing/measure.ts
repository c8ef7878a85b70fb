import type { EditItem } from '../../datasets/types';
import type { OpenEvaluators } from '../../evaluators/open';
import type { Measure } from '../definition';
import type { RunSettings } from '../settings';
import { asUnmeasurable, imageOf, UnmeasurableError } from '../unmeasurable';
import { largestRatio } from './file';
import { itemPicture, presetOf } from './methods';
import type { EditingPresetName } from './presets';
import { editingMetrics, readsOf, scoreEdit } from './score';

/** Scores edited pictures by CLIP and DINO. @param own the preset of runs that name none */
export function measureEdits(
  { clip, dino }: OpenEvaluators,
  settings: RunSettings,
  own: EditingPresetName,
): Measure {
  if (!clip || !dino) throw new TypeError('Edits need a CLIP and a DINO.');
  const preset = presetOf(settings, own);
  const reads = readsOf(preset);
  return async (item, output) => {
    try {
      const files = [imageOf(output), itemPicture(item, 'source'), itemPicture(item, 'target')];
      const [edited, source, target] = await Promise.all(files.map((bytes) => reads.image(bytes)));
      for (const { width, height } of [edited!, source!, target!])
        if (Math.max(width, height) > largestRatio * Math.min(width, height))
          throw new UnmeasurableError(`An image of ${width}×${height} is too elongated to measure.`);
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
}

const bothReferences = (
  references: Record<'source' | 'target', { clip: number; dino: number }>,
  encoder: 'clip' | 'dino',
) => ({ target: references.target[encoder], source: references.source[encoder] });
