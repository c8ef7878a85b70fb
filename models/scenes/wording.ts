import type { CaptionKind } from './captions';
import { CLASSES, COLOURS } from './classes';
import { article, bare, list, NUMBERS, place, plural, RELATION_PLACES, RELATIONS } from './language';
import type { Language, Relation } from './language';
import {
  CHINESE_NOUNS,
  CHINESE_PLACES,
  ENGLISH_COLOURS,
  ENGLISH_NOUNS,
  ENGLISH_PLACES,
} from './polish-words';
import type { Random } from './random';
import { arrange, placeOf, PLACES, type Place, type Scene, type SceneObject, type Thing } from './scene';

/**
 * How people word what the templates word in one way: synonyms, other orders, clauses. `free` is what training reads
 * beside the templates; `held-out` is made of phrasings that training never shows, and measures whether wording was
 * understood or learned by heart. Both use the same words for things, colours and places.
 */
export type Wording = 'template' | 'free' | 'held-out';
export type FreeWording = Exclude<Wording, 'template'>;

/** The phrasings of training, and those that are kept from it. */
export type Pool = Readonly<Record<FreeWording, readonly string[]>>;

const synonymsOf = (entries: Iterable<readonly [string, number]>): ReadonlyMap<number, readonly string[]> => {
  const found = new Map<number, string[]>();
  for (const [name, classIndex] of entries) found.set(classIndex, [...(found.get(classIndex) ?? []), name]);
  return found;
};
/** Compounds with hyphens or written as one are spelling, not synonyms. */
const asOne = new Set(
  [...ENGLISH_NOUNS.keys()].filter((name) => name.includes(' ')).map((name) => name.replaceAll(' ', '')),
);
const spelled = [...ENGLISH_NOUNS].filter(([name]) => !name.includes('-') && !asOne.has(name));
const ENGLISH_ONE = synonymsOf(
  spelled.filter(([, noun]) => noun.number === 'one').map(([name, noun]) => [name, noun.classIndex]),
);
const ENGLISH_MANY = synonymsOf(
  spelled.filter(([, noun]) => noun.number === 'many').map(([name, noun]) => [name, noun.classIndex]),
);
const CHINESE = synonymsOf(CHINESE_NOUNS);
const SHADES = synonymsOf(
  [...ENGLISH_COLOURS].map(([word, name]) => [word, COLOURS.findIndex((c) => c.name === name)]),
);

/** How often a thing has another name than its own, and a colour another shade of its name. */
const OTHER_NAME = 0.35;
const OTHER_SHADE = 0.12;

/** "the dogs" without its article; own names and their synonyms. */
export function freeNoun(classIndex: number, many: boolean, language: Language, random: Random): string {
  const own = { classIndex, colourIndex: null };
  if (!random.chance(OTHER_NAME)) return many ? plural(own, language) : bare(own, language);
  const names = language === 'zh' ? CHINESE : many ? ENGLISH_MANY : ENGLISH_ONE;
  return random.pick(names.get(classIndex) ?? [many ? plural(own, language) : bare(own, language)]);
}

const COUNTED: Readonly<Record<number, readonly string[]>> = {
  2: ['two', '2', 'a pair of', 'a couple of', 'exactly two'],
  3: ['three', '3', 'exactly three'],
  4: ['four', '4', 'exactly four'],
};

/** n things of a kind, "a couple of red bikes", "2辆红单车". */
export function freeThings(
  thing: Thing,
  n: number,
  language: Language,
  random: Random,
  wording: FreeWording,
): string {
  const noun = freeNoun(thing.classIndex, n > 1, language, random);
  const c = thing.colourIndex === null ? null : COLOURS[thing.colourIndex]!;
  if (language === 'zh') {
    const count = random.chance(0.25) && n > 1 ? String(n) : NUMBERS.zh[n]!;
    const measure = random.chance(0.15) ? '个' : CLASSES[thing.classIndex]!.measure;
    const stem = c?.zh.slice(0, -1);
    const colour = c ? random.pick([`${c.zh}的`, `${c.zh}的`, `${stem}的`, c.zh]) : '';
    return random.chance(0.08) && n === 1 ? `${colour}${noun}` : `${count}${measure}${colour}${noun}`;
  }
  const shade = c && (random.chance(OTHER_SHADE) ? random.pick(SHADES.get(thing.colourIndex!)!) : c.name);
  const be = n > 1 ? 'are' : 'is';
  let phrase = noun;
  if (shade) {
    const forms: readonly string[] =
      wording === 'held-out'
        ? [`${shade} ${noun}`, `${noun} colored ${shade}`, `${noun} which ${be} ${shade}`]
        : [
            `${shade} ${noun}`,
            `${shade} ${noun}`,
            `${shade} ${noun}`,
            `${noun} that ${be} ${shade}`,
            `${shade}-colored ${noun}`,
            `${noun} in ${shade}`,
            `${shade} colored ${noun}`,
            `${noun} of ${shade} color`,
            `${noun} painted ${shade}`,
          ];
    phrase = random.pick(forms);
  }
  if (n > 1) return `${random.pick(COUNTED[n]!)} ${phrase}`;
  return random.chance(0.08) ? phrase : `${random.chance(0.1) ? 'one' : article(phrase)} ${phrase}`;
}

export const AND: Record<Language, Pool> = {
  en: {
    free: [
      '{a} and {b}',
      '{a} with {b}',
      '{a} next to {b}',
      '{a} beside {b}',
      '{a} together with {b}',
      '{a}, {b}',
      'both {a} and {b}',
      '{a} as well as {b}',
      '{a}, then {b}',
      '{a} and then {b}',
      '{a} & {b}',
      '{a} alongside {b}',
      '{a} and {b} too',
    ],
    'held-out': ['{a} along with {b}', '{a} plus {b}', '{a} and also {b}'],
  },
  zh: {
    free: [
      '{a}和{b}',
      '{a}与{b}',
      '{a}、{b}',
      '{a}跟{b}',
      '{a}，{b}',
      '{a}及{b}',
      '{a}，还要{b}',
      '{a}，再加{b}',
      '{a}并且有{b}',
    ],
    'held-out': ['{a}以及{b}', '{a}还有{b}'],
  },
};

const SIDE: Record<Relation, { of: readonly string[]; its: string; held: string; zh: readonly string[] }> = {
  'left of': {
    of: ['left of', 'to the left of', 'on the left of', 'on the left side of'],
    its: 'to its left',
    held: 'at the left of',
    zh: ['左边', '左侧', '左面'],
  },
  'right of': {
    of: ['right of', 'to the right of', 'on the right of', 'on the right side of'],
    its: 'to its right',
    held: 'at the right of',
    zh: ['右边', '右侧', '右面'],
  },
  above: {
    of: ['above', 'over', 'on top of'],
    its: 'above it',
    held: 'up above',
    zh: ['上面', '上方', '上边'],
  },
  below: {
    of: ['below', 'under', 'beneath', 'underneath'],
    its: 'below it',
    held: 'down below',
    zh: ['下面', '下方', '下边'],
  },
};
/** Words for the relations inside a sentence. */
export const SIDE_WORDS: Readonly<Record<Relation, Record<Language, readonly string[]>>> = {
  'left of': { en: SIDE['left of'].of, zh: SIDE['left of'].zh },
  'right of': { en: SIDE['right of'].of, zh: SIDE['right of'].zh },
  above: { en: SIDE.above.of, zh: SIDE.above.zh },
  below: { en: SIDE.below.of, zh: SIDE.below.zh },
};
const OPPOSITE: Record<Relation, Relation> = {
  'left of': 'right of',
  'right of': 'left of',
  above: 'below',
  below: 'above',
};

/** "a dog to the left of a cat", or the other way round with the same meaning. */
export function freeRelation(
  a: string,
  relation: Relation,
  b: string,
  language: Language,
  random: Random,
  wording: FreeWording,
): string {
  const { of, its, held, zh } = SIDE[relation];
  const other = SIDE[OPPOSITE[relation]];
  if (language === 'zh') {
    const side = random.pick(zh);
    return random.pick(
      wording === 'held-out'
        ? [`${a}处于${b}的${side}`, `在${b}的${side}有${a}`]
        : [
            `${a}在${b}的${side}`,
            `${a}在${b}${side}`,
            `${b}的${side}有${a}`,
            `${b}${side}是${a}`,
            `${a}位于${b}的${side}`,
            `${b}的${side}是${a}`,
            `${a}放在${b}的${side}`,
            `在${b}${side}的${a}`,
          ],
    );
  }
  return random.pick(
    wording === 'held-out'
      ? [`${a} ${held} ${b}`, `${b} that has ${a} ${its}`, `${b} which is ${random.pick(other.of)} ${a}`]
      : [
          `${a} ${random.pick(of)} ${b}`,
          `${a} ${random.pick(of)} ${b}`,
          `${a} that is ${random.pick(of)} ${b}`,
          `${b} with ${a} ${its}`,
          `${b} and ${a} ${its}`,
          `${b}, ${its} ${a}`,
          `${a} placed ${random.pick(of)} ${b}`,
          `${a} which sits ${random.pick(of)} ${b}`,
          `${b} has ${a} ${its}`,
          `${b} ${random.pick(other.of)} ${a}`,
        ],
  );
}

const placeWords = (entries: readonly (readonly [string, Place])[], p: Place) =>
  entries.filter(([, name]) => name === p).map(([word]) => word);

/** "in the upper left corner", "左上方". */
export function freePlace(p: Place, language: Language, random: Random): string {
  if (language === 'zh') return random.pick(placeWords(CHINESE_PLACES, p));
  if (random.chance(0.4)) return place(p, 'en');
  const word = random.pick(placeWords(ENGLISH_PLACES, p));
  if (p === 'center') return `in the ${word}`;
  if (p.includes(' ')) return random.pick([`in the ${word} corner`, `at the ${word}`, `in the ${word}`]);
  return p === 'left' || p === 'right'
    ? random.pick([`on the ${word} side`, `on the ${word}`, `at the ${word}`])
    : random.pick([`at the ${word}`, `on the ${word}`, `in the ${word} part`]);
}

export const PICTURES: Record<Language, Pool> = {
  en: {
    free: [
      'a photo of {}',
      'a photo of {}',
      'a picture of {}',
      'an image of {}',
      '{}',
      '{}',
      'draw {}',
      'please draw {}',
      'show me {}',
      'paint {}',
      'make a picture of {}',
      'i want to see {}',
      'a drawing of {}',
      'create an image with {}',
      'there is {}',
      '{}, please',
      'can you draw {}?',
      'an illustration showing {}',
      'a photo with {}',
      'a picture that has {}',
      'a photo in which you see {}',
      'an image where there is {}',
      'generate {}',
      'give me {}',
      'give me a photo of {}',
      'i would like a picture of {}',
      'i want {}',
      'let me see {}',
      'make {} for me',
      'could you paint {}?',
      'please show me {}',
      'please create a photo with {}',
      'paint a scene with {}',
    ],
    'held-out': [
      'please make an image of {}',
      'i want a drawing with {}',
      'can you show me {}?',
      'create {} for me',
      'a photo in which there is {}',
      'paint me a picture of {}',
    ],
  },
  zh: {
    free: [
      '一张{}的照片',
      '一张{}的照片',
      '一张{}的图片',
      '{}',
      '{}',
      '{}的照片',
      '画{}',
      '请画{}',
      '生成一张{}的图片',
      '帮我画{}',
      '我想看{}',
      '图中有{}',
      '{}的图像',
      '能画{}吗？',
      '请给我画{}',
      '生成{}',
      '画一张{}的图片',
      '我要一张{}的图片',
      '我想要{}',
      '给我看{}',
      '来一张{}的照片',
      '请画一张有{}的图',
      '一幅{}的画',
      '照片里有{}',
    ],
    'held-out': ['请帮我画{}', '我想要一张{}的照片', '请生成{}', '一张有{}的图片', '能给我看{}吗？'],
  },
};

export const STYLED: Record<Language, Pool> = {
  en: { free: ['{} in {s}', '{}, {s}', 'in {s}, {}'], 'held-out': ['{} drawn in {s}'] },
  zh: { free: ['{s}的{}', '{}，{s}', '用{s}画{}'], 'held-out': ['{}，请用{s}'] },
};

export const STYLE_NAMES = {
  noto: { en: 'a shaded style', zh: '有明暗的风格' },
  'fluent-emoji-flat': { en: 'a flat style', zh: '扁平风格' },
  twemoji: { en: 'a simple style', zh: '简约风格' },
} as const;

/** A phrasing with its gaps filled; each gap is named in braces. */
export const fill = (template: string, values: Readonly<Record<string, string>>) =>
  template.replace(/\{(\w*)\}/g, (_, name: string) => values[name]!);

/** Joins by the pools' ways of saying "and". */
function freeList(
  parts: readonly string[],
  language: Language,
  random: Random,
  wording: FreeWording,
): string {
  if (parts.length === 2) return fill(random.pick(AND[language][wording]), { a: parts[0]!, b: parts[1]! });
  return list(parts, language);
}

const canonical = (objects: readonly SceneObject[]) =>
  arrange(objects).every((o, i) => o.row === objects[i]!.row && o.col === objects[i]!.col);

/** The relation whose places two objects have. */
const relationOf = ([a, b]: readonly SceneObject[]): Relation =>
  RELATIONS.find((r) => {
    const [first, second] = RELATION_PLACES[r];
    return PLACES[first] === PLACES[placeOf(a!)] && PLACES[second] === PLACES[placeOf(b!)];
  })!;

/** A caption of a scene of a kind (captions.ts) as somebody might word it. */
export function freeCaption(
  { objects, style }: Scene,
  kind: CaptionKind,
  language: Language,
  random: Random,
  wording: FreeWording,
): string {
  const one = (o: Thing) => freeThings(o, 1, language, random, wording);
  let content: string;
  if (kind === 'counting') content = freeThings(objects[0]!, objects.length, language, random, wording);
  else if (kind === 'position')
    content = freeRelation(
      one(objects[0]!),
      relationOf(objects),
      one(objects[1]!),
      language,
      random,
      wording,
    );
  else if (canonical(objects)) content = freeList(objects.map(one), language, random, wording);
  else {
    const first = random.chance(0.3);
    const en = first ? (random.chance(0.4) ? '{p} there is {o}' : '{p} {o}') : '{o} {p}';
    const zh = first ? '{p}有{o}' : random.chance(0.5) ? '{o}在{p}' : '{p}是{o}';
    content = list(
      objects.map((o) =>
        fill(language === 'en' ? en : zh, { o: one(o), p: freePlace(placeOf(o), language, random) }),
      ),
      language,
    );
  }
  const caption = fill(random.pick(PICTURES[language][wording]), { '': content });
  return style === 'noto'
    ? caption
    : fill(random.pick(STYLED[language][wording]), { '': caption, s: STYLE_NAMES[style][language] });
}
