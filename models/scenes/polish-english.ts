import { CLASSES } from './classes';
import { article, list, NUMBERS, place } from './language';
import {
  ENGLISH_COLOURS,
  ENGLISH_FUNCTION_WORDS,
  ENGLISH_NOUNS,
  ENGLISH_PLACES,
  ENGLISH_RELATIONS,
  LONGEST_NOUN,
  type EnglishNoun,
} from './polish-words';

/** Beginnings that training has; others become the first. */
const BEGINNINGS = ['a photo of ', 'a picture of ', 'an image of '];
const BEGINNING =
  /^(?:(?:a|an|the|one)\s+)?(?:photo|picture|image|photograph|pic|drawing|illustration)s?\s+(?:of|with)\s+/i;
const COMMAND = /^(?:please\s+)?(?:draw|paint|generate|create|make|show|render|give)\s+(?:me\s+|us\s+)?/i;

/** Words before a thing that say how many; null leaves it to the noun. */
const COUNTS: ReadonlyMap<string, number | null> = new Map<string, number | null>([
  ...['a', 'an', 'one', '1', 'single', 'a single', 'one single'].map((word) => [word, 1] as const),
  ...['two', '2', 'a pair of', 'pair of', 'a couple of', 'couple of'].map((word) => [word, 2] as const),
  ...['three', '3'].map((word) => [word, 3] as const),
  ...['four', '4'].map((word) => [word, 4] as const),
  ...['the', 'some', 'my', 'this', 'that', 'these', 'those'].map((word) => [word, null] as const),
]);
/** Numbers that the world has not: they stay, and so does the noun's number. */
const OTHER_COUNT =
  /^(?:\d+|no|without|zero|five|six|seven|eight|nine|ten|eleven|twelve|many|several|few|lots)$/;
const SEPARATORS = new Set([',', ';', '&', '+', 'and', 'plus']);
/** More adjectives than that are a sentence. */
const MOST_ADJECTIVES = 4;

interface Phrase {
  text: string;
  /** The word after it. */
  next: number;
}

interface Part {
  words: string[];
  /** What stood between it and the one before. */
  separator: string;
  things: number;
  beginsWithPlace: boolean;
  last: 'thing' | 'place' | 'word' | null;
}

export function polishEnglish(prompt: string): string {
  const plain = prompt.trim().replace(/\s+/g, ' ');
  const asked = plain.replace(COMMAND, '');
  const beginning = BEGINNING.exec(asked)?.[0] ?? '';
  const content = asked.slice(beginning.length).replace(/[\s.!]+$/, '');
  const polished = polishContent(content);
  if (polished === null) return prompt;
  const kept = BEGINNINGS.includes(beginning) ? beginning : BEGINNINGS[0]!;
  return kept + polished;
}

/** Null where nothing of it is known. */
function polishContent(content: string): string | null {
  const words = content.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*|[^\s\p{L}\p{N}]+/gu) ?? [];
  const parts: Part[] = [];
  const begin = (separator: string): Part => {
    const part: Part = { words: [], separator, things: 0, beginsWithPlace: false, last: null };
    parts.push(part);
    return part;
  };
  let part = begin('');
  for (let i = 0; i < words.length;) {
    const word = words[i]!;
    if (SEPARATORS.has(word.toLowerCase())) {
      const separator = /^\p{L}/u.test(word)
        ? ` ${word} `
        : word === '&' || word === '+'
          ? ` ${word} `
          : `${word} `;
      if (part.words.length > 0) part = begin(separator);
      else if (parts.length > 1) part.separator = part.separator.trimEnd() + separator;
      i++;
      continue;
    }
    const relation = part.last === 'thing' ? relationAt(words, i) : null;
    if (relation) {
      part.words.push(relation.text);
      part.things++;
      i = relation.next;
      continue;
    }
    const where = placeAt(words, i);
    if (where) {
      if (part.beginsWithPlace && part.things > 0) part = begin(' and ');
      part.beginsWithPlace ||= part.words.length === 0;
      part.words.push(where.text);
      part.last = 'place';
      i = where.next;
      continue;
    }
    const thing = thingAt(words, i, part.last !== 'word' && part.last !== 'thing');
    if (thing) {
      // Two things in a row are a list without its commas.
      if (part.last === 'thing' || (part.last === 'place' && part.things > 0)) part = begin(' and ');
      part.words.push(thing.text);
      part.things++;
      part.last = 'thing';
      i = thing.next;
      continue;
    }
    part.words.push(word);
    part.last = 'word';
    i++;
  }
  const full = parts.filter(({ words: own }) => own.length > 0);
  if (full.every(({ things }) => things === 0)) return null;
  const texts = full.map(({ words: own }) => own.join(' ').replace(/ ([.:!?)]+)/g, '$1'));
  if (full.every(({ things }) => things > 0)) return list(texts, 'en');
  return full.map(({ separator }, i) => (i === 0 ? '' : separator) + texts[i]).join('');
}

/** "2 red apples" at word i, as "two red apples". `open`: unknown words may be adjectives of what follows. */
function thingAt(words: readonly string[], i: number, open: boolean): Phrase | null {
  const counted = countAt(words, i);
  const from = counted?.next ?? i;
  const found = nounAfter(words, from, open || counted !== null, MOST_ADJECTIVES);
  if (!found) return null;
  const { noun, adjectives, surface, next } = found;
  const { name, plural } = CLASSES[noun.classIndex]!;
  const before = adjectives.map((word) => `${word} `).join('');
  if (counted?.other !== undefined) {
    const many = noun.number !== 'one';
    return { text: `${counted.other} ${before}${many ? (noun.plural ?? plural) : name}`, next };
  }
  // A pair of scissors is one thing.
  const pair = words.slice(i, from).includes('pair') && noun.number === 'either';
  const n = pair ? 1 : (counted?.n ?? (noun.number === 'many' ? 2 : 1));
  if (n > 1) {
    const own = noun.plural === surface ? surface : plural;
    return { text: `${NUMBERS.en[n]} ${before}${own}`, next };
  }
  const phrase = `${before}${name}`;
  return { text: `${article(phrase)} ${phrase}`, next };
}

interface Count {
  n: number | null;
  /** A count that the world has not, as written. */
  other?: string;
  next: number;
}

function countAt(words: readonly string[], i: number): Count | null {
  for (const length of [3, 2, 1]) {
    const phrase = joined(words, i, length);
    const n = phrase === null ? undefined : COUNTS.get(phrase);
    if (n !== undefined) return { n, next: i + length };
  }
  const word = words[i]?.toLowerCase() ?? '';
  return OTHER_COUNT.test(word) ? { n: null, other: words[i]!, next: i + 1 } : null;
}

interface Found {
  noun: EnglishNoun;
  /** The noun's words in lower case. */
  surface: string;
  adjectives: string[];
  next: number;
}

function nounAfter(words: readonly string[], i: number, open: boolean, left: number): Found | null {
  const word = words[i]?.toLowerCase();
  if (word === undefined) return null;
  const colour = ENGLISH_COLOURS.get(word);
  // "orange" is a colour where a noun follows it, and a fruit where none does.
  if (colour && left > 0) {
    const rest = nounAfter(words, i + 1, open, left - 1);
    if (rest) return { ...rest, adjectives: [colour, ...rest.adjectives] };
    const second = ENGLISH_COLOURS.get(words[i + 2]?.toLowerCase() ?? '');
    const both = words[i + 1]?.toLowerCase() === 'and' && second && nounAfter(words, i + 3, false, 0);
    if (both) return { ...both, adjectives: [colour, 'and', second, ...both.adjectives] };
  }
  for (let length = LONGEST_NOUN; length > 0; length--) {
    const surface = joined(words, i, length);
    const noun = surface === null ? undefined : ENGLISH_NOUNS.get(surface);
    if (noun) return { noun, surface: surface!, adjectives: [], next: i + length };
  }
  const adjective = open && left > 0 && /^\p{L}/u.test(word) && !ENGLISH_FUNCTION_WORDS.has(word);
  if (!adjective || COUNTS.has(word) || OTHER_COUNT.test(word)) return null;
  const rest = nounAfter(words, i + 1, open, left - 1);
  return rest && { ...rest, adjectives: [words[i]!, ...rest.adjectives] };
}

/** "to the left of a dog" as "left of a dog". */
function relationAt(words: readonly string[], i: number): Phrase | null {
  const at = isBe(words[i]) ? i + 1 : i;
  for (const [wording, relation] of ENGLISH_RELATIONS) {
    const length = wording.split(' ').length;
    if (joined(words, at, length) !== wording) continue;
    const object = thingAt(words, at + length, true);
    if (object) return { text: `${relation} ${object.text}`, next: object.next };
  }
  return null;
}

/** "in the upper left corner" as "at the top left". Without a preposition only at the end or before a separator. */
function placeAt(words: readonly string[], i: number): Phrase | null {
  let at = isBe(words[i]) ? i + 1 : i;
  const preposition = ['in', 'on', 'at', 'to'].includes(words[at]?.toLowerCase() ?? '');
  if (preposition) at++;
  if (preposition && words[at]?.toLowerCase() === 'the') at++;
  for (const [wording, name] of ENGLISH_PLACES) {
    const length = wording.split(' ').length;
    if (joined(words, at, length) !== wording) continue;
    let next = at + length;
    if (['corner', 'side', 'half', 'part'].includes(words[next]?.toLowerCase() ?? '')) next++;
    const rest = joined(words, next, 3);
    if (rest !== null && /^of the (?:picture|image|photo|frame)$/.test(rest)) next += 3;
    else if (words[next]?.toLowerCase() === 'of') continue;
    const ends = next >= words.length || SEPARATORS.has(words[next]!.toLowerCase());
    if (preposition || ends) return { text: place(name, 'en'), next };
  }
  return null;
}

const isBe = (word: string | undefined) => ['is', 'are'].includes(word?.toLowerCase() ?? '');

function joined(words: readonly string[], i: number, length: number): string | null {
  if (i + length > words.length) return null;
  return words
    .slice(i, i + length)
    .join(' ')
    .toLowerCase();
}
