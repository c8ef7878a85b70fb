import { describe, expect, it } from 'vitest';
import { NumpyGenerator, seedSequence } from './pcg64';

// Values made with numpy 1.24.2.
describe("numpy's random numbers", () => {
  it.each<[bigint, bigint[]]>([
    [0n, [15793235383387715774n, 12390638538380655177n, 2361836109651742017n, 3188717715514472916n]],
    [43n, [8781270879315571409n, 17331877539241111402n, 9902776790971457105n, 7412261849975795743n]],
    [
      12345678901234567890n,
      [4241512881237333164n, 6478917086951929363n, 17890761839038243604n, 3444762459348118978n],
    ],
  ])('spreads the seed %s', (seed, words) => expect(seedSequence(seed, 4)).toEqual(words));

  it.each<[bigint, bigint[]]>([
    [0n, [11749869230777074271n, 4976686463289251617n, 755828109848996024n, 304881062738325533n]],
    [43n, [12032797558513133635n, 807512191912379574n, 369480662970811903n, 15480739733017832281n]],
    [
      12345678901234567890n,
      [77935276331132168n, 12033622772062331548n, 11213416055601313548n, 18157223196524555682n],
    ],
  ])('draws 64 bits after the seed %s', (seed, words) => {
    const random = new NumpyGenerator(seed);
    expect(words.map(() => random.uint64())).toEqual(words);
  });

  it('draws choices and integers from one stream', () => {
    const random = new NumpyGenerator(43);
    const all = random.choices(80, 80);
    expect(all.slice(0, 10)).toEqual([13, 19, 1, 74, 51, 28, 42, 37, 72, 41]);
    expect(new Set(all).size).toBe(80);
    expect(Array.from({ length: 5 }, () => random.choices(79, 2))).toEqual([
      [12, 31],
      [78, 31],
      [69, 68],
      [50, 75],
      [38, 39],
    ]);
    expect(Array.from({ length: 10 }, () => random.choice(10))).toEqual([5, 5, 6, 9, 6, 5, 2, 2, 9, 8]);
    expect(Array.from({ length: 10 }, () => random.integers(2, 4))).toEqual([2, 3, 3, 3, 3, 4, 2, 4, 4, 2]);
    expect(Array.from({ length: 6 }, () => random.integers(0, 2_999_999_999))).toEqual([
      2038592559, 850077898, 1890930368, 1524630678, 2848547802, 1088605519,
    ]);
    expect(new NumpyGenerator(7).choices(1000, 12)).toEqual([
      55, 299, 829, 890, 678, 873, 771, 618, 224, 574, 934, 284,
    ]);
  });
});
