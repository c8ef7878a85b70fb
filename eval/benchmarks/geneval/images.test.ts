import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodePng, ModelError } from '../../../models/runtime';
import type { Detection, Detector } from '../../evaluators';
import { judgeLines, type DetectionsLine } from './detections';
import { folderName, imageName, readGenevalFolder } from './folder';
import { judgeFolder, type GenevalEvaluators } from './images';
import { OBJECT_NAMES } from './names';
import { metadataLine, officialPrompts } from './prompts';
import type { Metadata } from './types';

/** The red channel of an image's pixels is its number: the fakes below know by it what to say. */
const prompts: { metadata: Metadata; images: number[] }[] = [];
const ofTag = (tag: string) => officialPrompts().find((one) => one.tag === tag)!;
const colours = ofTag('colors');
const counting = ofTag('counting');
const [coloured] = colours.include;
const [counted] = counting.include;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'geneval-images-'));
  prompts.push({ metadata: colours, images: [0, 1, 2, 3] }, { metadata: counting, images: [4, 5, 6, 7] });
  for (const [index, { metadata, images }] of prompts.entries()) {
    await mkdir(join(directory, folderName(index), 'samples'), { recursive: true });
    await writeFile(join(directory, folderName(index), 'metadata.jsonl'), metadataLine(metadata));
    for (const [i, number] of images.entries()) {
      const png = await encodePng({ width: 1, height: 1, data: Uint8Array.of(number, 0, 0) });
      await writeFile(join(directory, folderName(index), 'samples', imageName(i)), png);
    }
  }
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const found = (className: string, score: number): Detection => ({
  classIndex: OBJECT_NAMES.indexOf(className),
  className,
  score,
  box: [0, 0, 1, 1],
  mask: Uint8Array.of(1),
});
const several = (n: number, score: number) => Array.from({ length: n }, () => found(counted!.class, score));

/** What the fake detector sees in each image. */
const seen: (() => Detection[])[] = [
  () => [found(coloured!.class, 0.9), found('unicorn', 0.9)],
  () => [found(coloured!.class, 0.31), found(coloured!.class, 0.9)],
  () => [found(coloured!.class, 0.3)],
  () => {
    throw new ModelError('graph_failed', 'The detector gave nothing.');
  },
  () => several(counted!.count, 0.95),
  () => several(counted!.count, 0.9),
  () => several(counted!.count + 1, 0.95),
  () => several(counted!.count - 1, 0.95),
];
/** Of the images that it is asked about. */
const otherColour = coloured!.color === 'white' ? 'black' : 'white';
const namedColours = [coloured!.color!, otherColour, otherColour];

let asked: { image: number; className: string; objects: number }[];
let minScores: (number | undefined)[];
beforeEach(() => {
  asked = [];
  minScores = [];
});

function fakes(change: Partial<Detector> = {}): GenevalEvaluators {
  const detector: Detector = {
    kind: 'detector',
    name: 'fake',
    version: '1',
    hash: 'ab',
    classes: OBJECT_NAMES,
    thresholds: { default: 0.3, counting: 0.9 },
    detect: async (image, options) => {
      minScores.push(options?.minScore);
      return seen[image.data[0]!]!();
    },
    close: async () => {},
    ...change,
  };
  return {
    detector,
    clip: { kind: 'clip', name: 'fake', version: '2', hash: 'cd' },
    colours: {
      classify: async (image, objects, className) => {
        asked.push({ image: image.data[0]!, className, objects: objects.length });
        return objects.map(() => namedColours[image.data[0]!]!);
      },
    },
  };
}

async function run(evaluators = fakes()) {
  const lines: DetectionsLine[] = [];
  const steps: [number, number][] = [];
  const judged = await judgeFolder(directory, await readGenevalFolder(directory), evaluators, {
    onImage: (done, total) => steps.push([done, total]),
    onDetections: async (line) => void lines.push(line),
  });
  return { judged, lines, steps };
}

describe('judging a folder', () => {
  it('gives each image its verdict, and goes on where one cannot be had', async () => {
    const { judged, steps } = await run();
    const { class: name, color } = coloured!;
    const expected = `expected ${counted!.class}`;
    const { count } = counted!;
    expect(judged.items).toEqual([
      { filename: '00000/samples/0000.png', correct: true, reason: '' },
      {
        filename: '00000/samples/0001.png',
        correct: false,
        reason: `expected ${color} ${name}>=1, found 0 ${color}; and 1 ${otherColour}`,
      },
      { filename: '00000/samples/0002.png', correct: false, reason: `expected ${name}>=1, found 0` },
      { filename: '00001/samples/0000.png', correct: true, reason: '' },
      { filename: '00001/samples/0001.png', correct: false, reason: `${expected}>=${count}, found 0` },
      {
        filename: '00001/samples/0002.png',
        correct: false,
        reason: `${expected}<${count + 1}, found ${count + 1}`,
      },
      {
        filename: '00001/samples/0003.png',
        correct: false,
        reason: `${expected}>=${count}, found ${count - 1}`,
      },
    ]);
    expect(judged.problems.filter(({ kind }) => kind !== 'missing')).toEqual([
      { kind: 'evaluator', where: '00000/samples/0003.png', reason: 'The detector gave nothing.' },
    ]);
    expect(judged.counts).toMatchObject({ evaluator: 1, corrupt: 0, missing: 551 * 4 + 1 });
    expect(judged).toMatchObject({ incomplete: true, unknownClasses: { unicorn: 1 } });
    expect(steps.at(-1)).toEqual([8, 8]);
  });

  it('asks for the scores that can count, and for colours only where the prompt names one', async () => {
    await run();
    expect(minScores).toEqual([0.3, 0.3, 0.3, 0.3, 0.9, 0.9, 0.9, 0.9]);
    expect(asked).toEqual([
      { image: 0, className: coloured!.class, objects: 1 },
      { image: 1, className: coloured!.class, objects: 1 },
    ]);
  });

  it('keeps detections that are judged alike without the images', async () => {
    const calibrated = fakes({ thresholds: { default: 0.2, counting: 0.8 } });
    for (const evaluators of [fakes(), calibrated]) {
      const { judged, lines } = await run(evaluators);
      const again = await judgeLines(lines.map((line) => JSON.stringify(line)).join('\n'));
      expect(again.items).toEqual(judged.items.map(({ correct, reason }) => ({ correct, reason })));
      expect(again.unknownClasses).toEqual(judged.unknownClasses);
    }
    const { lines } = await run(calibrated);
    expect(lines[0]).toMatchObject({
      filename: '00000/samples/0000.png',
      threshold: 0.2,
      detections: { [coloured!.class]: [{ box: [0, 0, 1, 1], score: 0.9, color: coloured!.color }] },
    });
  });

  it('says what measured', async () => {
    const { fingerprint } = (await run()).judged;
    expect(fingerprint).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      scoring: 'geneval 2',
      filter: { threshold: 0.3, countingThreshold: 0.9, maxObjects: 16, maxOverlap: 1 },
      evaluators: [
        { kind: 'detector', name: 'fake', version: '1', hash: 'ab' },
        { kind: 'clip', name: 'fake', version: '2', hash: 'cd' },
      ],
    });
    expect((await run(fakes({ hash: 'ac' }))).judged.fingerprint.id).not.toBe(fingerprint.id);
  });

  it('tells that the detector lacks classes', async () => {
    const { problems, incomplete } = (await run(fakes({ classes: OBJECT_NAMES.slice(1) }))).judged;
    expect(incomplete).toBe(true);
    expect(problems).toContainEqual({
      kind: 'evaluator',
      where: 'fake',
      reason: 'the detector does not know 1 of the 80 classes: person',
    });
  });

  it('ends where an evaluator cannot be used at all', async () => {
    const broken = fakes({ detect: () => Promise.reject(new ModelError('graph_mismatch', 'no graph')) });
    await expect(run(broken)).rejects.toThrow('no graph');
  });
});
