import { describe, expect, it } from 'vitest';
import { encodePng } from '../../models/runtime';
import type { DatasetItem } from '../datasets/types';
import { datasetHasher } from '../datasets/hash';
import { seededImage } from '../testing/images';
import { allBenchmarks, benchmarkOf, findBenchmark } from '.';
import { hasVerdict, sampleMetricOf, type RunSample } from './definition';
import { runSettingsSchema } from './settings';
import { UnmeasurableError } from './unmeasurable';

const settings = runSettingsSchema.parse({});
const png = (bytes: number[]) => ({ name: `image_${bytes[0]}`, bytes: new Uint8Array(bytes) });
const question: DatasetItem = {
  key: 'validation_Art_1',
  group: 'Art',
  data: {
    question: 'Which <image 1> or <image 2>?',
    kind: 'multiple-choice',
    options: ['one', 'two'],
    answer: 'B',
  },
  pictures: [png([1]), png([2])],
};

describe('benchmarks', () => {
  it('are known by name, and synthetic ones say so', () => {
    const names = ['geneval', 'mmmu', 'imagepulse', 'synthetic-edits', 'synthetic-mmmu'];
    expect(allBenchmarks().map(({ name }) => name)).toEqual(names);
    for (const benchmark of allBenchmarks()) {
      expect(findBenchmark(benchmark.name)).toBe(benchmark);
      expect(benchmark.synthetic).toBe(benchmark.name.startsWith('synthetic-'));
    }
    expect(findBenchmark('imagenet')).toBeUndefined();
    expect(findBenchmark('constructor')).toBeUndefined();
  });

  it('have a metric by which runs are ranked, and one by which samples are known', () => {
    for (const benchmark of allBenchmarks()) {
      const { metrics, mainIs } = benchmark;
      expect(metrics.find(({ metric }) => metric === sampleMetricOf(benchmark))?.ofSamples).toBe(true);
      expect(metrics[0].metric === sampleMetricOf(benchmark)).toBe(!hasVerdict(benchmark));
      if (mainIs === 'mean of groups') expect(hasVerdict(benchmark)).toBe(true);
    }
  });

  it('tell the group of every item without drawing it where they come with the project', async () => {
    for (const { name, pull } of allBenchmarks()) {
      const { itemGroups, open } = await benchmarkOf(name);
      expect(itemGroups === undefined).toBe(pull !== undefined);
      if (itemGroups) expect(itemGroups()).toHaveLength((await open({})).size!);
    }
  });

  it('have a hash that knows every part of every item', () => {
    const hashOf = (...items: DatasetItem[]) => {
      const hasher = datasetHasher();
      items.forEach((item) => hasher.add(item));
      return hasher.digest();
    };
    const others = [
      { ...question, key: 'validation_Art_2' },
      { ...question, group: 'Music' },
      { ...question, data: {} },
      { ...question, pictures: [png([1])] },
      { ...question, pictures: [png([2]), png([1])] },
    ];
    const all = [hashOf(question), hashOf(), hashOf(question, question), ...others.map((one) => hashOf(one))];
    expect(new Set(all).size).toBe(all.length);
    expect(hashOf({ ...question })).toBe(hashOf(question));
  });
});

describe('GenEval in a run', async () => {
  const { request, summarize, open } = await benchmarkOf('geneval');
  const item: DatasetItem = {
    key: '00000',
    group: 'colors',
    data: { prompt: 'a photo of a bench' },
    pictures: [],
  };

  it('asks with one seed after the other, from 42', () => {
    expect([0, 1, 2, 3].map((k) => request(item, settings, k))).toMatchObject(
      [42, 43, 44, 45].map((seed) => ({ task: 'generate', prompt: 'a photo of a bench', seed })),
    );
    expect(request(item, { ...settings, seed: 0xffff_ffff }, 1)).toMatchObject({ seed: 0 });
  });

  it('has the official prompts, and is complete with four images of each', async () => {
    const samples: RunSample[] = [];
    for await (const { pictures: _, ...one } of (await open({})).items())
      for (let repeat = 0; repeat < 4; repeat++)
        samples.push({
          ...{
            item: { ...one, position: samples.length >> 2 },
            repeat,
            state: 'scored',
            text: null,
            error: null,
          },
          scores: { correct: { value: 1 } },
        });
    expect(samples).toHaveLength(2212);
    const whole = summarize(samples, { samples: 2212, whole: true });
    expect(whole.incomplete).toBe(false);
    expect(whole.aggregates.find(({ metric, group }) => metric === 'accuracy' && group === '')).toMatchObject(
      {
        n: 2212,
        mean: 1,
      },
    );
    const lacking = summarize(samples.slice(1), { samples: 2212, whole: true });
    expect(lacking.incomplete).toBe(true);
  });
});

describe('questions in a run', async () => {
  const { request } = await benchmarkOf('mmmu');

  it('are put as officially, with all pictures in order', () => {
    expect(request(question, settings, 0)).toEqual({
      task: 'understand',
      prompt:
        "Which <image 1> or <image 2>?\n(A) one\n(B) two\n\nAnswer with the option's letter from the given choices directly.",
      images: question.pictures.map(({ bytes }) => bytes),
      maxNewTokens: undefined,
    });
  });

  it('or alone, or with the first picture, where the settings say so', () => {
    const asked = request(question, { ...settings, prompt: 'question', images: 'first' }, 0);
    expect(asked).toMatchObject({ prompt: 'Which or ?', images: [question.pictures[0]!.bytes] });
  });

  it('draw guesses in the official order, whatever order the answers come in', async () => {
    const sample = (group: string, text: string): RunSample => ({
      ...{ item: { key: `validation_${group}_1`, group, data: question.data, position: 0 }, repeat: 0 },
      ...{ state: 'generated', text, error: null, scores: {} },
    });
    const [art, music, failed] = [
      sample('Art', 'no idea'),
      sample('Music', 'B'),
      { ...sample('Design', ''), state: 'failed' as const, text: null },
    ];
    const { summarize } = await benchmarkOf('mmmu');
    const one = summarize([art, music, failed], { samples: 3, whole: true });
    const other = summarize([failed, music, art], { samples: 3, whole: true });
    expect(one.result).toMatchObject({ overall: { n: 2 }, fallbacks: 1, missing: 898, incomplete: true });
    expect(other.result).toEqual(one.result);
    expect(one.scores!.map(({ sample: at }) => at)).toEqual([0, 1]);
    expect(other.scores!.map(({ sample: at }) => at)).toEqual([2, 1]);
  });
});

describe('edits in a run', async () => {
  const { measure, request } = await benchmarkOf('synthetic-edits');
  // Never asked: what cannot be decoded is found before.
  const idle = { clip: {}, dino: {}, close: async () => undefined } as never;
  const item = async (target: Uint8Array): Promise<DatasetItem> => ({
    ...{ key: 'edit', group: 'add', data: { instruction: 'add a dog', caption: 'a dog', language: 'en' } },
    pictures: [
      { name: 'source', bytes: await encodePng(seededImage('RGB', 8, 8, 1)) },
      { name: 'target', bytes: target },
    ],
  });

  it('are asked with the source and the instruction', async () => {
    const edit = await item(new Uint8Array());
    expect(request(edit, { ...settings, decoder: 'generation' }, 0)).toMatchObject({
      ...{
        task: 'edit',
        prompt: 'add a dog',
        decoder: 'generation',
        seed: 42,
        image: edit.pictures[0]!.bytes,
      },
    });
  });

  it('cannot be measured without pictures that can be decoded, or too long and thin', async () => {
    const score = await measure!(idle, settings);
    const fine = await encodePng(seededImage('RGB', 8, 8, 2));
    await expect(score(await item(fine), new Uint8Array([1, 2, 3]))).rejects.toThrow(UnmeasurableError);
    await expect(score(await item(new Uint8Array()), fine)).rejects.toThrow(UnmeasurableError);
    const thin = await encodePng(seededImage('RGB', 1000, 1, 3));
    await expect(score(await item(fine), thin)).rejects.toThrow(/1000×1 is too elongated/);
    await expect(score({ ...(await item(fine)), pictures: [] }, fine)).rejects.toThrow(
      /has no source picture/,
    );
  });
});
