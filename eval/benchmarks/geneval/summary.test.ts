import { describe, expect, it } from 'vitest';
import { judgeLines } from './detections';
import { decisionsOf } from './margins';
import { parseMetadata } from './parse';
import { metadataLine, officialPrompts } from './prompts';
import { readResults, writeResults } from './results';
import { summarize, type ScoredImage } from './summary';
import type { ImageResult, Metadata } from './types';

const prompts = officialPrompts();
const complete = (correct: (prompt: number, image: number) => boolean): ScoredImage[] =>
  prompts.flatMap((metadata, prompt) =>
    [0, 1, 2, 3].map((image) => ({ tag: metadata.tag, metadata, correct: correct(prompt, image) })),
  );

describe("GenEval's summary", () => {
  it('is the mean of the six tags', () => {
    const summary = summarize(
      complete((prompt, image) => prompts[prompt]!.tag === 'counting' || image === 0),
    );
    expect(summary.tags.counting).toEqual({ correct: 320, n: 320, accuracy: 1 });
    expect(summary.uncertainty.tags.counting).toEqual({
      standardError: 0,
      // All 80 prompts right: not certain for that.
      interval: [expect.closeTo(1 - 3.8415 / (80 + 3.8415), 4), 1],
    });
    expect(summary.tags.two_object).toMatchObject({ correct: 99, n: 396, accuracy: 0.25 });
    expect(summary.overall).toBeCloseTo((1 + 5 * 0.25) / 6, 12);
    expect(summary.images).toMatchObject({ correct: 320 + 473, n: 2212 });
    expect(summary.prompts).toEqual({ correct: 553, n: 553, accuracy: 1 });
    expect(summary).toMatchObject({ incomplete: false, missing: { tags: [], prompts: 0, images: 0 } });
  });

  it('takes the images of a prompt for one cluster', () => {
    const { position } = summarize(complete((prompt) => prompt % 2 === 0)).uncertainty.tags;
    // 100 prompts, half of them right in all images: as uncertain as 100 images, not 400.
    expect(position!.standardError).toBeCloseTo(Math.sqrt(0.25 / 99), 12);
    expect(position!.interval![0]).toBeCloseTo(0.5 - 1.96 * Math.sqrt(0.25 / (100 + 3.84)), 4);
  });

  it('is incomplete without a tag, a prompt or an image', () => {
    const all = complete(() => true);
    expect(summarize(all.slice(1))).toMatchObject({
      incomplete: true,
      missing: { tags: [], prompts: 0, images: 1 },
    });
    expect(summarize(all.slice(4)).missing).toEqual({ tags: [], prompts: 1, images: 4 });
    expect(summarize(all.filter(({ tag }) => tag !== 'colors'))).toMatchObject({
      overall: 1,
      incomplete: true,
      missing: { tags: ['colors'], prompts: 94, images: 376 },
    });
    expect(summarize([])).toMatchObject({ overall: null, images: null, incomplete: true });
  });
});

describe('results.jsonl', () => {
  const result: ImageResult = {
    filename: 'out/00000/samples/0000.png',
    tag: 'colors',
    prompt: 'a photo of a “red” dog',
    correct: false,
    reason: 'expected dog>=1, found 0',
    metadata: { tag: 'colors', include: [{ class: 'dog', count: 1, color: 'red' }], prompt: 'a photo' },
    details: { cat: [[1, 2.5, 30, 40, 0.75]] },
  };

  it('is written as the official script writes it, and read back', () => {
    const text = writeResults([result]);
    expect(text).toBe(
      String.raw`{"filename":"out\/00000\/samples\/0000.png","tag":"colors","prompt":"a photo of a \u201cred\u201d dog","correct":false,"reason":"expected dog>=1, found 0","metadata":"{\"tag\": \"colors\", \"include\": [{\"class\": \"dog\", \"count\": 1, \"color\": \"red\"}], \"prompt\": \"a photo\"}","details":"{\"cat\": [[1.0, 2.5, 30.0, 40.0, 0.75]]}"}` +
        '\n',
    );
    const read = { ...result, text: metadataLine(result.metadata) };
    expect(readResults(text)).toEqual({ results: [read], problems: [], repeatedFiles: 0 });
  });

  it('goes on after lines that cannot be used', () => {
    const line = writeResults([result]).trim();
    const { results, problems, repeatedFiles } = readResults(
      [
        line,
        '{"tag":',
        '',
        '[]',
        line.replace('false', 'null'),
        line.replace('"colors"', '"colour"'),
        line,
      ].join('\r\n'),
    );
    expect(results.map(({ tag }) => tag)).toEqual(['colors', 'colour', 'colors']);
    expect(repeatedFiles).toBe(2);
    expect(problems).toEqual([
      { where: 'line 2', reason: expect.stringContaining('is not JSON') },
      { where: 'line 4', reason: 'is not a JSON object' },
      { where: 'line 5', reason: 'has no verdict: correct is null' },
      {
        where: 'line 6',
        reason:
          'names out/00000/samples/0000.png, as line 1 does, and 1 more lines name files of earlier lines: ' +
          'they count again, as in the official script',
      },
    ]);
  });

  // What the official summary_scores.py prints of such lines, by pandas 1.5.
  it('is summed up as the official script does, whatever its tags and metadata are', () => {
    const [bench, cow] = officialPrompts() as [Metadata, Metadata];
    const lineOf = (tag: unknown, metadata: unknown, correct: unknown) =>
      JSON.stringify({ tag, metadata, correct });
    const text = [
      lineOf('single_object', metadataLine(bench), true),
      // Another spelling of the same is another prompt.
      lineOf('single_object', JSON.stringify(bench), false),
      lineOf('single_object', metadataLine(cow), 1),
      lineOf('texture', 'no JSON at all', false),
      lineOf('texture', 'no JSON at all', true),
      lineOf(null, metadataLine(cow), false),
      lineOf(7, undefined, 0),
    ].join('\n');
    const { results, problems } = readResults(text);
    expect(problems).toEqual([{ where: 'line 6', reason: 'has no tag: it counts in no task' }]);
    expect(summarize(results)).toMatchObject({
      overall: (2 / 3 + 1 / 2 + 0) / 3,
      tags: { single_object: { correct: 2, n: 3 }, texture: { correct: 1, n: 2 }, '7': { correct: 0, n: 1 } },
      images: { correct: 3, n: 7 },
      prompts: { correct: 3, n: 4 },
      extra: { tags: ['texture', '7'], prompts: 1, spellings: 1, images: 0 },
    });
    const five = Array.from({ length: 5 }, () => ({ tag: 'single_object', metadata: bench, correct: true }));
    expect(summarize(five).extra).toEqual({ tags: [], prompts: 0, spellings: 0, images: 1 });
  });
});

describe('lines of detections', () => {
  // Expected as the official evaluate() gives them.
  it.each<[string, object, Record<string, unknown[]>, boolean, string]>([
    ['an unknown tag', { tag: 'x', include: [{ class: 'dog', count: 1 }] }, { dog: [0] }, true, ''],
    ['nothing asked for', { tag: 'x' }, {}, true, ''],
    [
      'exclude alone',
      { tag: 'x', exclude: [{ class: 'dog', count: 1 }] },
      { dog: [0] },
      false,
      'expected dog<1, found 1',
    ],
    [
      'an unknown relation',
      {
        tag: 'position',
        include: [
          { class: 'cat', count: 1 },
          { class: 'dog', count: 1, position: ['near', 0] },
        ],
      },
      { cat: [0], dog: [50] },
      false,
      'expected dog near target, found right of target',
    ],
    [
      'the target before by -1',
      {
        tag: 'position',
        include: [
          { class: 'bus', count: 1 },
          { class: 'cat', count: 1 },
          { class: 'dog', count: 1, position: ['right of', -1] },
        ],
      },
      { bus: [90], cat: [0], dog: [50] },
      true,
      '',
    ],
    [
      'the first by -2',
      {
        tag: 'position',
        include: [
          { class: 'bus', count: 1 },
          { class: 'cat', count: 1 },
          { class: 'dog', count: 1, position: ['left of', -2] },
        ],
      },
      { bus: [90], cat: [0], dog: [50] },
      true,
      '',
    ],
    [
      'a colour of null',
      { tag: 'colors', include: [{ class: 'dog', count: 1, color: null }] },
      { dog: [0] },
      false,
      'expected None dog>=1, found 0 None; and 1 red',
    ],
    [
      'all but the last',
      { tag: 'x', include: [{ class: 'dog', count: -1, color: 'blue' }] },
      { dog: [0] },
      true,
      '',
    ],
  ])('are judged as officially: %s', async (_, asked, at, correct, reason) => {
    const detections = Object.fromEntries(
      Object.entries(at).map(([name, places]) => [
        name,
        (places as number[]).map((x) => ({ box: [x, 0, x + 9, 9] as const, score: 0.95, color: 'red' })),
      ]),
    );
    const { items } = await judgeLines(JSON.stringify({ metadata: asked, detections }));
    expect(items).toEqual([{ correct, reason }]);
    const metadata = parseMetadata(asked);
    // Without CLIP's cosines nothing is known of colours.
    if (metadata.include.every(({ color }) => color === undefined))
      expect(decisionsOf(detections, metadata).every(({ passed }) => passed)).toBe(correct);
  });

  it('name no object after themselves', async () => {
    for (const index of [0, 5, -1, -5]) {
      const include = [{ class: 'dog', count: 1, position: ['above', index] }];
      const dog = [{ box: [0, 0, 9, 9], score: 0.9 }];
      const { problems } = await judgeLines(
        JSON.stringify({ metadata: { tag: 'x', include }, detections: { dog } }),
      );
      expect(problems).toEqual([
        { where: 'line 1', reason: expect.stringContaining('does not come before it') },
      ]);
    }
  });

  const metadata = { tag: 'colors', include: [{ class: 'dog', count: 1, color: 'red' }], prompt: 'a photo' };
  const dog = { box: [0, 0, 9, 9], score: 0.9, color: 'red' };
  const judged = (...lines: unknown[]) =>
    judgeLines(lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));

  it('are judged in order, and one that cannot be is not wrong', async () => {
    const {
      items,
      problems,
      metadata: found,
      unknownClasses,
    } = await judged(
      { metadata, detections: { dog: [dog], keyboard: [dog, dog] } },
      'oops',
      { metadata, detections: { dog: [{ ...dog, color: undefined }] } },
      { metadata, detections: {} },
    );
    expect(items).toEqual([
      { correct: true, reason: '' },
      { correct: null, reason: expect.stringMatching(/^line 2 is not JSON: /) },
      { correct: null, reason: expect.stringMatching(/^line 3 .*the colour of a dog/) },
      { correct: false, reason: 'expected dog>=1, found 0' },
    ]);
    expect(problems.map(({ where }) => where)).toEqual(['line 2', 'line 3']);
    expect(found.map((one) => one?.tag)).toEqual(['colors', undefined, 'colors', 'colors']);
    expect(unknownClasses).toEqual({ keyboard: 2 });
  });

  it.each<[unknown, string]>([
    [{ detections: {} }, 'has no metadata'],
    [{ metadata: { ...metadata, tag: 7 }, detections: {} }, 'whose tag is no text: 7'],
    [{ metadata: { include: [] }, detections: {} }, 'whose tag is no text: nothing'],
    [{ metadata: { ...metadata, include: {} }, detections: {} }, 'include is no list'],
    [{ metadata: { ...metadata, exclude: [{ class: 'dog' }] }, detections: {} }, 'lacks a class or a count'],
    [
      {
        metadata: { ...metadata, include: [{ class: 'dog', count: 1, position: ['above'] }] },
        detections: {},
      },
      'a position that is no relation and index: ["above"]',
    ],
    [{ metadata }, 'has no detections'],
    [{ metadata, detections: { dog: dog } }, 'no list of detections for dog'],
    [{ metadata, detections: { dog: [null] } }, 'four numbers'],
    [{ metadata, detections: { dog: [{ ...dog, box: [0, 0, 9] }] } }, 'four numbers'],
    [{ metadata, detections: { dog: [{ ...dog, score: '0.9' }] } }, 'score that is no number'],
    [{ metadata, detections: { dog: [{ ...dog, color: 7 }] } }, 'color that is no text'],
    [
      { metadata: { ...metadata, include: [{ class: 'dog', count: 1.5 }] }, detections: {} },
      'a class or a count',
    ],
    [
      { metadata: { tag: 'x', exclude: [{ class: 'dog', count: 0 }] }, detections: {} },
      'fewer than 0 of dog',
    ],
  ])('say what is wrong with %j', async (line, reason) =>
    expect((await judged(line)).items).toEqual([{ correct: null, reason: expect.stringContaining(reason) }]),
  );
});
