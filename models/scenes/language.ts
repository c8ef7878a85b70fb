import { CLASSES, COLOURS, genevalPlural } from './classes';
import type { Place, Thing } from './scene';

/** Words and phrases of the two languages, without knowledge of scenes. */

export type Language = 'en' | 'zh';

export const NUMBERS: Record<Language, readonly string[]> = {
  en: ['zero', 'one', 'two', 'three', 'four'],
  zh: ['零', '一', '两', '三', '四'],
};

const PLACE_ZH: Record<Place, string> = {
  'top left': '左上角',
  top: '上方',
  'top right': '右上角',
  left: '左边',
  center: '中间',
  right: '右边',
  'bottom left': '左下角',
  bottom: '下方',
  'bottom right': '右下角',
};

export const place = (p: Place, language: Language): string => {
  if (language === 'zh') return PLACE_ZH[p];
  if (p === 'left' || p === 'right') return `on the ${p}`;
  if (p === 'center') return 'in the center';
  return `at the ${p}`;
};

export const RELATIONS = ['left of', 'right of', 'above', 'below'] as const;
export type Relation = (typeof RELATIONS)[number];
export const RELATION_ZH: Record<Relation, string> = {
  'left of': '左边',
  'right of': '右边',
  above: '上面',
  below: '下面',
};
/** The places of subject and object of a relation. */
export const RELATION_PLACES: Record<Relation, readonly [Place, Place]> = {
  'left of': ['left', 'right'],
  'right of': ['right', 'left'],
  above: ['top', 'bottom'],
  below: ['bottom', 'top'],
};

export const article = (phrase: string): string => (/^[aeiou]/.test(phrase) ? 'an' : 'a');

const entry = (thing: Thing) => CLASSES[thing.classIndex]!;
const colour = (thing: Thing) => (thing.colourIndex === null ? null : COLOURS[thing.colourIndex]!);

/** "red apple", "红色的苹果": no number, no article. */
export function bare(thing: Thing, language: Language): string {
  const c = colour(thing);
  if (language === 'en') return c ? `${c.name} ${entry(thing).name}` : entry(thing).name;
  return c ? `${c.zh}的${entry(thing).zh}` : entry(thing).zh;
}

/** "red apples"; Chinese nouns have no plural. */
export function plural(thing: Thing, language: Language, geneval = false): string {
  if (language === 'zh') return bare(thing, 'zh');
  const c = colour(thing);
  const noun = geneval ? genevalPlural(entry(thing).name) : entry(thing).plural;
  return c ? `${c.name} ${noun}` : noun;
}

/** "a red apple", "两个红色的苹果". */
export function counted(thing: Thing, n: number, language: Language, geneval = false): string {
  if (language === 'zh') return `${NUMBERS.zh[n]}${entry(thing).measure}${bare(thing, 'zh')}`;
  if (n === 1) return `${article(bare(thing, 'en'))} ${bare(thing, 'en')}`;
  return `${NUMBERS.en[n]} ${plural(thing, 'en', geneval)}`;
}

/** "a, b and c". */
export function list(parts: readonly string[], language: Language): string {
  if (parts.length <= 1) return parts.join('');
  const last = parts[parts.length - 1]!;
  const first = parts.slice(0, -1);
  return language === 'en' ? `${first.join(', ')} and ${last}` : `${first.join('、')}和${last}`;
}
