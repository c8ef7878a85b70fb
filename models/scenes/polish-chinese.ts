import { COLOURS } from './classes';
import { counted, list, place, RELATION_ZH } from './language';
import {
  CHINESE_COLOURS,
  CHINESE_MEASURES,
  CHINESE_NOUNS,
  CHINESE_PLACES,
  CHINESE_RELATIONS,
} from './polish-words';

/** Wordings around the content that training has. */
const FORMS: readonly (readonly [RegExp, (content: string) => string])[] = [
  [/^一张(.+)的照片$/u, (content) => `一张${content}的照片`],
  [/^一张(.+)的图片$/u, (content) => `一张${content}的图片`],
  [/^(.+)的照片$/u, (content) => `${content}的照片`],
];
const OTHER_FORM = /^(?:(?:一张|一幅|一个)?)(.+)的(?:图片|图像|相片|图|画)$/u;
const COMMAND = /^(?:请)?(?:给我|帮我|为我)?(?:画出|画|生成|制作|创建|来)/u;
const SEPARATOR = /(\s*(?:[、，,；;&+]|以及|还有|和|与|跟|及)\s*|\s+)/u;

const DIGITS: Readonly<Record<string, number>> = {
  ...{ '1': 1, '2': 2, '3': 3, '4': 4, '１': 1, '２': 2, '３': 3, '４': 4 },
  ...{ 一: 1, 二: 2, 两: 2, 俩: 2, 三: 3, 四: 4 },
};

interface Phrase {
  text: string;
  next: number;
}

export function polishChinese(prompt: string): string {
  const asked = prompt
    .trim()
    .replace(/[。.！!\s]+$/u, '')
    .replace(COMMAND, '');
  const forms = FORMS.flatMap(([form, write]) => {
    const content = form.exec(asked)?.[1];
    const polished = content === undefined ? null : polishContent(content);
    return polished === null ? [] : [{ content, polished, write }];
  });
  // 一张床的照片 is "a photo of bed" and "photo of a bed": the latter has the form.
  const found = forms.find(({ content, polished }) => content === polished) ?? forms[0];
  if (found) return found.write(found.polished);
  const content = OTHER_FORM.exec(asked)?.[1] ?? asked;
  const polished = polishContent(content);
  return polished === null ? prompt : `一张${polished}的照片`;
}

/** Null where nothing of it is known. */
function polishContent(content: string): string | null {
  // Odd entries are the separators.
  const pieces = content.split(SEPARATOR);
  const parts: string[] = [];
  let original = '';
  let unknown = false;
  for (const [i, piece] of pieces.entries()) {
    const known = i % 2 === 0 ? phrasesOf(piece) : null;
    if (known) parts.push(...known);
    else if (i % 2 === 0 && piece !== '') unknown = true;
    original += known ? list(known, 'zh') : piece;
  }
  if (parts.length === 0) return null;
  return unknown ? original.trim() : list(parts, 'zh');
}

/** The things of a piece without separators, each with where it is; null when something in it is not known. */
function phrasesOf(piece: string): string[] | null {
  const phrases: string[] = [];
  for (let at = 0; at < piece.length;) {
    const phrase = placedAt(piece, at) ?? thingWithPlaceAt(piece, at);
    if (!phrase) return null;
    phrases.push(phrase.text);
    at = phrase.next;
  }
  return phrases.length > 0 ? phrases : null;
}

/** "左上角有一个苹果" */
function placedAt(text: string, at: number): Phrase | null {
  const from = text.startsWith('在', at) ? at + 1 : at;
  const where = startOf(CHINESE_PLACES, text, from);
  if (!where) return null;
  const [wording, name] = where;
  const after = from + wording.length;
  const verb = ['有', '是', '的'].find((word) => text.startsWith(word, after)) ?? '';
  const thing = thingAt(text, after + verb.length);
  return thing && { text: `${place(name, 'zh')}有${thing.text}`, next: thing.next };
}

/** "一个苹果", "一个苹果在左上角", "猫在沙发上" */
function thingWithPlaceAt(text: string, at: number): Phrase | null {
  const thing = thingAt(text, at);
  if (!thing) return null;
  const verb = ['位于', '放在', '在'].find((word) => text.startsWith(word, thing.next));
  if (!verb) return thing;
  const from = thing.next + verb.length;
  const object = thingAt(text, from);
  if (object) {
    const after = object.next + (text.startsWith('的', object.next) ? 1 : 0);
    const side = startOf(CHINESE_RELATIONS, text, after);
    if (!side) return null;
    return { text: `${thing.text}在${object.text}${RELATION_ZH[side[1]]}`, next: after + side[0].length };
  }
  const where = startOf(CHINESE_PLACES, text, from);
  return where && { text: `${thing.text}在${place(where[1], 'zh')}`, next: from + where[0].length };
}

/** "2红苹果" as "两个红色的苹果". */
function thingAt(text: string, at: number): Phrase | null {
  if (text.startsWith('一对', at)) {
    const pair = nounAfter(text, at + 2, 2);
    if (pair) return pair;
  }
  // Before a number: 三明治 is no three of anything.
  const one = nounAfter(text, at, 1);
  const n = DIGITS[text[at] ?? ''];
  if (one || n === undefined) return one;
  const after = at + 1;
  const measure = CHINESE_MEASURES.find((word) => text.startsWith(word, after));
  // 一碗 is "a bowl", not a measure without its noun.
  return (measure ? nounAfter(text, after + measure.length, n) : null) ?? nounAfter(text, after, n);
}

function nounAfter(text: string, at: number, n: number): Phrase | null {
  const noun = startOf(CHINESE_NOUNS, text, at);
  if (noun) {
    const thing = { classIndex: noun[1], colourIndex: null };
    return { text: counted(thing, n, 'zh'), next: at + noun[0].length };
  }
  for (const [wording, name] of CHINESE_COLOURS) {
    if (!text.startsWith(wording, at)) continue;
    const coloured = startOf(CHINESE_NOUNS, text, at + wording.length);
    if (!coloured) continue;
    const thing = { classIndex: coloured[1], colourIndex: COLOURS.findIndex(({ zh }) => zh === name) };
    return { text: counted(thing, n, 'zh'), next: at + wording.length + coloured[0].length };
  }
  return null;
}

/** The first entry that the text goes on with: tables have the longest first. */
function startOf<T>(
  table: readonly (readonly [string, T])[],
  text: string,
  at: number,
): readonly [string, T] | null {
  return table.find(([wording]) => text.startsWith(wording, at)) ?? null;
}
