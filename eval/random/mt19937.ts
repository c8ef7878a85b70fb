/**
 * Python's `random.Random` as far as MMMU needs it: the Mersenne Twister MT19937 (Matsumoto and Nishimura,
 * 1998) with Python's way of seeding from a whole number and of drawing below a bound (Lib/random.py,
 * Modules/_randommodule.c).
 */

const size = 624;
const middle = 397;

export class PythonRandom {
  private readonly state = new Uint32Array(size);
  private index = size;

  /** @param seed a whole number; Python takes its absolute value */
  constructor(seed: number | bigint) {
    let rest = BigInt(seed);
    if (rest < 0n) rest = -rest;
    const key: number[] = [];
    for (; rest > 0n || key.length === 0; rest >>= 32n) key.push(Number(rest & 0xffffffffn));
    this.seedByArray(key);
  }

  /** The reference implementation's `init_by_array`. */
  private seedByArray(key: readonly number[]): void {
    const { state } = this;
    state[0] = 19650218;
    for (let i = 1; i < size; i++) state[i] = Math.imul(1812433253, this.shaken(i - 1)) + i;
    let i = 1;
    let j = 0;
    const forward = () => {
      if (++i < size) return;
      state[0] = state[size - 1]!;
      i = 1;
    };
    for (let k = Math.max(size, key.length); k > 0; k--) {
      state[i] = (state[i]! ^ Math.imul(this.shaken(i - 1), 1664525)) + key[j]! + j;
      forward();
      j = (j + 1) % key.length;
    }
    for (let k = size - 1; k > 0; k--) {
      state[i] = (state[i]! ^ Math.imul(this.shaken(i - 1), 1566083941)) - i;
      forward();
    }
    state[0] = 0x80000000;
  }

  private shaken(i: number): number {
    const word = this.state[i]!;
    return word ^ (word >>> 30);
  }

  private refill(): void {
    const { state } = this;
    for (let i = 0; i < size; i++) {
      const word = (state[i]! & 0x80000000) | (state[(i + 1) % size]! & 0x7fffffff);
      state[i] = state[(i + middle) % size]! ^ (word >>> 1) ^ (word & 1 ? 0x9908b0df : 0);
    }
    this.index = 0;
  }

  /** The upper `bits` bits (1 to 32) of the next 32. */
  getrandbits(bits: number): number {
    if (this.index >= size) this.refill();
    let word = this.state[this.index++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    word ^= word >>> 18;
    return word >>> (32 - bits);
  }

  /** A whole number in [0, n), n from 1: as many bits as n has, drawn again while they reach n. */
  below(n: number): number {
    const bits = 32 - Math.clz32(n);
    let value = this.getrandbits(bits);
    while (value >= n) value = this.getrandbits(bits);
    return value;
  }

  /** One of `items`, as `random.choice`. */
  choice<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('choice from an empty list');
    return items[this.below(items.length)]!;
  }
}
