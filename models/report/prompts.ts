import { captionedScene, type CaptionKind } from '../scenes/captions';
import { CLASSES, COLOURS } from '../scenes/classes';
import {
  counted,
  list,
  RELATION_PLACES,
  RELATION_ZH,
  type Language,
  type Relation,
} from '../scenes/language';
import { Random } from '../scenes/random';
import { arrange, at, DEFAULT_GROUND, type Scene, type SceneObject, type Thing } from '../scenes/scene';

/** A prompt with the scene that it describes. */
export interface Prompt {
  category: CaptionKind;
  text: string;
  scene: Scene;
}

type Entry = readonly [category: CaptionKind, things: readonly string[], extra?: number | Relation];

/**
 * The contact sheet's 48 prompts: eight of each GenEval category, chosen by hand before any picture was made,
 * over animals, vehicles, food, furniture, appliances and sports, all ten colours and all four relations.
 */
const ENTRIES: readonly Entry[] = [
  ...['dog', 'airplane', 'banana', 'clock', 'giraffe', 'refrigerator', 'teddy bear', 'fire hydrant'].map(
    (name): Entry => ['single_object', [name]],
  ),
  ['two_object', ['cat', 'bicycle']],
  ['two_object', ['pizza', 'wine glass']],
  ['two_object', ['couch', 'potted plant']],
  ['two_object', ['laptop', 'computer mouse']],
  ['two_object', ['horse', 'train']],
  ['two_object', ['toothbrush', 'sink']],
  ['two_object', ['elephant', 'umbrella']],
  ['two_object', ['sandwich', 'carrot']],
  ['counting', ['apple'], 2],
  ['counting', ['bird'], 3],
  ['counting', ['book'], 4],
  ['counting', ['chair'], 2],
  ['counting', ['donut'], 3],
  ['counting', ['sheep'], 4],
  ['counting', ['car'], 3],
  ['counting', ['cup'], 2],
  ...[
    'red car',
    'blue dog',
    'green cup',
    'yellow bus',
    'purple cat',
    'pink suitcase',
    'black boat',
    'orange bear',
  ].map((name): Entry => ['colors', [name]]),
  ['position', ['dog', 'cat'], 'left of'],
  ['position', ['banana', 'apple'], 'right of'],
  ['position', ['bird', 'bench'], 'above'],
  ['position', ['skateboard', 'person'], 'below'],
  ['position', ['tv', 'couch'], 'left of'],
  ['position', ['zebra', 'truck'], 'right of'],
  ['position', ['kite', 'boat'], 'above'],
  ['position', ['cake', 'vase'], 'below'],
  ['color_attr', ['red apple', 'green car']],
  ['color_attr', ['white cat', 'black dog']],
  ['color_attr', ['blue chair', 'yellow umbrella']],
  ['color_attr', ['purple bowl', 'orange bird']],
  ['color_attr', ['pink horse', 'brown book']],
  ['color_attr', ['green bottle', 'red handbag']],
  ['color_attr', ['brown truck', 'blue vase']],
  ['color_attr', ['yellow elephant', 'purple kite']],
];

/** "red apple" to its class and colour. */
function thing(name: string): Thing {
  const colourIndex = COLOURS.findIndex((c) => name.startsWith(`${c.name} `));
  const noun = colourIndex < 0 ? name : name.slice(COLOURS[colourIndex]!.name.length + 1);
  const classIndex = CLASSES.findIndex((c) => c.name === noun);
  if (classIndex < 0) throw new Error(`no class ${noun}`);
  return { classIndex, colourIndex: colourIndex < 0 ? null : colourIndex };
}

export function contactSheetPrompts(language: Language): Prompt[] {
  return ENTRIES.map(([category, names, extra]) => {
    const things = names.map(thing);
    let objects: SceneObject[];
    let content: string;
    if (typeof extra === 'string') {
      const [a, b] = things as [Thing, Thing];
      const [placeA, placeB] = RELATION_PLACES[extra];
      objects = [at(a, placeA), at(b, placeB)];
      const [first, second] = [counted(a, 1, language), counted(b, 1, language)];
      content =
        language === 'en' ? `${first} ${extra} ${second}` : `${first}在${second}${RELATION_ZH[extra]}`;
    } else {
      const n = extra ?? 1;
      objects = arrange(n > 1 ? Array<Thing>(n).fill(things[0]!) : things);
      content = list(
        things.map((t) => counted(t, n, language)),
        language,
      );
    }
    return {
      category,
      text: language === 'en' ? `a photo of ${content}` : `一张${content}的照片`,
      scene: { style: 'noto', ground: DEFAULT_GROUND, objects },
    };
  });
}

/** GenEval-worded prompts of a category from held-out seeds; the same scenes in both languages. */
export function heldOutPrompts(category: CaptionKind, n: number, seed: number, language: Language): Prompt[] {
  return Array.from({ length: n }, (_, i) => {
    const made = captionedScene(new Random(seed, i), category, { split: 'test', language, plain: true });
    return { category, text: made.caption, scene: made.scene };
  });
}
