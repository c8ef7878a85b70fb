/**
 * GenEval's colour of an object: its pixels on grey, cut out, classified by CLIP among ten colours.
 * Source: djghosh13/geneval, evaluation/evaluate_images.py (`ImageCrops`, `color_classification`); the classifier is
 * LAION's clip_benchmark, zeroshot_classification.py (`zero_shot_classifier`). Here everything is in 32 bits; the
 * script runs CLIP under automatic mixed precision.
 */
import type { RgbImage } from '../../../models/runtime';
import { cosine, unit, type Clip } from '../../evaluators';
import { roundHalfToEven } from '../../metrics/opencv';
import { float } from './float32';
import { COLOUR_NAMES } from './names';
import type { Detection } from './types';

/** `{c}` is the colour, `{class}` the name of the object. */
const colourTemplates = [
  'a photo of a {c} {class}',
  'a photo of a {c}-colored {class}',
  'a photo of a {c} object',
] as const;

/** #999 in every channel. */
const background = 0x99;

export interface ColouredObject {
  box: Detection['box'];
  /** 1 where the object is, as large as the image; null: everything in the box. */
  mask: Uint8Array | null;
}

export interface ColourClassifier {
  /**
   * @returns one colour for each object: the one with the largest cosine, the first on ties
   * @throws RangeError for a mask of another size than the image, or a box without pixels
   */
  classify(image: RgbImage, objects: readonly ColouredObject[], className: string): Promise<string[]>;
  /** The same with what led to it. */
  compare?(image: RgbImage, objects: readonly ColouredObject[], className: string): Promise<ComparedColour[]>;
}

export interface ComparedColour {
  color: string;
  /** With each of the ten colours, in the order of COLOUR_NAMES. */
  cosines: number[];
}

/** A classifier that embeds the texts of each class once. */
export function colourClassifier(clip: Pick<Clip, 'embedImages' | 'embedTexts'>): ColourClassifier {
  const known = new Map<string, Promise<Float32Array[]>>();
  const weightsFor = (className: string) => {
    const found = known.get(className) ?? colourVectors(clip, className);
    known.set(className, found);
    found.catch(() => known.delete(className));
    return found;
  };
  const compare: ColourClassifier['compare'] = async (image, objects, className) => {
    const weights = await weightsFor(className);
    const embeddings = await clip.embedImages(objects.map((object) => cutOut(image, object)));
    return embeddings.map((embedding) => {
      const cosines = weights.map((weight) => float(cosine(embedding, weight)));
      return { color: COLOUR_NAMES[cosines.indexOf(Math.max(...cosines))]!, cosines };
    });
  };
  return {
    compare,
    classify: async (...given) => (await compare(...given)).map(({ color }) => color),
  };
}

/** For each colour the normalised mean of the normalised embeddings of its texts. */
async function colourVectors(clip: Pick<Clip, 'embedTexts'>, className: string): Promise<Float32Array[]> {
  const texts = COLOUR_NAMES.flatMap((colour) =>
    // Replacements as functions: a class name is data, not a pattern.
    colourTemplates.map((template) =>
      template.replace('{c}', () => colour).replace('{class}', () => className),
    ),
  );
  const { embeddings } = await clip.embedTexts(texts);
  return COLOUR_NAMES.map((_, c) => {
    const own = embeddings.slice(c * colourTemplates.length, (c + 1) * colourTemplates.length);
    return unit(own[0]!.map((_, i) => own.reduce((sum, vector) => sum + vector[i]!, 0) / own.length));
  });
}

/**
 * The object on #999, cut to its box. The script gives the float box to Pillow's `crop`, which rounds half to even;
 * boxes of masks are whole numbers, so for them it makes no difference. What is outside the image is black.
 * @throws RangeError
 */
export function cutOut(image: RgbImage, { box, mask }: ColouredObject): RgbImage {
  if (mask && mask.length !== image.width * image.height)
    throw new RangeError(
      `A mask of ${mask.length} pixels does not fit an image of ${image.width}×${image.height}.`,
    );
  const [left, top, right, bottom] = box.map(roundHalfToEven) as [number, number, number, number];
  const width = right - left;
  const height = bottom - top;
  if (!(width > 0 && height > 0)) throw new RangeError(`The box ${box.join(', ')} holds no pixel.`);
  const data = new Uint8Array(width * height * 3);
  for (let y = Math.max(top, 0); y < Math.min(bottom, image.height); y++)
    for (let x = Math.max(left, 0); x < Math.min(right, image.width); x++) {
      const pixel = y * image.width + x;
      const to = ((y - top) * width + x - left) * 3;
      for (let c = 0; c < 3; c++)
        data[to + c] = mask && !mask[pixel] ? background : image.data[pixel * 3 + c]!;
    }
  return { width, height, data };
}
