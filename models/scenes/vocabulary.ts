import {
  captionSample,
  editSample,
  polishSample,
  questionSample,
  TRAINING_SEED,
  type SampleWording,
} from './samples';

/** So many samples of each kind name every word that training has: nothing new comes after about 12,000. */
export const SAMPLES = 20_000;

const word = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu;

/**
 * What the texts of the training are made of: English words in lower case, and single Chinese characters, both sorted.
 * @param samples how many captions, edits, scenes with questions, and prompts to be polished are read
 */
export function trainingVocabulary(samples = SAMPLES): { en: string[]; zh: string[] } {
  const wording: { wording: SampleWording } = { wording: 'training' };
  const known = { en: new Set<string>(), zh: new Set<string>() };
  const read = (language: 'en' | 'zh', ...texts: string[]) => {
    for (const text of texts)
      for (const one of language === 'en'
        ? (text.toLowerCase().match(word) ?? [])
        : (text.match(/\p{Script=Han}/gu) ?? []))
        known[language].add(one);
  };
  for (let i = 0; i < samples; i++) {
    const caption = captionSample('train', TRAINING_SEED, i, wording);
    read(caption.language, caption.caption);
    const edit = editSample('train', TRAINING_SEED, i, wording);
    read(edit.language, edit.instruction, edit.reverse);
    const asked = questionSample('train', TRAINING_SEED, i, 6, wording);
    read(asked.language, ...asked.questions.map(({ question }) => question));
    const polish = polishSample('train', TRAINING_SEED, i, wording);
    read(polish.language, polish.prompt);
  }
  return { en: [...known.en].sort(), zh: [...known.zh].sort() };
}
