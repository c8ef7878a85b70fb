/**
 * Resamples of things that come in few kinds. How often each kind is drawn is all that a statistic of them needs, so
 * that a resample costs as much as there are kinds, not things: 100,000 items rated by three people in five steps are
 * of 35 kinds at most.
 */

/** Whole numbers of 32 bits, as of `xoshiro128`. */
export type Random = () => number;

const unit = (next: Random): number => next() / 4294967296;

/** Below this mean a binomial number is found by walking up from 0. */
const walkBelow = 10;

/**
 * How often an event of probability `p` happens in `n` independent tries.
 * Source: inversion for small means (Kachitvichyanukul and Schmeiser 1988, BINV), else transformed rejection (Hörmann
 * 1993, "The generation of binomial random variates", algorithm BTRS).
 * @param n a whole number from 0
 * @param p 0 to 1
 */
export function binomial(next: Random, n: number, p: number): number {
  if (p > 0.5) return n - binomial(next, n, 1 - p);
  if (n === 0 || p <= 0) return 0;
  return n * p < walkBelow ? walked(next, n, p) : rejected(next, n, p);
}

function walked(next: Random, n: number, p: number): number {
  const odds = p / (1 - p);
  const none = (1 - p) ** n;
  for (;;) {
    let left = unit(next);
    let chance = none;
    for (let k = 0; k <= n; k++) {
      if (left <= chance) return k;
      left -= chance;
      chance *= ((n - k) / (k + 1)) * odds;
    }
    // Rounding left a crumb beyond the last: drawn again.
  }
}

function rejected(next: Random, n: number, p: number): number {
  const q = 1 - p;
  const deviation = Math.sqrt(n * p * q);
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = n * p + 0.5;
  const inner = 0.92 - 4.2 / b;
  const scale = (2.83 + 5.1 / b) * deviation;
  const mode = Math.floor((n + 1) * p);
  const odds = p / q;
  for (;;) {
    const u = unit(next) - 0.5;
    const v = unit(next);
    const edge = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / edge + b) * u + centre);
    if (edge >= 0.07 && v <= inner) return k;
    if (!(k >= 0 && k <= n)) continue;
    const bound =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
      (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
      (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
      stirling(mode) +
      stirling(n - mode) -
      stirling(k) -
      stirling(n - k);
    if (Math.log((v * scale) / (a / (edge * edge) + b)) <= bound) return k;
  }
}

const stirlings = [
  0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509, 0.0166446911898211,
  0.0138761288230707, 0.0118967099458917, 0.010411265261972, 0.00925546218271273, 0.00833056343336287,
];

/** What Stirling's formula lacks of ln k!. */
function stirling(k: number): number {
  if (k < stirlings.length) return stirlings[k]!;
  const square = (k + 1) * (k + 1);
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}

/**
 * Draws `n` things with replacement.
 * @param counts how many things there are of each kind, or the shares of the kinds
 * @param drawn gets how many of each kind were drawn
 */
export function drawKinds(next: Random, n: number, counts: ArrayLike<number>, drawn: Float64Array): void {
  let rest = 0;
  for (let k = 0; k < counts.length; k++) rest += counts[k]!;
  let left = n;
  for (let k = 0; k < counts.length; k++) {
    const times = left === 0 ? 0 : binomial(next, left, Math.min(1, counts[k]! / rest));
    drawn[k] = times;
    left -= times;
    rest -= counts[k]!;
  }
}
