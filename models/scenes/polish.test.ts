import { describe, expect, it } from 'vitest';
import { CAPTION_KINDS, captionedScene } from './captions';
import { CLASSES, COLOURS } from './classes';
import { bare, counted, place, plural, RELATION_ZH, RELATIONS } from './language';
import { polish } from './polish';
import { Random } from './random';
import { PLACE_NAMES } from './scene';

const things = CLASSES.flatMap((_, classIndex) =>
  [null, ...COLOURS.keys()].map((colourIndex) => ({ classIndex, colourIndex })),
);
const numbers = [1, 2, 3, 4] as const;

describe('against the generator', () => {
  it('every thing in every colour and number is worded as a caption words it', () => {
    for (const thing of things)
      for (const n of numbers) {
        const english = `a photo of ${counted(thing, n, 'en')}`;
        const noun = n === 1 ? bare(thing, 'en') : plural(thing, 'en');
        expect(polish(`${n} ${noun}`, 'en')).toBe(english);
        expect(polish(counted(thing, n, 'en'), 'en')).toBe(english);
        expect(polish(`${n} ${bare(thing, 'en')}`, 'en')).toBe(english);
        expect(polish(`a photo of ${n} ${noun.toUpperCase()}.`, 'en')).toBe(english);
        if (n === 1) expect(polish(noun, 'en')).toBe(english);
        const chinese = `一张${counted(thing, n, 'zh')}的照片`;
        expect(polish(counted(thing, n, 'zh'), 'zh')).toBe(chinese);
        expect(polish(`${n}${bare(thing, 'zh').replace('色的', '')}`, 'zh')).toBe(chinese);
        expect(polish(`${n}个${bare(thing, 'zh').replace('的', '')}`, 'zh')).toBe(chinese);
        if (n === 1) expect(polish(bare(thing, 'zh'), 'zh')).toBe(chinese);
      }
  });

  it('two things in a row, with and without a word between, and in every relation', () => {
    const random = new Random(11, 0);
    for (const first of things) {
      const second = random.pick(things.filter(({ classIndex }) => classIndex !== first.classIndex));
      const [a, b] = [counted(first, 1, 'en'), counted(second, 1, 'en')];
      expect(polish(`${bare(first, 'en')}, ${bare(second, 'en')}`, 'en')).toBe(`a photo of ${a} and ${b}`);
      for (const relation of RELATIONS)
        expect(polish(`${bare(first, 'en')} ${relation} ${bare(second, 'en')}`, 'en')).toBe(
          `a photo of ${a} ${relation} ${b}`,
        );
      const [c, d] = [counted(first, 1, 'zh'), counted(second, 1, 'zh')];
      expect(polish(`${bare(first, 'zh')}和${bare(second, 'zh')}`, 'zh')).toBe(`一张${c}和${d}的照片`);
      for (const relation of RELATIONS)
        expect(polish(`${bare(first, 'zh')}在${bare(second, 'zh')}的${RELATION_ZH[relation]}`, 'zh')).toBe(
          `一张${c}在${d}${RELATION_ZH[relation]}的照片`,
        );
    }
  });

  it.each(CAPTION_KINDS)('captions of the kind %s have the form already', (kind) => {
    for (const language of ['en', 'zh'] as const)
      for (let i = 0; i < 300; i++) {
        const options = { split: 'test', language } as const;
        const { caption } = captionedScene(new Random(5, i), kind, { ...options, plain: true });
        expect(polish(caption, language)).toBe(caption);
        const other = captionedScene(new Random(6, i), kind, options).caption;
        const polished = polish(other, language);
        expect(polished === other || polished === captionOf(other, language), `${other} → ${polished}`).toBe(
          true,
        );
        expect(polish(polished, language)).toBe(polished);
      }
  });

  it('every place is understood', () => {
    for (const name of PLACE_NAMES) {
      expect(polish(`dog ${place(name, 'en')}`, 'en')).toBe(`a photo of a dog ${place(name, 'en')}`);
      expect(polish(`狗在${place(name, 'zh')}`, 'zh')).toBe(`一张一只狗在${place(name, 'zh')}的照片`);
    }
  });
});

const captionOf = (content: string, language: 'en' | 'zh') =>
  language === 'en' ? `a photo of ${content}` : `一张${content}的照片`;

it.each([
  ['apple', 'a photo of an apple'],
  ['2 red apples', 'a photo of two red apples'],
  ['apples', 'a photo of two apples'],
  ['cat dog', 'a photo of a cat and a dog'],
  ['cat dog bird', 'a photo of a cat, a dog and a bird'],
  ['red car left of blue dog', 'a photo of a red car left of a blue dog'],
  ['the red car is to the left of the dog', 'a photo of a red car left of a dog'],
  ['a sofa and a telly', 'a photo of a couch and a tv'],
  ['three tvs', 'a photo of three tvs'],
  ['grey cat', 'a photo of a grey cat'],
  ['gray sofas', 'a photo of two gray couches'],
  ['two puppies', 'a photo of two dogs'],
  ['3 mice', 'a photo of three computer mice'],
  ['orange', 'a photo of an orange'],
  ['orange orange', 'a photo of an orange orange'],
  ['orange cat', 'a photo of an orange cat'],
  ['oranges', 'a photo of two oranges'],
  ['scissors', 'a photo of a scissors'],
  ['a pair of scissors', 'a photo of a scissors'],
  ['hot-dog, wineglass', 'a photo of a hot dog and a wine glass'],
  ['fire hydrant above hair dryer', 'a photo of a fire hydrant above a hair drier'],
  ['cat on top of a table', 'a photo of a cat above a dining table'],
  ['dog in the upper left corner of the picture', 'a photo of a dog at the top left'],
  ['dog top left, cat bottom right', 'a photo of a dog at the top left and a cat at the bottom right'],
  ['on the left a dog on the right a cat', 'a photo of on the left a dog and on the right a cat'],
  ['shiny apple', 'a photo of a shiny apple'],
  ['dog chasing cat', 'a photo of a dog chasing a cat'],
  ['apple on mars', 'a photo of an apple on mars'],
  ['black and white cow', 'a photo of a black and white cow'],
  ['5 apples', 'a photo of 5 apples'],
  ['no cats, dog', 'a photo of no cats and a dog'],
  ['a cat, dramatic light', 'a photo of a cat, dramatic light'],
  ['draw me a cat', 'a photo of a cat'],
  ['photo of cat', 'a photo of a cat'],
  ['a picture of two benchs', 'a picture of two benchs'],
  ['an image of a dog', 'an image of a dog'],
  ['dragon', 'dragon'],
  ['  A Red  CAR ', 'a photo of a red car'],
  ['', ''],
  ['<script>', '<script>'],
])('%j becomes %j', (prompt, polished) => expect(polish(prompt, 'en')).toBe(polished));

it.each([
  ['两个苹果', '一张两个苹果的照片'],
  ['苹果', '一张一个苹果的照片'],
  ['2条红狗', '一张两只红色的狗的照片'],
  ['猫 狗', '一张一只猫和一只狗的照片'],
  ['猫狗', '一张一只猫和一只狗的照片'],
  ['红色汽车在蓝狗的左边', '一张一辆红色的汽车在一只蓝色的狗左边的照片'],
  ['猫在沙发上', '一张一只猫在一张沙发上面的照片'],
  ['左上角有猫', '一张左上角有一只猫的照片'],
  ['红绿灯', '一张一个红绿灯的照片'],
  ['橙色的橙子、小狗和电视机', '一张一个橙色的橙子、一只狗和一台电视的照片'],
  ['一碗', '一张一只碗的照片'],
  ['一张床的照片', '一张床的照片'],
  ['一张狗的照片', '一张一只狗的照片'],
  ['画一只猫', '一张一只猫的照片'],
  ['一幅两只猫的画', '一张两只猫的照片'],
  ['机器人', '机器人'],
  ['机器人和猫', '一张机器人和一只猫的照片'],
  ['五个苹果', '五个苹果'],
  ['一张两个苹果的照片', '一张两个苹果的照片'],
  ['两个苹果的照片', '两个苹果的照片'],
  ['', ''],
])('%j becomes %j', (prompt, polished) => expect(polish(prompt, 'zh')).toBe(polished));

it.each(['cat ', 'red ', '猫', '一', ',,, ', 'red and blue '])(
  'a prompt of many times %j is worded, not refused',
  (text) => {
    for (const language of ['en', 'zh'] as const)
      expect(polish(text.repeat(3000), language)).toEqual(expect.any(String));
  },
);
