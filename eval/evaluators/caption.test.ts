import { describe, expect, it } from 'vitest';
import { fixText } from '../python/ftfy/fix-text';
import { unescape } from '../python/html';
import { vectorLines } from '../testing/vectors';
import { cleanCaption } from './caption';

/** text, ftfy.fix_text, html.unescape, CLIP's cleaning */
const vectors = vectorLines<[string, string, string, string]>('ftfy/vectors.jsonl.gz');

describe(`of ${vectors.length} tricky texts`, () => {
  const same = (ours: (text: string) => string, column: 1 | 2 | 3) =>
    expect(vectors.map(([text]) => [text, ours(text)])).toEqual(vectors.map((row) => [row[0], row[column]]));

  it('ftfy repairs each in the same way', () => same(fixText, 1));
  it('Python decodes the entities of each in the same way', () => same(unescape, 2));
  it("CLIP's tokenizer cleans each in the same way", () => same(cleanCaption, 3));
});

it('a caption is cleaned as CLIP cleans it', () => {
  expect(cleanCaption('  A dog’s “ball”,\n cafÃ© &amp;amp; &lt;tea&gt; ')).toBe(
    'a dog\'s "ball", café & <tea>',
  );
});
