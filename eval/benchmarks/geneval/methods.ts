import type { Dataset } from '../../datasets/types';
import type { Detector } from '../../evaluators';
import { PILLOW } from '../../metrics/resample';
import type { Share } from '../../statistics';
import type { BenchmarkMethods, RunAggregate } from '../definition';
import { chinesePrompt } from './chinese';
import { filterOf } from './filter';
import { folderName } from './folder';
import { readGenevalOutputs, writeGenevalOutputs } from './outputs';
import { officialPrompts } from './prompts';
import { summarize, type GenevalSummary } from './summary';
import { requestedBy } from '../settings';
import type { Metadata } from './types';
import { describeSample } from './view';

export const genevalMethods: BenchmarkMethods = {
  open: async () => promptItems(),
  itemGroups: () => officialPrompts().map(({ tag }) => tag),
  request: ({ data }, settings, repeat) => {
    const metadata = data as Metadata;
    const prompt = settings.language === 'zh' ? chinesePrompt(metadata) : metadata.prompt;
    return { task: 'generate', prompt, ...requestedBy(settings, 'generate', repeat) };
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
  describe: describeSample,
  readOutputs: readGenevalOutputs,
  writeOutputs: writeGenevalOutputs,
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
