import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../models/runtime';
import { CLASSES, COLOURS } from '../../../models/scenes/classes';
import { NUMBERS, place } from '../../../models/scenes/language';
import { placeOf, type SceneObject } from '../../../models/scenes/scene';
import { letters, officialPrompt } from './prompt';
import { scoreResponses } from './score';
import { summarize, missingAnswers } from './summary';
import {
  SYNTHETIC_TABLE,
  syntheticQuestions,
  syntheticQuestionTexts,
  type SyntheticQuestion,
} from './synthetic';
import type { MmmuResponse } from './types';

const all = [...syntheticQuestionTexts()];
const choices = all.filter(({ data }) => data.kind === 'multiple-choice');
const open = all.filter(({ data }) => data.kind === 'open');

const rightText = ({ data }: SyntheticQuestion): string =>
  data.kind === 'open' ? [data.answer].flat()[0]! : data.options[letters(4).indexOf(String(data.answer))]!;

/** The objects that a question names: those whose name in it is the longest ("hot dog" is no dog). */
function named({ data, scene }: SyntheticQuestion): SceneObject[] {
  const found = CLASSES.flatMap(({ name, plural }, classIndex) =>
    [name, plural].filter((one) => data.question.includes(` ${one}`)).map((one) => ({ one, classIndex })),
  ).sort((a, b) => b.one.length - a.one.length)[0]!;
  return scene.objects.filter(({ classIndex }) => classIndex === found.classIndex);
}

describe('the synthetic questions', () => {
  it('are the same for ever', () => {
    const sha256 = createHash('sha256').update(JSON.stringify(all)).digest('hex');
    expect(sha256).toBe('fb5f60a1db52171751fadcece3b2bc98232eab7ec3bcf760fcc8c06d1ed35a7a');
    expect([...syntheticQuestionTexts()]).toEqual(all);
  });

  it('are 75 of each subject, three quarters with options, each letter right as often', () => {
    expect(new Set(all.map(({ key }) => key)).size).toBe(300);
    expect([choices.length, open.length]).toEqual([225, 75]);
    for (const subject of SYNTHETIC_TABLE.subjects) {
      expect(all.filter((one) => one.subject === subject)).toHaveLength(75);
      for (const letter of letters(4)) {
        const right = choices.filter((one) => one.subject === subject && one.data.answer === letter).length;
        expect([14, 15]).toContain(right);
      }
    }
    expect(Object.values(SYNTHETIC_TABLE.domains).flat().sort()).toEqual(
      [...SYNTHETIC_TABLE.subjects].sort(),
    );
    for (const { data } of all) expect(data.question).toMatch(/^[^<]+[?.] <image 1>$/);
  });

  it('have one right option of four, and none within another', () => {
    for (const { key, data } of choices) {
      expect(data.options, key).toHaveLength(4);
      for (const a of data.options)
        for (const b of data.options) if (a !== b) expect(a.includes(b), `${key}: ${a}, ${b}`).toBe(false);
      expect(new Set(data.options).size, key).toBe(4);
    }
  });

  it('have the answer that the scene gives, and no other', () => {
    for (const one of all) {
      const right = rightText(one);
      const says = (text: string) =>
        text === right ? 'right' : one.data.options.includes(text) ? 'wrong' : '';
      if (one.subject === 'Counting') expect(right, one.key).toBe(NUMBERS.en[named(one).length]);
      else if (one.subject === 'Colours')
        for (const { colourIndex } of named(one)) expect(right, one.key).toBe(COLOURS[colourIndex!]!.name);
      else if (one.subject === 'Places') {
        const where = placeOf(named(one)[0]!);
        expect([where, place(where, 'en')], one.key).toContain(right);
        // A neighbouring place might be said of it as well.
        for (const near of where.split(' '))
          if (near !== where) expect(says(place(near as 'top', 'en')), one.key).toBe('');
      } else {
        const asked = one.scene.objects.filter((object) =>
          one.data.question.includes(`${place(placeOf(object), 'en')}?`),
        );
        const seen = asked.length > 0 ? asked : one.scene.objects;
        const { name, plural } = CLASSES[seen[0]!.classIndex]!;
        expect(right.endsWith(name) || right.endsWith(plural), `${one.key}: ${right}`).toBe(true);
        expect(new Set(seen.map(({ classIndex }) => classIndex)).size).toBe(1);
      }
    }
  });

  it('are drawn one by one', async () => {
    const items = syntheticQuestions().items()[Symbol.asyncIterator]();
    const { value } = await items.next();
    expect(value).toMatchObject({ key: 'synthetic_Objects_1', group: 'Objects', data: all[0]!.data });
    expect(value.pictures).toHaveLength(1);
    expect(value.pictures[0].name).toBe('image_1');
    expect(await decodeImage(value.pictures[0].bytes)).toMatchObject({ width: 256, height: 256 });
    await items.return?.();
  });
});

describe("MMMU's scores of the synthetic questions", () => {
  const response = ({ key: id, subject, data }: SyntheticQuestion, text: string): MmmuResponse => {
    const { answer, options, kind } = data;
    if (kind === 'open') return { id, subject, kind, answer, response: text };
    const choices = letters(options.length);
    const byLetter = Object.fromEntries(choices.map((letter, i) => [letter, options[i]]));
    return { id, subject, kind, answer, response: text, choices, options: byLetter };
  };

  it('sum up by its own table', () => {
    const right = all.map((one) => response(one, [one.data.answer].flat()[0]!));
    const summary = summarize(scoreResponses(right, SYNTHETIC_TABLE).scored, undefined, SYNTHETIC_TABLE);
    expect(summary).toMatchObject({
      overall: { correct: 300, n: 300 },
      domains: { Things: { correct: 150, n: 150 }, Arrangement: { n: 150 } },
      subjects: { Objects: { n: 75 }, Places: { n: 75 } },
      fallbacks: 0,
      missing: 0,
      incomplete: false,
    });
    const half = summarize(
      scoreResponses(right.slice(0, 150), SYNTHETIC_TABLE).scored,
      undefined,
      SYNTHETIC_TABLE,
    );
    expect(half).toMatchObject({ missing: 150, incomplete: true });
    expect(missingAnswers(half, SYNTHETIC_TABLE.expected)).toHaveLength(4);
  });

  it('take no other answer of the world for a right open one', () => {
    const said = open.flatMap((one) =>
      open
        .filter(
          ({ subject, data }) => subject === one.subject && String(data.answer) !== String(one.data.answer),
        )
        .map((other) => response(one, `It is ${rightText(other)}.`)),
    );
    expect(scoreResponses(said, SYNTHETIC_TABLE).scored.filter(({ correct }) => correct)).toEqual([]);
  });

  it('are asked as MMMU asks', () => {
    const { data } = choices.find(({ key }) => key === 'synthetic_Counting_4')!;
    expect(officialPrompt(data.question, data.options)).toBe(
      'how many carrots are in the picture? <image 1>\n(A) four\n(B) one\n(C) two\n(D) three\n\n' +
        "Answer with the option's letter from the given choices directly.",
    );
  });
});
