import type { Language } from './language';
import { polishChinese } from './polish-chinese';
import { polishEnglish } from './polish-english';

/**
 * A short prompt as the generator of these scenes would word it: "2 red apples" becomes "a photo of two red apples",
 * "猫在沙发上" becomes "一张一只猫在一张沙发上面的照片". Words that the world does not know stay where they are; a prompt in
 * which it knows nothing, and one that has the form already, come back unchanged.
 */
export function polish(prompt: string, language: Language): string {
  return language === 'zh' ? polishChinese(prompt) : polishEnglish(prompt);
}
