import { decodeImage } from '../../../models/runtime';
import type { OpenEvaluators } from '../../evaluators/open';
import type { Measure } from '../definition';
import { verdictMetric } from '../metric';
import { asUnmeasurable, imageOf, UnmeasurableError } from '../unmeasurable';
import { colourClassifier } from './colour';
import { filterOf } from './filter';
import { examinePicture } from './images';
import { keptDetails } from './kept';
import type { Metadata } from './types';
import { UnjudgeableError } from './verdict';

/** Detections down to this score are kept, so that one can see what another threshold would change. */
const keptFrom = 0.1;

/** Judges pictures by a detector and CLIP's colours. */
export function measureGeneval({ detector, clip }: OpenEvaluators): Measure {
  if (!detector || !clip) throw new TypeError('GenEval needs a detector and a CLIP.');
  const filter = filterOf(detector);
  const colours = colourClassifier(clip);
  return async ({ data }, output) => {
    const metadata = data as Metadata;
    const named = [...metadata.include, ...(metadata.exclude ?? [])].map((one) => one.class);
    const strange = named.find((name) => !detector.classes.includes(name));
    if (strange !== undefined)
      throw new UnmeasurableError(`The detector ${detector.name} does not know the class ${strange}.`);
    try {
      const image = await decodeImage(imageOf(output));
      const evaluators = { detector, colours };
      const { verdict, ...seen } = await examinePicture(image, metadata, evaluators, filter, keptFrom);
      const details = keptDetails(metadata, filter, verdict, seen);
      return [{ metric: verdictMetric, value: verdict.correct ? 1 : 0, details }];
    } catch (error) {
      if (error instanceof UnjudgeableError) throw new UnmeasurableError(error.message);
      throw asUnmeasurable(error);
    }
  };
}
