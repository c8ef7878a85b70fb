import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { CAPTION_KINDS, captionedScene } from './captions';
import { CLASSES, COLOURS, isHeldOutPair, STYLES } from './classes';
import { edit } from './edits';
import { ask } from './questions';
import { Random } from './random';
import { renderScene } from './render';
import { SINGLE_EDIT_KINDS } from './edits';
import { QUESTION_KINDS } from './questions';
import { captionSample, editSample, questionSample } from './samples';
import { arrange, at, DEFAULT_GROUND, GRID, type Scene } from './scene';
import { sprite } from './sprites';

const apple = CLASSES.findIndex((c) => c.name === 'apple');
const dog = CLASSES.findIndex((c) => c.name === 'dog');
const red = COLOURS.findIndex((c) => c.name === 'red');
const scene = (objects: Scene['objects']): Scene => ({ style: 'noto', ground: DEFAULT_GROUND, objects });
const thing = (classIndex: number, colourIndex: number | null = null) => ({ classIndex, colourIndex });

const names = new URL('../../../shared/data/geneval/object_names.txt', import.meta.url);
const prompts = new URL('../../../shared/data/geneval/evaluation_metadata.jsonl', import.meta.url);

describe('the world', () => {
  it('has 80 classes, ten colours and three styles, each class drawn in each', () => {
    expect(CLASSES).toHaveLength(80);
    expect(new Set(CLASSES.map((c) => c.zh)).size).toBe(80);
    expect(COLOURS).toHaveLength(10);
    for (const style of STYLES)
      for (let k = 0; k < CLASSES.length; k++) {
        const covered = sprite(k, null, style, 32).data.filter((v, i) => i % 4 === 3 && v > 127).length;
        expect(covered, `${CLASSES[k]!.name} in ${style}`).toBeGreaterThan(32);
      }
  });

  it.skipIf(!existsSync(names))('has the classes of GenEval in its order', () => {
    expect(CLASSES.map((c) => c.name)).toEqual(readFileSync(names, 'utf8').trim().split('\n'));
  });

  it.skipIf(!existsSync(prompts))("words counting prompts as GenEval's own", () => {
    const official = readFileSync(prompts, 'utf8')
      .trim()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as { tag: string; prompt: string; include: { class: string; count: number }[] },
      )
      .filter((p) => p.tag === 'counting');
    const made = new Set<string>();
    const random = new Random(3);
    for (let i = 0; i < 6000; i++)
      made.add(captionedScene(random, 'counting', { split: 'test', language: 'en', plain: true }).caption);
    for (const { prompt } of official) expect(made).toContain(prompt);
  });

  it('gives a tinted sprite the colour as its mean', () => {
    const { data } = sprite(
      apple,
      COLOURS.findIndex((c) => c.name === 'green'),
      'noto',
      64,
    );
    const sums = [0, 0, 0, 0];
    data.forEach((v, i) => (sums[i % 4]! += v));
    const mean = sums.slice(0, 3).map((s) => s / (sums[3]! / 255));
    COLOURS.find((c) => c.name === 'green')!.rgb.forEach((v, i) =>
      expect(Math.abs(mean[i]! - v)).toBeLessThan(14),
    );
  });
});

describe('samples', () => {
  it('depend on split, seed and index alone', () => {
    for (let i = 0; i < 20; i++) {
      expect(captionSample('test', 5, i)).toEqual(captionSample('test', 5, i));
      expect(questionSample('test', 5, i, 4)).toEqual(questionSample('test', 5, i, 4));
      expect(editSample('test', 5, i)).toEqual(editSample('test', 5, i));
    }
    expect(captionSample('test', 5, 0)).not.toEqual(captionSample('test', 6, 0));
  });

  it('never show a held-out pair in training, and do so in tests', () => {
    const pairs = { train: 0, test: 0 };
    for (const split of ['train', 'test'] as const)
      for (let i = 0; i < 3000; i++) {
        const e = editSample(split, 1, i);
        const objects = [
          ...captionSample(split, 1, i).scene.objects,
          ...questionSample(split, 1, i, 1).scene.objects,
          ...e.source.objects,
          ...e.target.objects,
        ];
        for (const o of objects)
          if (o.colourIndex !== null && isHeldOutPair(o.classIndex, o.colourIndex)) pairs[split]++;
      }
    expect(pairs.train).toBe(0);
    expect(pairs.test).toBeGreaterThan(50);
  });

  it('make every kind of caption, question and edit in both languages', () => {
    const random = new Random(1);
    for (const language of ['en', 'zh'] as const) {
      for (const kind of CAPTION_KINDS) {
        const made = captionedScene(random, kind, { split: 'train', language });
        expect(/[\u4e00-\u9fff]/.test(made.caption), made.caption).toBe(language === 'zh');
      }
      for (const kind of QUESTION_KINDS)
        expect(
          questionSample('train', 1, 7, 3, { kind, language }).questions.every((q) => q.kind === kind),
        ).toBe(true);
      for (const kind of SINGLE_EDIT_KINDS)
        expect(editSample('train', 1, 7, { kind, language }).kind).toBe(kind);
    }
  });
});

describe('questions', () => {
  const two = scene(arrange([thing(apple, red), thing(apple, red)]));

  it('count, name and colour what is there', () => {
    const random = new Random(2);
    const answers = (kind: (typeof QUESTION_KINDS)[number], language: 'en' | 'zh') => {
      const found = new Set<string>();
      for (let i = 0; i < 60; i++) {
        const q = ask(two, kind, language, random);
        if (q && (language === 'zh' || /apple|what|brief/.test(q.question))) found.add(q.answer);
      }
      return found;
    };
    expect(answers('colour', 'en')).toEqual(new Set(['red']));
    expect(answers('colour', 'zh')).toEqual(new Set(['红色']));
    expect(answers('how many', 'en')).toContain('two');
    expect(answers('how many', 'zh')).toContain('两个');
    expect(answers('what', 'en')).toEqual(new Set(['two apples', 'an apple']));
  });

  it('list what is there in an order that the picture shows, whatever order the caption had', () => {
    const things = [at(thing(dog), 'bottom'), at(thing(apple), 'top')];
    const answers = new Set<string>();
    for (let i = 0; i < 20; i++)
      for (const objects of [things, things.toReversed()])
        answers.add(ask(scene(objects), 'what', 'en', new Random(i))!.answer);
    expect(answers).toContain('an apple and a dog');
    expect(answers).not.toContain('a dog and an apple');
  });

  it('give no occasion to ask for the colour of a thing in its own colours', () => {
    expect(ask(scene(arrange([thing(dog)])), 'colour', 'en', new Random(1))).toBeNull();
  });
});

describe('edits', () => {
  it('change only what they name, and their reverse leads back', () => {
    for (let i = 0; i < 500; i++) {
      const e = editSample('train', 9, i);
      const key = (o: object) => JSON.stringify(o);
      const before = new Set(e.source.objects.map(key));
      const same = e.target.objects.filter((o) => before.has(key(o))).length;
      const changed = e.source.objects.length - same;
      if (e.kind === 'add')
        expect([same, e.target.objects.length]).toEqual([before.size, e.source.objects.length + 1]);
      else if (e.kind === 'remove')
        expect([changed, e.target.objects.length]).toEqual([1, e.source.objects.length - 1]);
      else expect(e.target.objects.length).toBe(e.source.objects.length);
      expect(e.instruction).not.toBe(e.reverse);
    }
  });

  it('word a recolouring and its reverse', () => {
    const source = scene(arrange([thing(apple, red)]));
    let made = null;
    for (let i = 0; made === null; i++) made = edit(source, 'recolour', 'en', new Random(i), 'test');
    expect(made.instruction).toMatch(
      /^(make the apple|change the color of the apple to|turn the apple) \w+$/,
    );
    expect(made.reverse).toMatch(/red$/);
  });
});

describe('pictures', () => {
  it('show objects where boxes and masks say', async () => {
    const { picture, boxes, masks } = await renderScene(
      scene([at(thing(dog), 'left'), at(thing(apple, red), 'right')]),
      256,
      256,
    );
    expect(picture.data).toHaveLength(256 * 256 * 3);
    const cell = 256 / GRID;
    boxes.forEach(([x0, y0, x1, y1], i) => {
      const col = i === 0 ? 1 : 5;
      expect(x0).toBeGreaterThanOrEqual(Math.floor(col * cell));
      expect(x1).toBeLessThanOrEqual(Math.ceil((col + 3) * cell));
      expect(y0).toBeGreaterThanOrEqual(Math.floor(3 * cell));
      expect(y1).toBeLessThanOrEqual(Math.ceil(6 * cell));
      const covered = masks[i]!.reduce((a, b) => a + b, 0);
      expect(covered).toBeGreaterThan(0.2 * (x1 - x0) * (y1 - y0));
    });
    const inside = masks[1]!.findIndex((m) => m === 1);
    expect([...picture.data.subarray(inside * 3, inside * 3 + 3)]).not.toEqual([...DEFAULT_GROUND.top]);
    expect([...picture.data.subarray(0, 3)]).toEqual([...DEFAULT_GROUND.top]);
  });

  it('of another shape hold the square in their middle', async () => {
    const wide = await renderScene(scene(arrange([thing(dog)])), 320, 192);
    const [x0, , x1] = wide.boxes[0]!;
    expect(Math.abs((x0 + x1) / 2 - 160)).toBeLessThan(6);
    expect(x1 - x0).toBeLessThanOrEqual(Math.ceil((5 / 9) * 192));
  });
});
