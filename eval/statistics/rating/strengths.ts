/**
 * Bradley and Terry's model: one of i and j is preferred with probability 1 / (1 + exp(θ_j − θ_i)). A tie counts as half
 * a win for each.
 */

/** Points that each won against each, ties as halves: `points[i * n + j]` of i against j. */
export interface Points {
  n: number;
  points: Float64Array;
}

const steps = 100;
/** Newton's method squares what is left at each step: after one this small, 1e-14 of it. */
const near = 1e-7;

/**
 * The strengths of highest likelihood Σ points_ij · ln P(i before j), by Newton's method; 0 on average. They exist where
 * the graph of who won points against whom is strongly connected (`strongGroups` of one group), and only there.
 * Source: Bradley and Terry 1952; for when they exist Ford 1957 and Hunter 2004, "MM algorithms for generalized
 * Bradley–Terry models", assumption 1. Ties as halves: Elo's score, as in Chiang et al. 2024, "Chatbot Arena"
 * (arXiv 2403.04132). Davidson's model (1970), which has a parameter for ties, is not used: it has no finite
 * ratings where one model has wins and ties against another, and no losses.
 * @param start where to begin, such as the strengths of nearly the same points
 * @throws RangeError where it does not converge, as of points that are not strongly connected
 */
export function strengthsOf({ n, points }: Points, start?: Float64Array): Float64Array {
  let now: Float64Array = start ? start.slice() : new Float64Array(n);
  const gradient = new Float64Array(n);
  const curvature = new Float64Array(n * n);
  for (let step = 0; step < steps; step++) {
    slope({ n, points }, now, gradient, curvature);
    solve(n, curvature, gradient);
    const furthest = gradient.reduce((most, d) => Math.max(most, Math.abs(d)), 0);
    // Near the top Newton's step never overshoots; far away it is halved until it climbs.
    let share = 1;
    if (furthest > 0.5) {
      const height = likelihood({ n, points }, now);
      while (share > 1e-6 && likelihood({ n, points }, moved(now, gradient, share)) < height) share /= 2;
    }
    now = moved(now, gradient, share);
    if (furthest < near) return centred(now);
  }
  throw new RangeError('The strengths do not converge: are the comparisons strongly connected?');
}

function slope(
  { n, points }: Points,
  at: Float64Array,
  gradient: Float64Array,
  curvature: Float64Array,
): void {
  gradient.fill(0);
  // Strengths are differences alone; this keeps their mean where it is.
  curvature.fill(1 / n);
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      const won = points[i * n + j]!;
      const games = won + points[j * n + i]!;
      if (games === 0) continue;
      const p = 1 / (1 + Math.exp(at[j]! - at[i]!));
      gradient[i]! += won - games * p;
      gradient[j]! -= won - games * p;
      const bend = games * p * (1 - p);
      curvature[i * n + i]! += bend;
      curvature[j * n + j]! += bend;
      curvature[i * n + j]! -= bend;
      curvature[j * n + i]! -= bend;
    }
}

/** Σ points · ln P, to be climbed. */
export function likelihood({ n, points }: Points, at: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const won = points[i * n + j]!;
      if (won > 0) sum -= won * softplus(at[j]! - at[i]!);
    }
  return sum;
}

/** ln(1 + eˣ) without overflow. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const moved = (from: Float64Array, by: Float64Array, share: number): Float64Array =>
  from.map((value, i) => value + share * by[i]!);

function centred(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

/** Solves a · x = b of a symmetric positive definite matrix by Cholesky's decomposition; x takes the place of b. */
function solve(n: number, a: Float64Array, b: Float64Array): void {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j]!;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) b[i]! -= a[i * n + k]! * b[k]!;
    b[i]! /= a[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) b[i]! -= a[k * n + i]! * b[k]!;
    b[i]! /= a[i * n + i]!;
  }
}

/**
 * The strongly connected groups of the graph of who won points against whom: within a group everybody can be reached
 * from everybody, and only within it are strengths finite. A group stands before those against whom its members won
 * points; groups that are not connected at all stand in the order of their first members.
 */
export function strongGroups({ n, points }: Points): number[][] {
  const reach = Array.from({ length: n }, (_, from) => reachable({ n, points }, from));
  const groups: number[][] = [];
  const placed = new Set<number>();
  for (let i = 0; i < n; i++) {
    if (placed.has(i)) continue;
    const group = Array.from({ length: n }, (_, j) => j).filter((j) => reach[i]![j] && reach[j]![i]);
    group.forEach((member) => placed.add(member));
    groups.push(group);
  }
  // Whoever reaches another reaches more than that one does.
  const before = (a: number[], b: number[]) => reach[a[0]!]![b[0]!] === 1;
  const ordered: number[][] = [];
  while (groups.length > 0) {
    const first = groups.findIndex((group) =>
      groups.every((other) => other === group || !before(other, group)),
    );
    ordered.push(...groups.splice(first, 1));
  }
  return ordered;
}

function reachable({ n, points }: Points, from: number): Uint8Array {
  const seen = new Uint8Array(n);
  seen[from] = 1;
  const open = [from];
  for (let i = open.pop(); i !== undefined; i = open.pop())
    for (let j = 0; j < n; j++)
      if (!seen[j] && points[i * n + j]! > 0) {
        seen[j] = 1;
        open.push(j);
      }
  return seen;
}

/** Whether strengths are finite: everybody is reached from the first and reaches it. */
export function isStronglyConnected({ n, points }: Points): boolean {
  const turned = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) turned[j * n + i] = points[i * n + j]!;
  const all = (seen: Uint8Array) => seen.every((one) => one === 1);
  return all(reachable({ n, points }, 0)) && all(reachable({ n, points: turned }, 0));
}
