import type { DatasetItem, MmmuQuestion } from '../../datasets/types';
import type { Problem } from '../problem';
import type { BenchmarkDefinition, RunAggregate, RunSample } from '../definition';
import { compareHarnesses } from './harnesses';
import { letters, officialPrompt, questionAlone } from './prompt';
import { scoreResponses } from './score';
import { OFFICIAL_TABLE, type SubjectTable } from './subjects';
import { summarize } from './summary';
import { drawQuestion, SYNTHETIC_TABLE, syntheticQuestions } from './synthetic';
import type { MmmuResponse, ScoredResponse } from './types';

/** What differs between sets in MMMU's format. */
type QuestionSet = Pick<BenchmarkDefinition, 'name' | 'title' | 'synthetic' | 'open' | 'redraw'> & {
  table: SubjectTable;
};

/**
 * Questions in MMMU's format in a run; groups are the subjects. Answers are scored when all are there, because those
 * that name no option draw from one generator, one after the other.
 */
function questionBenchmark({ table, ...set }: QuestionSet): BenchmarkDefinition {
  return {
    ...set,
    task: 'understand',
    protocol: 'mmmu 1',
    repeats: 1,
    evaluators: [],
    defaultEvaluators: {},
    request: ({ data, pictures }, settings) => {
      const { question, kind, options } = data as MmmuQuestion;
      const images = pictures.map(({ bytes }) => bytes);
      return {
        task: 'understand',
        prompt:
          settings.prompt === 'question'
            ? questionAlone(question)
            : officialPrompt(question, kind === 'open' ? null : options),
        images: settings.images === 'first' ? images.slice(0, 1) : images,
        maxNewTokens: settings.maxNewTokens,
      };
    },
    measure: null,
    scoring: () => ({ fallbackSeed: 42 }),
    summarize: (samples, { samples: expected, whole }) => {
      const places = new Map<string, number>();
      const responses = samples.flatMap((sample, i) => {
        const response = responseOf(sample);
        if (response) places.set(response.id, i);
        return response ?? [];
      });
      const { scored, problems } = scoreResponses(responses, table);
      const summary = summarize(scored, undefined, table);
      // A data set may lack questions itself, such as one of some subjects alone.
      const incomplete = summary.incomplete || !whole || scored.length < expected || expected === 0;
      return {
        aggregates: aggregatesOf(summary, scored),
        incomplete,
        problems: problems satisfies Problem[],
        result: {
          ...summary,
          missing: Math.max(summary.missing, expected - scored.length),
          incomplete,
          ...compareHarnesses(responses, scored, table),
        },
        scores: scored.map(({ id, correct, guess }) => ({
          sample: places.get(id)!,
          scores: [{ metric: 'correct', value: correct ? 1 : 0, details: { guess } }],
        })),
      };
    },
  };
}

/** MMMU's validation split, from a folder with its parquet files. */
export const mmmu = questionBenchmark({
  name: 'mmmu',
  title: 'MMMU',
  synthetic: false,
  table: OFFICIAL_TABLE,
  open: async ({ data }) => {
    if (data === undefined)
      throw new Error(
        'MMMU is no part of the project: get it with `studio data pull mmmu`, and name its folder.',
      );
    return (await import('../../datasets/mmmu')).readMmmu(data);
  },
});

export const syntheticMmmu = questionBenchmark({
  name: 'synthetic-mmmu',
  title: 'Synthetic questions',
  synthetic: true,
  table: SYNTHETIC_TABLE,
  open: async () => syntheticQuestions(),
  redraw: drawQuestion,
});

/** A sample's answer with its question, or null where the model gave none. */
function responseOf({ item, text }: RunSample): MmmuResponse | null {
  if (text === null) return null;
  return { ...questionOf(item), response: text } as MmmuResponse;
}

/** A question as the scorer takes it, without a response. */
export function questionOf({ key, group, data }: Pick<DatasetItem, 'key' | 'group' | 'data'>) {
  const { kind, options, answer } = data as MmmuQuestion;
  const common = { id: key, subject: group, answer: answer as MmmuResponse['answer'] };
  if (kind === 'open') return { ...common, kind };
  const choices = letters(options.length);
  return { ...common, kind, choices, options: Object.fromEntries(choices.map((c, i) => [c, options[i]])) };
}

function aggregatesOf(
  { subjects, domains, overall, uncertainty }: ReturnType<typeof summarize>,
  scored: readonly ScoredResponse[],
): RunAggregate[] {
  if (scored.length === 0) return [];
  const unknown = { standardError: null, interval: null };
  const rows = [
    ['', overall, uncertainty.overall] as const,
    ...Object.entries(subjects).map(([name, share]) => [name, share, uncertainty.subjects[name]] as const),
    ...Object.entries(domains)
      // A domain with the name of a subject would be told twice.
      .filter(([name]) => subjects[name] === undefined)
      .map(([name, share]) => [`domain: ${name}`, share, uncertainty.domains[name]] as const),
  ];
  return rows.flatMap(([group, share, how]) =>
    share ? [{ metric: 'accuracy', group, n: share.n, mean: share.accuracy, ...(how ?? unknown) }] : [],
  );
}
