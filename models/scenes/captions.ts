import { CLASSES, COLOURS } from './classes';
import {
  bare,
  counted,
  list,
  place,
  RELATION_PLACES,
  RELATION_ZH,
  RELATIONS,
  type Language,
} from './language';
import type { Random } from './random';
import {
  arrange,
  at,
  DEFAULT_GROUND,
  differentThings,
  placeOf,
  randomPlaces,
  randomThing,
  type Scene,
  type SceneObject,
  type Split,
} from './scene';

/** GenEval's six categories, and the long captions that name places. */
export const CAPTION_KINDS = [
  'single_object',
  'two_object',
  'counting',
  'colors',
  'position',
  'color_attr',
  'long',
] as const;
export type CaptionKind = (typeof CAPTION_KINDS)[number];

export interface CaptionedScene {
  scene: Scene;
  kind: CaptionKind;
  language: Language;
  caption: string;
}

/** "a photo of X", in one of the wordings; GenEval's own is the most frequent. */
function photoOf(content: string, language: Language, random: Random, plain: boolean): string {
  if (language === 'zh') {
    return plain
      ? `一张${content}的照片`
      : random.pick([`一张${content}的照片`, `一张${content}的图片`, content, `${content}的照片`]);
  }
  return plain
    ? `a photo of ${content}`
    : random.weighted([
        [`a photo of ${content}`, 5],
        [`a picture of ${content}`, 2],
        [`an image of ${content}`, 1],
        [content, 2],
      ]);
}

export interface CaptionOptions {
  split: Split;
  language: Language;
  /** Only GenEval's own wording, so that prompts are comparable. */
  plain?: boolean;
}

/** A scene of one kind with its caption. */
export function captionedScene(random: Random, kind: CaptionKind, options: CaptionOptions): CaptionedScene {
  const { split, language, plain = false } = options;
  const made = (objects: SceneObject[], content: string): CaptionedScene => ({
    scene: { style: 'noto', ground: DEFAULT_GROUND, objects },
    kind,
    language,
    caption: photoOf(content, language, random, plain),
  });
  switch (kind) {
    case 'single_object': {
      const thing = randomThing(random, split, 0);
      return made(arrange([thing]), counted(thing, 1, language));
    }
    case 'colors': {
      const thing = randomThing(random, split, 1);
      return made(arrange([thing]), counted(thing, 1, language));
    }
    case 'counting': {
      const thing = randomThing(random, split, plain ? 0 : 0.3);
      const n = 2 + random.int(3);
      return made(arrange(Array(n).fill(thing)), counted(thing, n, language, plain || random.chance(0.4)));
    }
    case 'two_object':
    case 'color_attr': {
      const coloured = kind === 'color_attr' ? 1 : plain ? 0 : 0.15;
      const things = differentThings(random, split, 2, coloured);
      return made(
        arrange(things),
        list(
          things.map((t) => counted(t, 1, language)),
          language,
        ),
      );
    }
    case 'position': {
      const [a, b] = differentThings(random, split, 2, plain ? 0 : 0.3) as [SceneObject, SceneObject];
      const relation = random.pick(RELATIONS);
      const [placeA, placeB] = RELATION_PLACES[relation];
      const content =
        language === 'en'
          ? `${counted(a, 1, 'en')} ${relation} ${counted(b, 1, 'en')}`
          : `${counted(a, 1, 'zh')}在${counted(b, 1, 'zh')}${RELATION_ZH[relation]}`;
      return made([at(a, placeA), at(b, placeB)], content);
    }
    case 'long': {
      const n = 2 + random.int(3);
      const things = differentThings(random, split, n, 0.6);
      if (random.chance(0.35) && n > 2) {
        return made(
          arrange(things),
          list(
            things.map((t) => counted(t, 1, language)),
            language,
          ),
        );
      }
      const objects = randomPlaces(random, n).map((p, i) => at(things[i]!, p));
      return made(objects, describePlaces(objects, language, random));
    }
  }
}

/** "a red apple at the top left and a dog on the right". */
export function describePlaces(objects: readonly SceneObject[], language: Language, random: Random): string {
  const inverted = random.chance(0.3);
  return list(
    objects.map((o) => {
      const where = place(placeOf(o), language);
      const what = counted(o, 1, language);
      if (language === 'zh') return inverted ? `${where}有${what}` : `${what}在${where}`;
      return inverted ? `${where} ${what}` : `${what} ${where}`;
    }),
    language,
  );
}

const KIND_WEIGHTS: readonly (readonly [CaptionKind, number])[] = [
  ['single_object', 12],
  ['two_object', 12],
  ['counting', 14],
  ['colors', 18],
  ['position', 14],
  ['color_attr', 12],
  ['long', 18],
];

export function randomCaptionedScene(random: Random, options: CaptionOptions): CaptionedScene {
  return captionedScene(random, random.weighted(KIND_WEIGHTS), options);
}

/** Every word of the world, once: what a tokenizer must know. */
export function vocabularyLines(): string[] {
  const lines: string[] = [];
  for (let c = 0; c < CLASSES.length; c++)
    for (const colourIndex of [null, ...COLOURS.keys()])
      for (const language of ['en', 'zh'] as const) {
        const thing = { classIndex: c, colourIndex };
        lines.push(counted(thing, 1, language), counted(thing, 3, language), bare(thing, language));
        lines.push(counted(thing, 2, language, true), counted(thing, 4, language));
      }
  return lines;
}
