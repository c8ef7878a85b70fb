import { describe, expect, it } from 'vitest';
import { vectorLines } from '../../testing/vectors';
import { filterFor, officialFilter } from './filter';
import { closestOf, decisionsOf, type KeptDetection } from './margins';
import { COLOUR_NAMES } from './names';
import { officialPrompts } from './prompts';
import type { Metadata } from './types';

type Row = [x1: number, y1: number, x2: number, y2: number, score: number, colour: number];
type Vector = [prompt: number, detections: Record<string, Row[]>, correct: boolean, reason: string];

/** As CLIP would tell a colour: the largest cosine is its own. */
const detection = ([x1, y1, x2, y2, score, colour]: Row): KeptDetection => ({
  box: [x1, y1, x2, y2],
  score,
  color: COLOUR_NAMES[colour],
  cosines: COLOUR_NAMES.map((_, i) => (i === colour ? 0.3 : 0.2 + i / 1000)),
});
const byClass = (rows: Record<string, Row[]>) =>
  Object.fromEntries(Object.entries(rows).map(([name, list]) => [name, list.map(detection)]));

const dogAt = (x: number, score: number, more: object = {}): KeptDetection => ({
  box: [x, 0, x + 10, 10],
  score,
  ...more,
});
const asked = (more: Partial<Metadata>): Metadata => ({
  tag: 'single_object',
  prompt: '',
  include: [{ class: 'dog', count: 1 }],
  ...more,
});

describe('the decisions of a verdict', { timeout: 30_000 }, () => {
  it('agree with it on every vector: by their signs, and by how many failed', () => {
    const prompts = officialPrompts();
    const vectors = ['verdicts', 'boundaries'].flatMap((name) =>
      vectorLines<Vector>(`geneval/${name}.jsonl.gz`),
    );
    expect(vectors.length).toBeGreaterThan(10_000);
    const wrong: unknown[] = [];
    let decided = 0;
    for (const [prompt, rows, correct, reason] of vectors) {
      const decisions = decisionsOf(byClass(rows), prompts[prompt]!);
      decided += decisions.length;
      const failed = decisions.filter(({ passed }) => !passed);
      // An object whose target is missing is no decision of its own: the missing target is one.
      const reasons = reason.split('\n').filter((line) => line !== '' && !line.startsWith('no target'));
      const agrees =
        (failed.length === 0) === correct &&
        failed.length === reasons.length &&
        decisions.every(({ passed, margin }) => (passed ? margin >= 0 : margin <= 0)) &&
        // What is just the threshold is not beyond it.
        decisions.every(
          ({ passed, margin, what, value, threshold }) =>
            passed ||
            margin < 0 ||
            what.startsWith('count') ||
            (what.startsWith('position') && value === threshold),
        );
      if (!agrees) wrong.push({ prompt, rows, reason, decisions });
    }
    expect(wrong).toEqual([]);
    expect(decided).toBeGreaterThan(10_000);
  });

  it('tell the score of the last object that is needed, also of one that was kept and did not count', () => {
    const metadata = asked({ tag: 'counting', include: [{ class: 'dog', count: 2 }] });
    const dogs = { dog: [dogAt(0, 0.95), dogAt(20, 0.7), dogAt(40, 0.2)] };
    expect(decisionsOf(dogs, metadata)).toEqual([
      { what: 'count: 2 × dog', value: 0.7, threshold: 0.9, margin: 0.7 - 0.9, passed: false },
    ]);
    expect(decisionsOf(dogs, metadata, filterFor(0.5))[0]).toMatchObject({ threshold: 0.5, passed: true });
    expect(decisionsOf({}, metadata)).toMatchObject([{ value: 0, margin: -0.9, passed: false }]);
  });

  it('tell how near one more object was to being one too many', () => {
    const metadata = asked({ exclude: [{ class: 'dog', count: 2 }] });
    const [, more] = decisionsOf({ dog: [dogAt(0, 0.9), dogAt(20, 0.25)] }, metadata);
    expect(more).toMatchObject({ what: 'no more: dog', value: 0.25, threshold: 0.3, passed: true });
    expect(more!.margin).toBeCloseTo(0.05, 12);
    // A score that is the threshold does not count.
    expect(decisionsOf({ dog: [dogAt(0, 0.9), dogAt(20, 0.3)] }, metadata)[1]).toMatchObject({
      margin: 0,
      passed: true,
    });
  });

  it('tell of several objects the colour and the place of the one that decides', () => {
    const cosines = (red: number, blue: number) =>
      COLOUR_NAMES.map((c) => (c === 'red' ? red : c === 'blue' ? blue : 0));
    const two = asked({
      include: [{ class: 'dog', count: 2, color: 'red' }],
    });
    const found = [
      dogAt(0, 0.9, { color: 'red', cosines: cosines(0.3, 0.1) }),
      dogAt(20, 0.8, { color: 'red', cosines: cosines(0.25, 0.24) }),
    ];
    const colour = decisionsOf({ dog: found }, two)[1]!;
    expect(colour).toMatchObject({ what: 'colour: red dog', value: 0.25, threshold: 0.24, passed: true });
    // Without the cosines nobody knows how near it was.
    expect(decisionsOf({ dog: [dogAt(0, 0.9, { color: 'red' }), found[1]!] }, two)).toHaveLength(1);

    const placed = asked({
      tag: 'position',
      include: [
        { class: 'cat', count: 1 },
        { class: 'dog', count: 1, position: ['right of', 0] },
      ],
    });
    const at = (x: number, y: number) => ({
      cat: [dogAt(0, 0.9)],
      dog: [{ ...dogAt(0, 0.9), box: [x, y, x + 10, y + 10] as const }],
    });
    const position = (x: number, y: number) => decisionsOf(at(x, y), placed)[2]!;
    // Beside each other, a hundred apart: two shrunk by a tenth of both widths.
    expect(position(100, 0)).toMatchObject({ what: 'position: right of cat', threshold: 0.5, passed: true });
    expect(position(100, 0).value).toBe(Math.fround(0.98));
    expect(position(-100, 0)).toMatchObject({ passed: false });
    // Hardly apart: no relation.
    expect(position(1, 0)).toMatchObject({ value: 0, margin: -0.5, passed: false });
  });

  it('have a closest one, or none', () => {
    expect(closestOf([])).toBeNull();
    const metadata = asked({ exclude: [{ class: 'dog', count: 2 }] });
    const decisions = decisionsOf({ dog: [dogAt(0, 0.9), dogAt(20, 0.35)] }, metadata);
    expect(closestOf(decisions)).toBeCloseTo(0.35 - officialFilter.threshold, 12);
  });
});
