import type { MmmuQuestion } from '../../datasets/types';
import type { BenchmarkMethods, RunAggregate, RunSample } from '../definition';
import { domainOf, verdictMetric } from '../metric';
import { requestedBy } from '../settings';
import { compareHarnesses } from './harnesses';
import { officialPrompt, questionAlone } from './prompt';
import { questionOf, readMmmuOutputs, writeMmmuOutputs } from './run-outputs';
import { scoreResponses } from './score';
import { OFFICIAL_TABLE, type SubjectTable } from './subjects';
import { summarize } from './summary';
import { drawQuestion, SYNTHETIC_TABLE, syntheticQuestions, syntheticQuestionTexts } from './synthetic';
import type { MmmuResponse, ScoredResponse } from './types';
import { describeSample } from './view';

/** What differs between sets in MMMU's format. */
type QuestionSet = Pick<BenchmarkMethods, 'open' | 'itemGroups' | 'redraw'> & { table: SubjectTable };

function questionMethods({ table, ...set }: QuestionSet): BenchmarkMethods {
  return {
    ...set,
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
        ...requestedBy(settings, 'understand', 0),
      };
    },
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
        problems,
        result: {
          ...summary,
          missing: Math.max(summary.missing, expected - scored.length),
          incomplete,
          ...compareHarnesses(responses, scored, table),
        },
        scores: scored.map(({ id, correct, guess }) => ({
          sample: places.get(id)!,
          scores: [{ metric: verdictMetric, value: correct ? 1 : 0, details: { guess } }],
        })),
      };
    },
    describe: describeSample,
    readOutputs: (directory) => readMmmuOutputs(directory, table),
    writeOutputs: writeMmmuOutputs,
  };
}

export const mmmuMethods = questionMethods({
  table: OFFICIAL_TABLE,
  open: async ({ data }) => {
    if (data === undefined)
      throw new Error(
        'MMMU doesn’t ship with the project. Download it with `studio data pull mmmu`, and specify its folder.',
      );
    return (await import('../../datasets/mmmu')).readMmmu(data);
  },
});

export const syntheticMmmuMethods = questionMethods({
  table: SYNTHETIC_TABLE,
  open: async () => syntheticQuestions(),
  itemGroups: () => [...syntheticQuestionTexts()].map(({ subject }) => subject),
  redraw: drawQuestion,
});

/** A sample's answer with its question, or null where the model gave none. */
function responseOf({ item, text }: RunSample): MmmuResponse | null {
  if (text === null) return null;
  return { ...questionOf(item), response: text } as MmmuResponse;
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
      .map(([name, share]) => [domainOf(name), share, uncertainty.domains[name]] as const),
  ];
  return rows.flatMap(([group, share, how]) =>
    share ? [{ metric: 'accuracy', group, n: share.n, mean: share.accuracy, ...(how ?? unknown) }] : [],
  );
}
