/**
 * The part of numpy's random numbers that GenEval's prompts need: `default_rng(seed)`, that is
 * `Generator(PCG64(SeedSequence(seed)))`, with `integers` and `choice`. The same seed gives the same numbers
 * as numpy 1.17 and later (numpy/random/bit_generator.pyx, pcg64.h, _bounded_integers, _generator.pyx).
 */

const mask32 = 0xffffffffn;
const mask64 = (1n << 64n) - 1n;
const mask128 = (1n << 128n) - 1n;

/** Words of entropy that numpy's SeedSequence keeps. */
const poolSize = 4;

const multiply32 = (a: number, b: number): number => Math.imul(a, b) >>> 0;

/**
 * numpy's SeedSequence: spreads a seed over as many words as asked (Melissa O'Neill's seed_seq design).
 * @param seed a whole number from 0
 * @returns `count` words of 64 bits, as `generate_state(count, np.uint64)`
 */
export function seedSequence(seed: bigint, count: number): bigint[] {
  if (seed < 0n) throw new RangeError('a seed is a whole number from 0');
  const pool = mixEntropy(wordsOf(seed));
  let constant = 0x8b51f9dd;
  const halves: bigint[] = [];
  for (let i = 0; i < 2 * count; i++) {
    let word = (pool[i % poolSize]! ^ constant) >>> 0;
    constant = multiply32(constant, 0x58f38ded);
    word = multiply32(word, constant);
    halves.push(BigInt((word ^ (word >>> 16)) >>> 0));
  }
  return Array.from({ length: count }, (_, i) => halves[2 * i]! | (halves[2 * i + 1]! << 32n));
}

/** The seed's words of 32 bits, lowest first; one word for 0. */
function wordsOf(seed: bigint): number[] {
  const words: number[] = [];
  for (let rest = seed; rest > 0n || words.length === 0; rest >>= 32n) words.push(Number(rest & mask32));
  return words;
}

function mixEntropy(entropy: readonly number[]): number[] {
  let constant = 0x43b0d7e5;
  const hash = (value: number): number => {
    const word = (value ^ constant) >>> 0;
    constant = multiply32(constant, 0x931e8875);
    const product = multiply32(word, constant);
    return (product ^ (product >>> 16)) >>> 0;
  };
  const mix = (x: number, y: number): number => {
    const result = (multiply32(x, 0xca01f9dd) - multiply32(y, 0x4973f715)) >>> 0;
    return (result ^ (result >>> 16)) >>> 0;
  };
  const pool = Array.from({ length: poolSize }, (_, i) => hash(entropy[i] ?? 0));
  for (let from = 0; from < poolSize; from++)
    for (let to = 0; to < poolSize; to++) if (from !== to) pool[to] = mix(pool[to]!, hash(pool[from]!));
  for (const word of entropy.slice(poolSize))
    for (let to = 0; to < poolSize; to++) pool[to] = mix(pool[to]!, hash(word));
  return pool;
}

/** numpy's `default_rng(seed)`. */
export class NumpyGenerator {
  private state = 0n;
  private readonly increment: bigint;
  /** The unused upper half of the last 64 bits: numpy hands out the lower half first. */
  private spare: number | null = null;

  /** @param seed a whole number from 0 */
  constructor(seed: number | bigint) {
    const [high, low, sequenceHigh, sequenceLow] = seedSequence(BigInt(seed), 4) as [
      bigint,
      bigint,
      bigint,
      bigint,
    ];
    this.increment = ((((sequenceHigh << 64n) | sequenceLow) << 1n) | 1n) & mask128;
    this.step();
    this.state = (this.state + ((high << 64n) | low)) & mask128;
    this.step();
  }

  private step(): void {
    this.state = (this.state * 0x2360ed051fc65da44385df649fccf645n + this.increment) & mask128;
  }

  /** The next 64 bits: PCG XSL-RR 128/64, of the state after the step. */
  uint64(): bigint {
    this.step();
    const word = (this.state >> 64n) ^ (this.state & mask64);
    const turn = this.state >> 122n;
    return ((word >> turn) | (word << (64n - turn))) & mask64;
  }

  /** The next 32 bits. */
  uint32(): number {
    if (this.spare !== null) {
      const value = this.spare;
      this.spare = null;
      return value;
    }
    const both = this.uint64();
    this.spare = Number(both >> 32n);
    return Number(both & mask32);
  }

  /**
   * Uniform in [0, last], both included, by Lemire's method on 32 bits.
   * @param last below 2^32 − 1
   */
  private upTo(last: number): number {
    if (last === 0) return 0;
    const span = BigInt(last + 1);
    const threshold = (mask32 - BigInt(last)) % span;
    for (;;) {
      const product = BigInt(this.uint32()) * span;
      if ((product & mask32) >= threshold) return Number(product >> 32n);
    }
  }

  /** A whole number from `low` to `high`, both included: `integers(low, high, endpoint=True)`. */
  integers(low: number, high: number): number {
    return low + this.upTo(high - low);
  }

  /** A whole number in [0, n): `choice(n)`. */
  choice(n: number): number {
    return this.upTo(n - 1);
  }

  /**
   * `size` different whole numbers in [0, n), in random order: `choice(n, size, replace=False)`.
   * Floyd's algorithm and then a shuffle, which is what numpy does for n up to 10,000.
   */
  choices(n: number, size: number): number[] {
    if (size > n || n > 10_000) throw new RangeError(`cannot take ${size} of ${n}`);
    const taken = new Set<number>();
    const chosen: number[] = [];
    for (let last = n - size; last < n; last++) {
      const value = this.upTo(last);
      const kept = taken.has(value) ? last : value;
      taken.add(kept);
      chosen.push(kept);
    }
    for (let i = size - 1; i > 0; i--) {
      const j = this.upTo(i);
      [chosen[i], chosen[j]] = [chosen[j]!, chosen[i]!];
    }
    return chosen;
  }
}
