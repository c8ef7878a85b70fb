import { describe, expect, it } from 'vitest';
import { vectorJson, vectorLines } from '../../testing/vectors';
import { ascendingOrder, filterDetections, officialFilter, overlap } from './filter';
import { COLOUR_NAMES } from './names';
import { relativePosition } from './position';
import { officialPrompts } from './prompts';
import type { Detection, Metadata, Tag } from './types';
import { coloursGiven, judge, UnjudgeableError } from './verdict';

type Row = [x1: number, y1: number, x2: number, y2: number, score: number, colour: number];
type Vector = [prompt: number, detections: Record<string, Row[]>, correct: boolean, reason: string];

type OverlapVector = [
  rows: [x1: number, y1: number, x2: number, y2: number, score: number][],
  maxOverlap: number,
  left: number[],
];

const detection = ([x1, y1, x2, y2, score, colour]: Row): Detection => ({
  box: [x1, y1, x2, y2],
  score,
  color: COLOUR_NAMES[colour],
});

const byClass = (rows: Record<string, Row[]>): Record<string, Detection[]> =>
  Object.fromEntries(Object.entries(rows).map(([name, list]) => [name, list.map(detection)]));

const at = (x: number, y: number, size = 10): Detection['box'] => [x, y, x + size, y + size];

describe("GenEval's verdicts", { timeout: 30_000 }, () => {
  it.each([
    'verdicts',
    // Scores within a few units of the last place of a threshold, positions that are just half.
    'boundaries',
  ])('equal those of the official rules in Python, reasons too: %s', async (name) => {
    const prompts = officialPrompts();
    const all = vectorLines<Vector>(`geneval/${name}.jsonl.gz`);
    expect(all.length).toBeGreaterThan(5000);
    const wrong: unknown[] = [];
    for (const [prompt, rows, correct, reason] of all) {
      const metadata = prompts[prompt]!;
      const found = filterDetections(byClass(rows), metadata.tag);
      const verdict = await judge(found, metadata, coloursGiven);
      if (verdict.correct !== correct || verdict.reason !== reason)
        wrong.push({ prompt, rows, verdict, reason });
    }
    expect(wrong).toEqual([]);
  });

  it('asks for the colours that are not given, and only for them', async () => {
    const metadata: Pick<Metadata, 'include'> = { include: [{ class: 'dog', count: 2, color: 'red' }] };
    const objects: Detection[] = [
      { box: at(0, 0), score: 0.9, color: 'red' },
      { box: at(9, 9), score: 0.8 },
      { box: at(50, 50), score: 0.7 },
    ];
    const asked: unknown[] = [];
    const verdict = await judge(new Map([['dog', objects]]), metadata, async (name, unknown) => {
      asked.push([name, unknown]);
      return ['blue'];
    });
    expect(asked).toEqual([['dog', [objects[1]]]]);
    expect(verdict.reason).toBe('expected red dog>=2, found 1 red; and 1 red, 1 blue');
    await expect(judge(new Map([['dog', objects]]), metadata, coloursGiven)).rejects.toThrow(
      UnjudgeableError,
    );
  });

  it('refuses a position to an object that does not come before', async () => {
    const metadata: Pick<Metadata, 'include'> = {
      include: [{ class: 'dog', count: 1, position: ['above', 0] }],
    };
    const found = new Map([['dog', [{ box: at(0, 0), score: 1 }]]]);
    await expect(judge(found, metadata, coloursGiven)).rejects.toThrow(/does not come before/);
  });
});

describe('the filter', () => {
  it("sorts ties as numpy's argsort does", () => {
    for (const [values, order] of vectorJson<[number[], number[]][]>('geneval/argsort.json'))
      expect(ascendingOrder(values)).toEqual(order);
    expect(ascendingOrder([])).toEqual([]);
  });

  it('keeps scores strictly above the threshold, 16 of a class, known names only', () => {
    const many = Array.from({ length: 20 }, (_, i): Detection => ({ box: at(i, i), score: 0.5 + i / 100 }));
    const low: Detection[] = [{ box: at(0, 0), score: 0.3 }];
    const kept = filterDetections({ dog: many, cat: low, unicorn: many, constructor: many }, 'colors');
    expect([...kept.keys()]).toEqual(['dog']);
    expect(kept.get('dog')!.map(({ score }) => score)).toEqual(
      many
        .map(({ score }) => score)
        .reverse()
        .slice(0, 16),
    );
    expect(filterDetections({ dog: many }, 'counting').size).toBe(0);
  });

  it('compares in 32 bits, as numpy does with the arrays of the detector', () => {
    const float = Math.fround;
    const dogs = (...scores: number[]) => ({ dog: scores.map((score) => ({ box: at(0, 0), score })) });
    const counted = (tag: Tag, ...scores: number[]) =>
      filterDetections(dogs(...scores), tag).get('dog')?.length ?? 0;
    // float32(0.3) is 0.30000001192092896
    expect(counted('colors', 0.3, float(0.3), 0.3 + 1e-9)).toBe(0);
    expect(counted('colors', 0.30000004)).toBe(1);
    // float32(0.9) is 0.8999999761581421
    expect(counted('counting', 0.9, float(0.9), 0.9 - 1e-9)).toBe(0);
    expect(counted('counting', 0.90000004)).toBe(1);
    // Two that are one in 32 bits are a tie: the later comes first, as argsort turned round has it.
    const [first] = filterDetections(dogs(0.7 + 1e-10, 0.7), 'colors').get('dog')!;
    expect(first!.score).toBe(0.7);
  });

  it('drops overlapping objects as the official rules do', () => {
    const all = vectorLines<OverlapVector>('geneval/overlaps.jsonl.gz');
    expect(all.length).toBeGreaterThan(500);
    for (const [rows, maxOverlap, left] of all) {
      const dog = rows.map(([x1, y1, x2, y2, score]): Detection => ({ box: [x1, y1, x2, y2], score }));
      const kept = filterDetections({ dog }, 'colors', { ...officialFilter, maxOverlap }).get('dog') ?? [];
      expect(kept.map((one) => dog.indexOf(one))).toEqual(left);
    }
  });

  it('drops overlapping objects where that is asked for', () => {
    const dog: Detection[] = [
      { box: at(0, 0), score: 0.9 },
      { box: at(0, 1), score: 0.8 },
      { box: at(40, 0), score: 0.7 },
    ];
    const kept = filterDetections({ dog }, 'colors', { ...officialFilter, maxOverlap: 0.5 });
    expect(kept.get('dog')).toEqual([dog[0], dog[2]]);
    // 11 × 10 shared pixels of 2 × 11 × 11 − 110
    expect(overlap(at(0, 0), at(0, 1))).toBeCloseTo(110 / 132, 12);
    expect(overlap([0, 0, -5, -5], [0, 0, -5, -5])).toBe(0);
  });
});

describe('the position', () => {
  it.each<[Detection['box'], Detection['box'], string[]]>([
    [at(100, 0), at(0, 0), ['right of']],
    [at(0, 100), at(0, 0), ['below']],
    [at(0, 0), at(100, 100), ['left of', 'above']],
    [at(0, 0), at(0, 0), []],
    [at(1, 1), at(0, 0), []],
    // The centres are 40 apart and 20 of it are taken off: half is not beyond half.
    [at(40, 0, 100), at(0, 0, 100), []],
    [at(41, 0, 100), at(0, 0, 100), ['right of']],
  ])('of %j to %j is %j', (a, b, relations) => expect(relativePosition(a, b)).toEqual(relations));
});
