import { decodeImage } from '../../../models/runtime';
import type { Dataset } from '../../datasets/types';
import type { Detector } from '../../evaluators';
import { PILLOW } from '../../metrics/resample';
import type { Share } from '../../statistics';
import {
  asUnmeasurable,
  UnmeasurableError,
  type BenchmarkDefinition,
  type RunAggregate,
} from '../definition';
import { chinesePrompt } from './chinese';
import { colourClassifier } from './colour';
import { folderName } from './folder';
import { examinePicture, filterOf } from './images';
import { keptDetails } from './kept';
import { officialPrompts } from './prompts';
import { summarize, type GenevalSummary } from './summary';
import { IMAGES_PER_PROMPT, type Metadata } from './types';
import { UnjudgeableError } from './verdict';

/** Detections down to this score are kept, so that one can see what another threshold would change. */
const keptFrom = 0.1;

/** GenEval in a run: keys are the folders of the official layout, groups its six tasks. */
export const geneval: BenchmarkDefinition = {
  name: 'geneval',
  title: 'GenEval',
  task: 'generate',
  synthetic: false,
  protocol: 'geneval 2',
  repeats: IMAGES_PER_PROMPT,
  evaluators: ['detector', 'clip'],
  defaultEvaluators: { detector: 'nano-detector', clip: 'nano-clip' },
  open: async () => promptItems(),
  request: ({ data }, settings, repeat) => {
    const { seed, width, height, steps, guidance } = settings;
    const metadata = data as Metadata;
    const prompt = settings.language === 'zh' ? chinesePrompt(metadata) : metadata.prompt;
    return { task: 'generate', prompt, width, height, steps, guidance, seed: (seed + repeat) >>> 0 };
  },
  measure: ({ detector, clip }) => {
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
        const image = await decodeImage(output);
        const evaluators = { detector, colours };
        const { verdict, ...seen } = await examinePicture(image, metadata, evaluators, filter, keptFrom);
        const details = keptDetails(metadata, filter, verdict, seen);
        return [{ metric: 'correct', value: verdict.correct ? 1 : 0, details }];
      } catch (error) {
        if (error instanceof UnjudgeableError) throw new UnmeasurableError(error.message);
        throw asUnmeasurable(error);
      }
    };
  },
  scoring: (evaluators) => {
    const detector = evaluators.find(({ kind }) => kind === 'detector') as Pick<Detector, 'thresholds'>;
    return { filter: filterOf(detector), resampler: PILLOW };
  },
  summarize: (samples, { samples: expected }) => {
    const scored = samples.flatMap(({ item, scores }) => {
      const metadata = item.data as Metadata;
      const { correct } = scores;
      return correct ? [{ tag: metadata.tag, metadata, correct: correct.value === 1 }] : [];
    });
    const summary = summarize(scored);
    const lacking = expected - scored.length;
    return {
      aggregates: aggregatesOf(summary),
      incomplete: summary.incomplete || lacking > 0,
      problems: [],
      result: { ...summary, incomplete: summary.incomplete || lacking > 0 },
    };
  },
};

function promptItems(): Dataset<Metadata> {
  const prompts = officialPrompts();
  return {
    size: prompts.length,
    problems: [],
    async *items() {
      for (const [i, data] of prompts.entries())
        yield { key: folderName(i), group: data.tag, data, pictures: [] };
    },
  };
}

/** `accuracy` by task; over all of them the mean of the tasks, beside it the shares of images and of prompts. */
function aggregatesOf({ tags, overall, uncertainty, images, prompts }: GenevalSummary): RunAggregate[] {
  const unknown = { standardError: null, interval: null };
  const aggregates = (Object.entries(tags) as [string, Share][]).map(
    ([group, { n, accuracy }]): RunAggregate => ({
      metric: 'accuracy',
      group,
      n,
      mean: accuracy,
      ...(uncertainty.tags[group] ?? unknown),
    }),
  );
  const whole = (metric: string, n: number, mean: number, how = unknown as typeof uncertainty.overall) =>
    aggregates.push({ metric, group: '', n, mean, ...(how ?? unknown) });
  if (overall !== null) whole('accuracy', images?.n ?? 0, overall, uncertainty.overall);
  if (images) whole('images', images.n, images.accuracy, uncertainty.images);
  if (prompts) whole('prompts', prompts.n, prompts.accuracy, uncertainty.prompts);
  return aggregates;
}
