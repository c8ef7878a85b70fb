import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { languageOf } from '../../_request/fields';
import { numberSchema } from '../../_request/form-schema';
import { examples } from './examples-list';

/** Of the model that is shipped. */
const limits = {
  steps: { min: 1, max: 50, default: 12 },
  guidanceGeneration: { min: 1, max: 8, default: 1.5 },
  seed: { min: 0, max: 4294967295, default: 0 },
};

test('every example is a request that the form takes, in a language that the model knows', () => {
  for (const { task, prompt, language, parameters, source, result } of examples) {
    expect(languageOf(prompt)).toBe(language);
    expect(source !== undefined).toBe(task !== 'generate');
    expect('answer' in result).toBe(task === 'understand');
    const files = [source?.url, 'picture' in result ? result.picture : undefined].filter((url) => url);
    for (const url of files) expect(existsSync(`public${url}`), url).toBe(true);
    const { seed, steps, guidance } = parameters;
    const numbers = { seed, steps, guidanceGeneration: guidance };
    for (const [key, value] of Object.entries(numbers))
      if (value !== undefined) {
        const name = key as keyof typeof limits;
        expect(numberSchema(name, limits[name]).parse(String(value))).toBe(value);
      }
  }
});
