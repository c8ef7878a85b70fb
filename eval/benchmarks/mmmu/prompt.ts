/** The letters A, B, C, … of a question's options. */
export const letters = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => String.fromCharCode(65 + i));

/**
 * The official prompt (construct_prompt with configs/llava1.5.yaml). `<image 1>` stays where the question has it.
 * @param options the texts of a multiple-choice question's options; null for an open question
 */
export function officialPrompt(question: string, options: readonly string[] | null): string {
  if (options === null) return `${question}\nAnswer the question using a single word or phrase.`;
  const lines = letters(options.length).map((letter, i) => `(${letter}) ${options[i]!}\n`);
  return `${question}\n${lines.join('')}\nAnswer with the option's letter from the given choices directly.`;
}

/** The question without its options and without the marks of where its pictures stand. Not the official prompt. */
export const questionAlone = (question: string): string =>
  question
    .replace(/<image \d+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
