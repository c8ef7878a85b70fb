import { fixText } from '../python/ftfy/fix-text';
import { unescape } from '../python/html';
import { pythonSpace, strip } from '../python/text';

/** What cleans, for fingerprints. */
export const CLIP_CLEANING = 'ftfy 6.3.1, HTML unescaped twice, white space collapsed, lowercase';

const spaces = new RegExp(`${pythonSpace}+`, 'g');

/**
 * A caption as CLIP's own tokenizer cleans it before it looks for tokens.
 * Source: openai/CLIP, clip/simple_tokenizer.py (`basic_clean`, `whitespace_clean`, `encode`).
 */
export function cleanCaption(text: string): string {
  const basic = strip(unescape(unescape(fixText(text))));
  return strip(basic.replace(spaces, ' ')).toLowerCase();
}
