/** Ranges from measured times. Pure; milliseconds throughout. */

/** The middle, and a range that is meant to hold nine of ten. */
export interface Range {
  low: number;
  mid: number;
  high: number;
}

/** 5 % lie above, by degrees of freedom from 1; beyond the table as for many. */
const studentT = [6.31, 2.92, 2.35, 2.13, 2.02, 1.94, 1.89, 1.86, 1.83, 1.81, 1.8, 1.78, 1.77, 1.76, 1.75];
const tOf = (freedom: number): number => studentT[Math.max(1, freedom) - 1] ?? 1.7;

/** So much do times of the same work differ at least, as a share: what a quiet minute measured is no promise. */
const leastSpread = 0.06;
/** The spread that is assumed where one time alone is known. */
const unknownSpread = 0.3;

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

/** The value below which the share `q` lies, between its neighbours as they stand. `sorted` ascending, not empty. */
export function quantile(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * Math.min(Math.max(q, 0), 1);
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/**
 * Where the next of such times lies, from times of the same work. From 19 on by their order: between the k-th of both
 * ends lie (n + 1 − 2k)/(n + 1) of what comes. From fewer by Student's t of the logarithms.
 * @returns null without times.
 */
export function rangeOfSame(times: readonly number[]): Range | null {
  const sorted = times.filter((t) => t > 0).sort((a, b) => a - b);
  const n = sorted.length;
  if (n === 0) return null;
  const mid = quantile(sorted, 0.5);
  if (n >= 19) {
    const k = Math.max(1, Math.floor((n + 1) * 0.05));
    const low = sorted[k - 1] ?? mid;
    const high = sorted[n - k] ?? mid;
    return {
      low: Math.min(low, mid / (1 + leastSpread)),
      mid,
      high: Math.max(high, mid * (1 + leastSpread)),
    };
  }
  const logs = sorted.map(Math.log);
  const centre = mean(logs);
  const measured =
    n === 1 ? unknownSpread : Math.sqrt(logs.reduce((s, l) => s + (l - centre) ** 2, 0) / (n - 1));
  const t = n === 1 ? 1.7 : tOf(n - 1);
  const reach = t * Math.max(measured, leastSpread / 2) * Math.sqrt(1 + 1 / n);
  // Two times that happen to be far apart say nothing of a hundredfold.
  const bounded = Math.min(Math.max(reach, leastSpread), 1.4);
  return { low: Math.exp(centre - bounded), mid: Math.exp(centre), high: Math.exp(centre + bounded) };
}

/** A line through (amount, time) whose residuals are shares of the time. */
export interface Line {
  /** Time at amount 0. */
  a: number;
  /** Time for one more of the amount. */
  b: number;
  /** Standard deviation of (measured / line − 1). */
  spread: number;
  n: number;
}

/**
 * Fits time = a + b · amount, both not negative, by least squares of relative residuals (weights 1/time²), so that long
 * jobs do not drown short ones.
 * @returns null without two different amounts.
 */
export function fitLine(points: readonly { amount: number; ms: number }[]): Line | null {
  const usable = points.filter((p) => p.ms > 0 && Number.isFinite(p.amount));
  if (new Set(usable.map((p) => p.amount)).size < 2) return null;
  let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0];
  for (const { amount: x, ms: y } of usable) {
    const weight = 1 / y ** 2;
    w += weight;
    wx += weight * x;
    wy += weight * y;
    wxx += weight * x * x;
    wxy += weight * x * y;
  }
  let b = (w * wxy - wx * wy) / (w * wxx - wx * wx);
  let a = (wy - b * wx) / w;
  if (!(b >= 0)) [a, b] = [wy / w, 0];
  if (a < 0) [a, b] = [0, wxx > 0 ? wxy / wxx : 0];
  const residuals = usable.map((p) => p.ms / (a + b * p.amount) - 1).filter(Number.isFinite);
  const freedom = Math.max(1, residuals.length - 2);
  const spread = Math.sqrt(residuals.reduce((s, r) => s + r * r, 0) / freedom);
  return { a, b, spread, n: usable.length };
}

/** Where the time for an amount lies by a line: its residuals, wider where few points stand behind it. */
export function rangeOfLine(line: Line, amount: number): Range {
  const mid = line.a + line.b * amount;
  const few = line.n < 5 ? 0.15 : 0.08;
  const reach = Math.min(tOf(line.n - 2) * Math.max(line.spread, few) * Math.sqrt(1 + 2 / line.n), 1.4);
  return { low: mid * Math.exp(-reach), mid, high: mid * Math.exp(reach) };
}

/**
 * One thing after another: middles add, and so do the squares of what each end is away from its middle.
 * @param common the share of each deviation that all of them have in common (a busy machine slows every job): that
 *   part adds as it is.
 */
export function sumOf(parts: readonly { range: Range; count: number }[], common = 0.3): Range {
  let [mid, below, above, allBelow, allAbove] = [0, 0, 0, 0, 0];
  for (const { range, count } of parts) {
    mid += range.mid * count;
    below += (1 - common ** 2) * (range.mid - range.low) ** 2 * count;
    above += (1 - common ** 2) * (range.high - range.mid) ** 2 * count;
    allBelow += common * (range.mid - range.low) * count;
    allAbove += common * (range.high - range.mid) * count;
  }
  return {
    low: Math.max(0, mid - Math.sqrt(below + allBelow ** 2)),
    mid,
    high: mid + Math.sqrt(above + allAbove ** 2),
  };
}

/** What is left of something that has gone on for a while. One that overstays takes a little longer yet. */
export function restOf(range: Range, elapsed: number): Range {
  const least = Math.max(range.high - elapsed, (range.high - range.low) * 0.25);
  return {
    low: Math.max(0, range.low - elapsed),
    mid: Math.max(range.mid - elapsed, least / 2),
    high: least,
  };
}

export const zero: Range = { low: 0, mid: 0, high: 0 };
