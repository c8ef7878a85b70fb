import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../models/runtime';
import { openClip, unit } from '../../evaluators';
import { tinyEvaluator } from '../../testing/evaluators';
import { colourClassifier, cutOut } from './colour';
import { COLOUR_NAMES } from './names';

/** 4×3; the red channel is 10·y + x + 1, the others 0. */
const image: RgbImage = {
  width: 4,
  height: 3,
  data: Uint8Array.from({ length: 36 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return i % 3 === 0 ? 10 * Math.floor(pixel / 4) + (pixel % 4) + 1 : 0;
  }),
};
const reds = (picture: RgbImage) => [...picture.data].filter((_, i) => i % 3 === 0);

describe('cutting out an object', () => {
  it('leaves #999 outside the mask', () => {
    const mask = Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0);
    const cut = cutOut(image, { box: [1, 1, 3, 3], mask });
    expect([cut.width, cut.height]).toEqual([2, 2]);
    expect([...cut.data]).toEqual([12, 0, 0, 153, 153, 153, 22, 0, 0, 23, 0, 0]);
  });

  it('rounds a box half to even, as Pillow does, and is black outside the image', () => {
    expect(reds(cutOut(image, { box: [0.5, 0.5, 1.5, 1.5], mask: null }))).toEqual([1, 2, 11, 12]);
    expect(reds(cutOut(image, { box: [3, 2, 5, 4], mask: null }))).toEqual([24, 0, 0, 0]);
  });

  it('refuses what has no pixels or another size', () => {
    expect(() => cutOut(image, { box: [0, 0, 0, 0], mask: null })).toThrow('no pixel');
    expect(() => cutOut(image, { box: [0, 0, 1, 1], mask: new Uint8Array(5) })).toThrow('4×3');
  });
});

describe('the classifier', () => {
  /** Text vectors lie on their colour's axis, so an image vector on an axis has that colour. */
  const fake = (axis: number) => {
    const texts: string[][] = [];
    const axisVector = (i: number) => Float32Array.from({ length: 10 }, (_, at) => (at === i ? 1 : 0));
    return {
      texts,
      embedImages: (images: readonly RgbImage[]) => Promise.resolve(images.map(() => axisVector(axis))),
      embedTexts: (all: readonly string[]) => {
        texts.push([...all]);
        const embeddings = all.map((text) =>
          axisVector(COLOUR_NAMES.findIndex((c) => text.includes(` ${c}`))),
        );
        return Promise.resolve({ embeddings, truncated: all.map(() => false) });
      },
    };
  };

  it('asks three texts a colour, once a class', async () => {
    const clip = fake(5);
    const classifier = colourClassifier(clip);
    const object = { box: [0, 0, 2, 2] as const, mask: null };
    expect(await classifier.classify(image, [object, object], 'hot dog')).toEqual(['purple', 'purple']);
    await classifier.classify(image, [object], 'hot dog');
    expect(clip.texts).toHaveLength(1);
    expect(clip.texts[0]).toHaveLength(30);
    expect(clip.texts[0]!.slice(0, 3)).toEqual([
      'a photo of a red hot dog',
      'a photo of a red-colored hot dog',
      'a photo of a red object',
    ]);
  });

  it('averages normalised texts', async () => {
    const clip = fake(0);
    const skewed = {
      ...clip,
      // Orange's third text points elsewhere: only a mean that is normalised again is nearer than red.
      embedImages: () => Promise.resolve([unit(Float32Array.of(1, 1.2, 0))]),
      embedTexts: (all: readonly string[]) =>
        Promise.resolve({
          embeddings: all.map((text) =>
            Float32Array.of(
              text.includes(' red') ? 1 : 0,
              text.includes(' orange') && !text.endsWith('object') ? 1 : 0,
              text.includes(' red') ? 0 : text.includes(' orange') && !text.endsWith('object') ? 0 : 1,
            ),
          ),
          truncated: all.map(() => false),
        }),
    };
    const [colour] = await colourClassifier(skewed).classify(
      image,
      [{ box: [0, 0, 1, 1], mask: null }],
      'cup',
    );
    // cos with red = 1 / 1.562 = 0.640; with orange (0, 2/3, 1/3 normalised) = 0.768 · 0.894 = 0.687.
    expect(colour).toBe('orange');
  });

  it('works with a CLIP directory', async () => {
    const clip = await openClip(tinyEvaluator('clip'), { threads: 1 });
    const found = await colourClassifier(clip).classify(image, [{ box: [0, 0, 4, 3], mask: null }], 'cup');
    expect(COLOUR_NAMES).toContain(found[0]);
    await clip.close();
  });
});
