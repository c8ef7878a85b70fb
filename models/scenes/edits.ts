import { CLASSES, COLOURS, isHeldOutPair, STYLES, type Style } from './classes';
import { bare, counted, list, place, plural, RELATION_ZH, type Language, type Relation } from './language';
import type { Random } from './random';
import {
  at,
  PLACE_NAMES,
  PLACES,
  overlaps,
  placeOf,
  randomThing,
  SMALL,
  type Place,
  type Scene,
  type SceneObject,
  type Split,
  type Thing,
} from './scene';
import {
  fill,
  freeNoun,
  freePlace,
  freeThings,
  SIDE_WORDS,
  STYLE_NAMES,
  type FreeWording,
  type Pool,
  type Wording,
} from './wording';

/** Kinds of one change each; `several` are two of them in one instruction. */
export const SINGLE_EDIT_KINDS = ['add', 'remove', 'replace', 'recolour', 'move', 'style'] as const;
export type SingleEditKind = (typeof SINGLE_EDIT_KINDS)[number];
export type EditKind = SingleEditKind | 'several';

export interface Edit {
  kind: EditKind;
  language: Language;
  source: Scene;
  target: Scene;
  instruction: string;
  /** The instruction that leads from the target back to the source. */
  reverse: string;
}

/** "the apples", "苹果". */
const the = (objects: readonly SceneObject[], language: Language): string => {
  const thing = { classIndex: objects[0]!.classIndex, colourIndex: null };
  if (language === 'zh') return bare(thing, 'zh');
  return `the ${objects.length > 1 ? plural(thing, 'en') : bare(thing, 'en')}`;
};

/** Two phrasings share one draw so that an instruction and its reverse read alike. */
function phrase(en: readonly string[], zh: readonly string[], language: Language, draw: number): string {
  const options = language === 'en' ? en : zh;
  return options[Math.floor(draw * options.length)]!;
}

function addPhrase(
  object: SceneObject,
  rest: readonly SceneObject[],
  language: Language,
  draw: number,
): string {
  const what = counted(object, 1, language);
  const where = place(placeOf(object), language);
  const neighbour = rest.length === 1 ? rest[0]! : null;
  const relation = neighbour && relationOf(object, neighbour);
  if (neighbour && relation && draw < 0.4) {
    if (language === 'zh') return `在${the([neighbour], 'zh')}的${RELATION_ZH[relation]}添加${what}`;
    const words: Record<Relation, string> = {
      'left of': 'to the left of',
      'right of': 'to the right of',
      above: 'above',
      below: 'below',
    };
    return `add ${what} ${words[relation]} ${the([neighbour], 'en')}`;
  }
  return phrase(
    [`add ${what} ${where}`, `put ${what} ${where}`],
    [`在${where}添加${what}`, `在${where}加${what}`],
    language,
    draw,
  );
}

/** The relation of a to b where they face each other in the canonical layout, else null. */
function relationOf(a: SceneObject, b: SceneObject): Relation | null {
  if (a.row === b.row && a.col !== b.col) return a.col < b.col ? 'left of' : 'right of';
  if (a.col === b.col && a.row !== b.row) return a.row < b.row ? 'above' : 'below';
  return null;
}

const removePhrase = (objects: readonly SceneObject[], language: Language, draw: number) =>
  phrase(
    [`remove ${the(objects, 'en')}`, `delete ${the(objects, 'en')}`, `take away ${the(objects, 'en')}`],
    [`移除${the(objects, 'zh')}`, `删除${the(objects, 'zh')}`, `去掉${the(objects, 'zh')}`],
    language,
    draw,
  );

const recolourPhrase = (
  objects: readonly SceneObject[],
  colourIndex: number | null,
  language: Language,
  draw: number,
) => {
  if (colourIndex === null)
    return language === 'en'
      ? `give ${the(objects, 'en')} ${objects.length > 1 ? 'their' : 'its'} own color`
      : `恢复${the(objects, 'zh')}本来的颜色`;
  const c = COLOURS[colourIndex]!;
  return phrase(
    [
      `make ${the(objects, 'en')} ${c.name}`,
      `change the color of ${the(objects, 'en')} to ${c.name}`,
      `turn ${the(objects, 'en')} ${c.name}`,
    ],
    [
      `把${the(objects, 'zh')}变成${c.zh}`,
      `把${the(objects, 'zh')}的颜色改成${c.zh}`,
      `让${the(objects, 'zh')}变成${c.zh}`,
    ],
    language,
    draw,
  );
};

function replacePhrase(from: readonly SceneObject[], to: Thing, language: Language, draw: number): string {
  const n = from.length;
  const what = n > 1 && language === 'en' ? plural(to, 'en') : counted(to, n, language);
  return phrase(
    [`replace ${the(from, 'en')} with ${what}`, `change ${the(from, 'en')} into ${what}`],
    [`把${the(from, 'zh')}换成${what}`, `将${the(from, 'zh')}替换为${what}`],
    language,
    draw,
  );
}

/** How the edits are worded; `draw` in [0, 1) chooses among the templates. */
interface Phrases {
  add(object: SceneObject, rest: readonly SceneObject[], draw: number): string;
  remove(objects: readonly SceneObject[], draw: number): string;
  recolour(objects: readonly SceneObject[], colourIndex: number | null, draw: number): string;
  replace(from: readonly SceneObject[], to: Thing, draw: number): string;
  move(object: SceneObject, to: Place): string;
  style(style: Style): string;
}

const templates = (language: Language): Phrases => ({
  add: (object, rest, draw) => addPhrase(object, rest, language, draw),
  remove: (objects, draw) => removePhrase(objects, language, draw),
  recolour: (objects, colourIndex, draw) => recolourPhrase(objects, colourIndex, language, draw),
  replace: (from, to, draw) => replacePhrase(from, to, language, draw),
  move: (object, to) =>
    language === 'en'
      ? `move ${the([object], 'en')} to the ${to}`
      : `把${the([object], 'zh')}移到${place(to, 'zh')}`,
  style: (style) =>
    language === 'en' ? `draw it in ${STYLE_NAMES[style].en}` : `画成${STYLE_NAMES[style].zh}`,
});

/** {t} what is there, {o} what comes, {p} a place, {c} a colour, {its} its or their, {s} a style. */
export const INSTRUCTIONS: Record<SingleEditKind | 'beside' | 'own colour', Record<Language, Pool>> = {
  add: {
    en: {
      free: [
        'add {o} {p}',
        'put {o} {p}',
        'place {o} {p}',
        'draw {o} {p}',
        'there should be {o} {p}',
        'please add {o} {p}',
        '{p}, add {o}',
        'insert {o} {p}',
        'can you add {o} {p}?',
      ],
      'held-out': ['please put {o} {p}', 'i want {o} {p}', 'can you place {o} {p}?'],
    },
    zh: {
      free: [
        '在{p}添加{o}',
        '在{p}加{o}',
        '{p}加上{o}',
        '请在{p}添加{o}',
        '在{p}放{o}',
        '在{p}画{o}',
        '把{o}放在{p}',
      ],
      'held-out': ['请在{p}放{o}', '在{p}加上{o}', '请在{p}画上{o}'],
    },
  },
  beside: {
    en: {
      free: [
        'add {o} {r} {t}',
        'put {o} {r} {t}',
        'place {o} {r} {t}',
        '{r} {t}, add {o}',
        'please add {o} {r} {t}',
      ],
      'held-out': ['please put {o} {r} {t}', 'draw {o} {r} {t}'],
    },
    zh: {
      free: ['在{t}的{r}添加{o}', '在{t}{r}加{o}', '{t}的{r}加上{o}', '请在{t}的{r}放{o}'],
      'held-out': ['请在{t}{r}添加{o}', '在{t}的{r}画{o}'],
    },
  },
  remove: {
    en: {
      free: [
        'remove {t}',
        'delete {t}',
        'take away {t}',
        'take {t} away',
        'get rid of {t}',
        'erase {t}',
        'please remove {t}',
        'take {t} out',
        'i do not want {t}',
        'make {t} disappear',
        'without {t}',
      ],
      'held-out': ['please get rid of {t}', 'please take {t} away', 'can you delete {t}?'],
    },
    zh: {
      free: [
        '移除{t}',
        '删除{t}',
        '去掉{t}',
        '把{t}去掉',
        '删掉{t}',
        '请移除{t}',
        '把{t}拿走',
        '不要{t}',
        '擦掉{t}',
        '把{t}删除',
      ],
      'held-out': ['请把{t}删掉', '请去掉{t}', '把{t}移除'],
    },
  },
  recolour: {
    en: {
      free: [
        'make {t} {c}',
        'change the color of {t} to {c}',
        'turn {t} {c}',
        'paint {t} {c}',
        'color {t} {c}',
        '{t} should be {c}',
        'please make {t} {c}',
        'change {t} to {c}',
        'i want {t} to be {c}',
        'let {t} be {c}',
        'give {t} a {c} color',
      ],
      'held-out': ['please paint {t} {c}', 'change the colour of {t} into {c}', 'can you make {t} {c}?'],
    },
    zh: {
      free: [
        '把{t}变成{c}',
        '把{t}的颜色改成{c}',
        '让{t}变成{c}',
        '把{t}涂成{c}',
        '将{t}改成{c}',
        '{t}改为{c}',
        '请把{t}变成{c}',
        '{t}要{c}的',
        '把{t}染成{c}',
      ],
      'held-out': ['请把{t}涂成{c}', '将{t}的颜色变成{c}', '请让{t}变成{c}的'],
    },
  },
  'own colour': {
    en: {
      free: [
        'give {t} {its} own color',
        'give {t} {its} own color back',
        'restore the color of {t}',
        'let {t} have {its} own color',
      ],
      'held-out': ['please restore the color of {t}', 'give back {t} {its} own color'],
    },
    zh: {
      free: ['恢复{t}本来的颜色', '把{t}恢复成本来的颜色', '让{t}恢复原来的颜色'],
      'held-out': ['请恢复{t}本来的颜色', '把{t}的颜色恢复'],
    },
  },
  replace: {
    en: {
      free: [
        'replace {t} with {o}',
        'change {t} into {o}',
        'swap {t} for {o}',
        'turn {t} into {o}',
        'put {o} in place of {t}',
        'instead of {t}, draw {o}',
        'i want {o} instead of {t}',
        'please replace {t} with {o}',
        'exchange {t} for {o}',
      ],
      'held-out': ['please change {t} into {o}', 'draw {o} instead of {t}', 'can you replace {t} by {o}?'],
    },
    zh: {
      free: [
        '把{t}换成{o}',
        '将{t}替换为{o}',
        '用{o}替换{t}',
        '把{t}变成{o}',
        '请把{t}换成{o}',
        '{t}换成{o}',
        '将{t}换为{o}',
        '用{o}代替{t}',
      ],
      'held-out': ['请用{o}代替{t}', '将{t}变为{o}', '请将{t}替换成{o}'],
    },
  },
  move: {
    en: {
      free: [
        'move {t} {p}',
        'put {t} {p}',
        'shift {t} {p}',
        'please move {t} {p}',
        'place {t} {p}',
        '{t} should be {p}',
        'move {t} so that it is {p}',
        'bring {t} {p}',
      ],
      'held-out': ['please put {t} {p}', 'i want {t} to be {p}', 'can you move {t} {p}?'],
    },
    zh: {
      free: [
        '把{t}移到{p}',
        '将{t}移动到{p}',
        '把{t}放到{p}',
        '让{t}到{p}去',
        '请把{t}移到{p}',
        '{t}移到{p}',
        '把{t}挪到{p}',
      ],
      'held-out': ['请将{t}放到{p}', '请把{t}挪到{p}', '让{t}移动到{p}'],
    },
  },
  style: {
    en: {
      free: [
        'draw it in {s}',
        'make it {s}',
        'change the style to {s}',
        'turn the picture into {s}',
        'in {s}, please',
        'use {s}',
        'redraw the picture in {s}',
        'i want it in {s}',
      ],
      'held-out': ['please draw everything in {s}', 'change the picture to {s}', 'can you draw it in {s}?'],
    },
    zh: {
      free: ['画成{s}', '改成{s}', '变成{s}', '用{s}重画', '把图片变成{s}', '请改成{s}', '换成{s}'],
      'held-out': ['请画成{s}', '把图片改成{s}', '请用{s}画'],
    },
  },
};

const freely = (language: Language, random: Random, wording: FreeWording): Phrases => {
  const say = (what: keyof typeof INSTRUCTIONS, values: Readonly<Record<string, string>>) =>
    fill(random.pick(INSTRUCTIONS[what][language][wording]), values);
  const theOnes = (objects: readonly SceneObject[]) => {
    const noun = freeNoun(objects[0]!.classIndex, objects.length > 1, language, random);
    return language === 'en' ? `the ${noun}` : noun;
  };
  const things = (thing: Thing, n: number) => freeThings(thing, n, language, random, wording);
  return {
    add(object, rest) {
      const o = things(object, 1);
      const relation = rest.length === 1 ? relationOf(object, rest[0]!) : null;
      if (relation && random.chance(0.4))
        return say('beside', { o, t: theOnes(rest), r: random.pick(SIDE_WORDS[relation][language]) });
      return say('add', { o, p: freePlace(placeOf(object), language, random) });
    },
    remove: (objects) => say('remove', { t: theOnes(objects) }),
    recolour: (objects, colourIndex) =>
      colourIndex === null
        ? say('own colour', { t: theOnes(objects), its: objects.length > 1 ? 'their' : 'its' })
        : say('recolour', {
            t: theOnes(objects),
            c: language === 'en' ? COLOURS[colourIndex]!.name : COLOURS[colourIndex]!.zh,
          }),
    replace: (from, to) => say('replace', { t: theOnes(from), o: things(to, from.length) }),
    move(object, to) {
      const p = freePlace(to, language, random);
      return say('move', {
        t: theOnes([object]),
        p: language === 'en' && random.chance(0.5) ? `to the ${to}` : p,
      });
    },
    style: (style) => say('style', { s: STYLE_NAMES[style][language] }),
  };
};

/** Both halves of an instruction with two edits. */
export const BOTH: Record<Language, Pool> = {
  en: {
    free: ['{a} and {b}', '{a}, then {b}', '{a} and then {b}', '{a}, and {b}', '{a}. {b}', '{a}; also {b}'],
    'held-out': ['{a}; then {b}', 'first {a} and then {b}', '{a} and also {b}'],
  },
  zh: {
    free: ['{a}，{b}', '{a}，并{b}', '{a}，然后{b}', '{a}，再{b}', '{a}。{b}', '{a}，还要{b}'],
    'held-out': ['先{a}，然后{b}', '{a}，并且{b}', '{a}，最后{b}'],
  },
};

/**
 * Two edits in one instruction, the second of what the first leaves; or null where the scene gives no occasion.
 * The reverse takes them back in the other order. Two edits that undo each other are none.
 */
export function twoEdits(
  scene: Scene,
  kinds: readonly [SingleEditKind, SingleEditKind],
  language: Language,
  random: Random,
  split: Split,
  wording: FreeWording,
): Edit | null {
  const words = () => (random.chance(0.4) ? 'template' : wording);
  const first = edit(scene, kinds[0], language, random, split, words());
  const second = first && edit(first.target, kinds[1], language, random, split, words());
  if (!second || sameScene(scene, second.target) || sameScene(first.target, second.target)) return null;
  const both = (a: string, b: string) =>
    fill(random.pick(BOTH[language][wording]), { a: a.replace(/[?？]$/, ''), b });
  return {
    kind: 'several',
    language,
    source: scene,
    target: second.target,
    instruction: both(first.instruction, second.instruction),
    reverse: both(second.reverse, first.reverse),
  };
}

const sameScene = (a: Scene, b: Scene): boolean => {
  const text = ({ style, objects }: Scene) =>
    style +
    objects
      .map(({ classIndex, colourIndex, row, col, side }) => [classIndex, colourIndex, row, col, side].join())
      .sort()
      .join(';');
  return text(a) === text(b);
};

/**
 * An edit of a kind of a scene, with its target and reverse, or null where the scene gives no occasion.
 * What the edit does not name stays exactly as it is.
 */
export function edit(
  scene: Scene,
  kind: SingleEditKind,
  language: Language,
  random: Random,
  split: Split,
  wording: Wording = 'template',
): Edit | null {
  const { objects } = scene;
  const draw = random.float();
  const reverseDraw = random.float();
  const say = wording === 'template' ? templates(language) : freely(language, random, wording);
  const made = (target: Scene, instruction: string, reverse: string): Edit => ({
    kind,
    language,
    source: scene,
    target,
    instruction,
    reverse,
  });
  const others = (chosen: readonly SceneObject[]) => objects.filter((o) => !chosen.includes(o));
  const group = () => {
    const first = random.pick(objects);
    return objects.filter((o) => o.classIndex === first.classIndex);
  };
  switch (kind) {
    case 'add': {
      if (objects.length > 3 || objects.some((o) => o.side !== SMALL)) return null;
      const taken = objects.map(placeOf);
      const free = PLACE_NAMES.filter((p: Place) => !taken.some((t) => overlaps(t, p)));
      if (free.length === 0) return null;
      const thing = randomThing(random, split, 0.5);
      if (objects.some((o) => o.classIndex === thing.classIndex)) return null;
      const added = at(thing, random.pick(free));
      return made(
        { ...scene, objects: [...objects, added] },
        say.add(added, objects, draw),
        say.remove([added], reverseDraw),
      );
    }
    case 'remove': {
      const chosen = group();
      if (chosen.length !== 1 || objects.length < 2) return null;
      const rest = others(chosen);
      return made(
        { ...scene, objects: rest },
        say.remove(chosen, draw),
        say.add(chosen[0]!, rest, reverseDraw),
      );
    }
    case 'replace': {
      const chosen = group();
      const thing = randomThing(random, split, 0.4);
      if (objects.some((o) => o.classIndex === thing.classIndex)) return null;
      const target = objects.map((o) => (chosen.includes(o) ? { ...o, ...thing } : o));
      const now = target.filter((o) => o.classIndex === thing.classIndex);
      return made(
        { ...scene, objects: target },
        say.replace(chosen, thing, draw),
        say.replace(now, chosen[0]!, reverseDraw),
      );
    }
    case 'recolour': {
      const chosen = group();
      const before = chosen[0]!.colourIndex;
      const colourIndex = random.int(COLOURS.length);
      if (colourIndex === before) return null;
      if (split === 'train' && isHeldOutPair(chosen[0]!.classIndex, colourIndex)) return null;
      return made(
        { ...scene, objects: objects.map((o) => (chosen.includes(o) ? { ...o, colourIndex } : o)) },
        say.recolour(chosen, colourIndex, draw),
        say.recolour(chosen, before, reverseDraw),
      );
    }
    case 'move': {
      const chosen = group();
      const moved = chosen[0]!;
      if (chosen.length !== 1 || moved.side !== SMALL) return null;
      const rest = others(chosen);
      const free = PLACE_NAMES.filter(
        (p) => PLACES[p] !== PLACES[placeOf(moved)] && !rest.some((o) => overlaps(placeOf(o), p)),
      );
      if (free.length === 0) return null;
      const target = { ...at(moved, random.pick(free)), jitter: moved.jitter };
      return made(
        { ...scene, objects: objects.map((o) => (o === moved ? target : o)) },
        say.move(moved, placeOf(target)),
        say.move(target, placeOf(moved)),
      );
    }
    case 'style': {
      const style = random.pick(STYLES.filter((s) => s !== scene.style));
      // What the project draws itself looks the same in every style.
      if (objects.every((o) => CLASSES[o.classIndex]!.icon === null)) return null;
      return made({ ...scene, style }, say.style(style), say.style(scene.style));
    }
  }
}

/** "a dog and two apples": what a scene holds, as the caption of an edit's target. */
export function describe(scene: Scene, language: Language): string {
  const seen = new Map<string, { thing: Thing; n: number }>();
  for (const o of scene.objects) {
    const key = `${o.classIndex}/${o.colourIndex}`;
    const known = seen.get(key);
    if (known) known.n += 1;
    else seen.set(key, { thing: o, n: 1 });
  }
  return list(
    [...seen.values()].map(({ thing, n }) => counted(thing, n, language)),
    language,
  );
}
