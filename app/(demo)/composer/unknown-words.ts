import type { ModelInfo } from '@/server/demo/schema';

type Words = NonNullable<ModelInfo['words']>;

/** Words of any script but Chinese, with their hyphens and apostrophes; and runs of Chinese characters. */
const pattern =
  /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+(?:['’-](?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+)*/gu;

/**
 * What a prompt says in words that the model was never shown, as they stand in the prompt, each once. A word counts as
 * known with an English ending (plural, possessive), and in parts at its hyphens. Of Chinese, runs of characters that
 * the training does not have: characters that it has make words that it has not, too, so more may be unknown.
 */
export function unknownWords(prompt: string, words: Words): string[] {
  const en = new Set(words.en);
  const zh = new Set(words.zh);
  const isKnown = (word: string): boolean =>
    forms(word).some((form) => en.has(form)) || (word.includes('-') && word.split('-').every(isKnown));
  const found = new Map<string, string>();
  for (const [text] of prompt.normalize('NFC').matchAll(pattern)) {
    if (/^\p{Script=Han}/u.test(text)) {
      let run = '';
      for (const character of [...text, '']) {
        if (character !== '' && !zh.has(character)) run += character;
        else if (run !== '') {
          found.set(run, run);
          run = '';
        }
      }
    } else {
      const word = text.toLowerCase();
      if (!isKnown(word) && !found.has(word)) found.set(word, text);
    }
  }
  return [...found.values()];
}

/** The word, and what it would be without an English ending. */
function forms(word: string): string[] {
  const plain = word.replaceAll('’', "'").replace(/'s?$/, '');
  const ends = [word, plain];
  if (plain.endsWith('ies')) ends.push(`${plain.slice(0, -3)}y`);
  if (plain.endsWith('es')) ends.push(plain.slice(0, -2));
  if (plain.endsWith('s')) ends.push(plain.slice(0, -1));
  return ends;
}
