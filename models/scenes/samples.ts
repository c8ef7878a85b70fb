import { randomCaptionedScene, type CaptionedScene } from './captions';
import { edit, EDIT_KINDS, type Edit, type EditKind } from './edits';
import type { Language } from './language';
import { ask, QUESTION_KINDS, type Question, type QuestionKind } from './questions';
import { Random } from './random';
import {
  arrange,
  at,
  differentThings,
  randomGround,
  randomPlaces,
  randomThing,
  type Scene,
  type SceneObject,
  type Split,
} from './scene';

/**
 * Samples of the three tasks. A sample is a function of (split, seed, index) alone. Training uses seed 1;
 * the held-out seeds of the reports begin at 1,000,000.
 */
export const TRAINING_SEED = 1;
export const HELD_OUT_SEED = 1_000_000;

const STREAM: Record<'caption' | 'question' | 'edit', number> = { caption: 1, question: 2, edit: 3 };
const drawLanguage = (random: Random): Language => (random.chance(0.5) ? 'en' : 'zh');

export function captionSample(
  split: Split,
  seed: number,
  index: number,
  language?: Language,
): CaptionedScene {
  const random = new Random(seed * 8 + STREAM.caption, index);
  const drawn = drawLanguage(random);
  return randomCaptionedScene(random, { split, language: language ?? drawn });
}

/** A scene to look at: one to four objects, most of them coloured, now and then on another ground. */
function sceneToSee(random: Random, split: Split, jitter: boolean): Scene {
  const layout = random.weighted([
    ['one', 22],
    ['same', 22],
    ['canonical', 28],
    ['placed', 28],
  ] as const);
  let objects: SceneObject[];
  if (layout === 'one') objects = arrange([randomThing(random, split, 0.6)]);
  else if (layout === 'same')
    objects = arrange(Array(2 + random.int(3)).fill(randomThing(random, split, 0.5)));
  else {
    const n = 2 + random.int(3);
    const things = differentThings(random, split, n, 0.6);
    // Two of a kind beside others, so that counting is more than counting everything.
    if (n > 2 && random.chance(0.3)) things[n - 1] = things[0]!;
    objects =
      layout === 'canonical' ? arrange(things) : randomPlaces(random, n).map((p, i) => at(things[i]!, p));
  }
  if (jitter && random.chance(0.3))
    objects = objects.map((o) => ({
      ...o,
      jitter: [(random.float() - 0.5) * 0.3, (random.float() - 0.5) * 0.3],
    }));
  return { style: 'noto', ground: randomGround(random, 0.25), objects };
}

export interface QuestionSample {
  scene: Scene;
  language: Language;
  questions: Question[];
}

/** A scene with up to `count` different questions; `kind` limits them to one kind. */
export function questionSample(
  split: Split,
  seed: number,
  index: number,
  count: number,
  options: { kind?: QuestionKind; language?: Language } = {},
): QuestionSample {
  const random = new Random(seed * 8 + STREAM.question, index);
  const drawn = drawLanguage(random);
  const language = options.language ?? drawn;
  const scene = sceneToSee(random, split, true);
  const questions: Question[] = [];
  for (let attempt = 0; attempt < 4 * count && questions.length < count; attempt++) {
    const made = ask(scene, options.kind ?? random.pick(QUESTION_KINDS), language, random);
    if (made && !questions.some((q) => q.question === made.question)) questions.push(made);
  }
  return { scene, language, questions };
}

const EDIT_WEIGHTS: readonly (readonly [EditKind, number])[] = [
  ['add', 20],
  ['remove', 15],
  ['replace', 25],
  ['recolour', 27],
  ['move', 13],
  ['style', 0],
];

/** An edit; half of them run backwards, so that reverses are trained and measured alike. */
export function editSample(
  split: Split,
  seed: number,
  index: number,
  options: { kind?: EditKind; language?: Language } = {},
): Edit {
  const random = new Random(seed * 8 + STREAM.edit, index);
  const drawn = drawLanguage(random);
  const language = options.language ?? drawn;
  for (;;) {
    const scene = sceneToSee(random, split, false);
    const kind = options.kind ?? random.weighted(EDIT_WEIGHTS);
    const made = edit(scene, kind, language, random, split);
    if (made) return made;
  }
}

export { EDIT_KINDS, QUESTION_KINDS };
