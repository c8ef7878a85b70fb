import { describe, expect, it } from 'vitest';
import { PythonRandom } from './mt19937';

const draw = <T>(count: number, next: () => T): T[] => Array.from({ length: count }, next);

// Values made with Python 3.11.2.
describe("Python's random numbers", () => {
  it.each<[number, number[], number[], string]>([
    [42, [2746317213, 478163327, 107420369, 3184935163], [2, 1, 1, 1, 5, 0], 'FFEAEDAA'],
    [0, [3626764237, 1654615998, 3255389356, 3823568514], [3, 0, 2, 7, 4, 3], 'DGGCDCEB'],
    [2 ** 40 + 5, [2166296868, 2220160828, 1153647273, 2850991874], [7, 0, 4, 6, 6, 6], 'GGABAGGB'],
  ])('are the same after the seed %i', (seed, words, small, letters) => {
    const random = new PythonRandom(seed);
    expect(draw(4, () => random.getrandbits(32))).toEqual(words);
    expect(draw(6, () => random.getrandbits(3))).toEqual(small);
    expect(draw(8, () => random.choice([...'ABCDEFG'])).join('')).toBe(letters);
  });

  it('are the same after the state was filled again', () => {
    const random = new PythonRandom(42);
    expect(draw(1000, () => random.getrandbits(32)).at(-1)).toBe(4212168831);
  });

  it.each([
    ['ABCD', 'AACBBBAADA'],
    ['ABCDE', 'AACBBBAEAE'],
  ])("choose MMMU's first answers among %s", (choices, answers) => {
    const random = new PythonRandom(42);
    expect(draw(10, () => random.choice([...choices])).join('')).toBe(answers);
  });
});
