import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BenchmarkMethods, Measure, RunAggregate, RunSample } from '../../../eval/benchmarks/definition';
import { verdictMetric } from '../../../eval/benchmarks/metric';
import { meanOf, shareOf } from '../../../eval/statistics';

const words = ['ant', 'bee', 'cat', 'elephant', 'giraffe', 'hippopotamus'];
const groupOf = (word: string) => (word.length < 4 ? 'short' : 'long');

interface Question {
  question: string;
}

export const measureText: Measure = async (_, output) => {
  const { length } = output;
  return [
    { metric: verdictMetric, value: length % 2 === 0 ? 1 : 0, details: { reason: `${length} characters` } },
    { metric: 'characters', value: length },
  ];
};

export const methods: BenchmarkMethods = {
  open: async () => ({
    size: words.length,
    problems: [],
    async *items() {
      for (const word of words) {
        const data: Question = { question: `What is the ${word} doing?` };
        yield { key: word, group: groupOf(word), data, pictures: [] };
      }
    },
  }),
  itemGroups: () => words.map(groupOf),
  request: ({ data }, { maxNewTokens }) => ({
    ...{ task: 'understand', prompt: (data as Question).question, images: [], maxNewTokens },
  }),
  scoring: () => ({ rule: 'even' }),
  summarize: (samples, { samples: expected }) => {
    const scored = samples.filter(({ state }) => state === 'scored');
    const groups = ['', ...new Set(samples.map(({ item }) => item.group))];
    return {
      aggregates: groups.flatMap((group) =>
        aggregatesOf(
          scored.filter(({ item }) => group === '' || item.group === group),
          group,
        ),
      ),
      incomplete: scored.length < expected,
      problems: [],
      result: { n: scored.length },
    };
  },
  describe: () => ({
    expected: {
      ...{ kind: 'answer', question: 'open', options: [], answers: ['anything even'] },
      ...{ parsed: null, guessed: false },
    },
  }),
  readOutputs: async (directory, keys) => {
    const answers = JSON.parse(await readFile(path.join(directory, 'answers.json'), 'utf8')) as Record<
      string,
      string
    >;
    const outputs = Object.entries(answers).flatMap(([key, text]) =>
      keys.has(key) ? [{ key, repeat: 0, text }] : [],
    );
    return { outputs, problems: [] };
  },
  writeOutputs: (samples, { write }) =>
    write(
      'answers.json',
      JSON.stringify(Object.fromEntries(samples.map(({ item, text }) => [item.key, text]))),
    ),
};

function aggregatesOf(samples: readonly RunSample[], group: string): RunAggregate[] {
  const right = shareOf(samples.map(({ scores }) => scores[verdictMetric]?.value === 1));
  const { n, mean, standardError } = meanOf(samples.map(({ scores }) => scores.characters?.value ?? 0));
  const whole: RunAggregate = {
    metric: 'characters',
    group,
    n,
    mean: mean ?? 0,
    standardError,
    interval: null,
  };
  return [
    { metric: 'even', group, n, mean: right.accuracy, standardError: null, interval: null },
    ...(group === '' ? [whole] : []),
  ];
}
