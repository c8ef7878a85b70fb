import { captionedScene, randomCaptionedScene, type CaptionedScene, type CaptionKind } from './captions';
import { STYLES } from './classes';
import { edit, SINGLE_EDIT_KINDS, twoEdits, type Edit, type EditKind, type SingleEditKind } from './edits';
import type { Language } from './language';
import { longCaption } from './polish-long';
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
import { freeCaption, type Wording } from './wording';

/**
 * Samples of the three tasks. A sample is a function of (split, seed, index) alone. Training uses seed 1;
 * the held-out seeds of the reports begin at 1,000,000.
 */
export const TRAINING_SEED = 1;
export const HELD_OUT_SEED = 1_000_000;

const STREAM = { caption: 1, question: 2, edit: 3, polish: 4 } as const;
const drawLanguage = (random: Random): Language => (random.chance(0.5) ? 'en' : 'zh');

/** What training reads: the templates, and other wordings more often. */
export type SampleWording = Wording | 'training';
const drawWording = (random: Random, wording: SampleWording): Wording =>
  wording === 'training' ? (random.chance(0.6) ? 'free' : 'template') : wording;
/** Of the captions of training, how many name another style than the first. */
const STYLED_CAPTIONS = 0.35;

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
  options: { kind?: QuestionKind; language?: Language; wording?: SampleWording } = {},
): QuestionSample {
  const random = new Random(seed * 8 + STREAM.question, index);
  const drawn = drawLanguage(random);
  const language = options.language ?? drawn;
  const scene = sceneToSee(random, split, true);
  const questions: Question[] = [];
  for (let attempt = 0; attempt < 4 * count && questions.length < count; attempt++) {
    const kind = options.kind ?? random.pick(QUESTION_KINDS);
    const made = ask(scene, kind, language, random, drawWording(random, options.wording ?? 'template'));
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
const TRAINING_EDITS: readonly (readonly [EditKind, number])[] = [
  ...EDIT_WEIGHTS,
  ['style', 28],
  ['several', 60],
];

const edited = (
  random: Random,
  scene: Scene,
  kind: EditKind,
  language: Language,
  split: Split,
  wording: Wording,
): Edit | null => {
  if (kind !== 'several') return edit(scene, kind, language, random, split, wording);
  const kinds: SingleEditKind[] = random.shuffle(SINGLE_EDIT_KINDS.filter((k) => k !== 'style')).slice(0, 2);
  if (random.chance(0.1)) kinds[1] = 'style';
  const pair = kinds as [SingleEditKind, SingleEditKind];
  return twoEdits(scene, pair, language, random, split, wording === 'template' ? 'free' : wording);
};

/**
 * An edit in the templates' words unless another wording is asked for. The scene is in the first style; of the edits
 * `style` and `several` it is in any.
 */
export function editSample(
  split: Split,
  seed: number,
  index: number,
  options: { kind?: EditKind; language?: Language; wording?: SampleWording } = {},
): Edit {
  const random = new Random(seed * 8 + STREAM.edit, index);
  const drawn = drawLanguage(random);
  const language = options.language ?? drawn;
  for (;;) {
    const scene = sceneToSee(random, split, false);
    const training = options.wording === 'training';
    const kind = options.kind ?? random.weighted(training ? TRAINING_EDITS : EDIT_WEIGHTS);
    if (kind === 'style' || kind === 'several') scene.style = random.pick(STYLES);
    const made = edited(
      random,
      scene,
      kind,
      language,
      split,
      drawWording(random, options.wording ?? 'template'),
    );
    if (made) return made;
  }
}

/** A scene with its caption, in the templates' words unless another wording is asked for; some of training name a style. */
export function captionSample(
  split: Split,
  seed: number,
  index: number,
  options: { language?: Language; kind?: CaptionKind; wording?: SampleWording } = {},
): CaptionedScene {
  const random = new Random(seed * 8 + STREAM.caption, index);
  const drawn = drawLanguage(random);
  const language = options.language ?? drawn;
  const made = options.kind
    ? captionedScene(random, options.kind, { split, language })
    : randomCaptionedScene(random, { split, language });
  const styled = options.wording === 'training' && random.chance(STYLED_CAPTIONS);
  const wording = drawWording(random, options.wording ?? 'template');
  if (wording === 'template' && !styled) return made;
  const scene: Scene = { ...made.scene, style: styled ? random.pick(STYLES.slice(1)) : made.scene.style };
  const as = wording === 'template' ? 'free' : wording;
  return { ...made, scene, caption: freeCaption(scene, made.kind, language, random, as) };
}

/** A short prompt in somebody's words, and the long caption with places that says the same. */
export function polishSample(
  split: Split,
  seed: number,
  index: number,
  options: { language?: Language; wording: SampleWording },
): { prompt: string; polished: string; scene: Scene; language: Language } {
  const random = new Random(seed * 8 + STREAM.polish, index);
  const drawn = drawLanguage(random);
  const language = options.language ?? drawn;
  const { scene, kind } = randomCaptionedScene(random, { split, language });
  const wording = drawWording(random, options.wording);
  const prompt = freeCaption(scene, kind, language, random, wording === 'template' ? 'free' : wording);
  return { prompt, polished: longCaption(scene, language), scene, language };
}
