import { fitLine, quantile, rangeOfLine, rangeOfSame, type Line, type Range } from './statistics';
import { amountOf, workKey, type Work } from './work';

export interface Measured {
  work: Work;
  ms: number;
  /** Its `workKey`, where it was made before. */
  key?: string;
}

const keyOf = (m: Measured) => m.key ?? workKey(m.work);

/** From how many times of the same work on nothing else is asked. */
const enough = 8;
/** Newer times say more of now than older ones. */
const newestOfSame = 60;

/**
 * How long a job of this work takes, from those measured before, newest first. Where the machine's pace changes, the pace
 * of the last few jobs counts.
 * @returns null when nothing comparable was measured.
 */
export function predict(work: Work, measured: readonly Measured[]): Range | null {
  const base = predictSteady(work, measured);
  const pace = base && paceOf(measured);
  if (!pace) return base;
  return { low: base.mid * pace.low, mid: base.mid * pace.mid, high: base.mid * pace.high };
}

const paces = new WeakMap<readonly Measured[], Range | null>();
/** The pace is told from so many jobs before, and how well it tells from so many. */
const paceJobs = 5;
const pacePast = 60;

/**
 * How fast the machine is just now, as a factor on what jobs took on the whole, and the range of what became of that for
 * the next job each time. Another program beside the worker makes all jobs slower for a while.
 * @returns null where that tells no more than the jobs on the whole.
 */
function paceOf(measured: readonly Measured[]): Range | null {
  const known = paces.get(measured);
  if (known !== undefined) return known;
  const pace = findPace(measured);
  paces.set(measured, pace);
  return pace;
}

function findPace(measured: readonly Measured[]): Range | null {
  const usual = new Map<string, number>();
  const ratios = measured.slice(0, pacePast).flatMap((m) => {
    const key = keyOf(m);
    const mid = usual.get(key) ?? predictSteady(m.work, measured)?.mid ?? 0;
    usual.set(key, mid);
    return mid > 0 && m.ms > 0 ? [Math.log(m.ms / mid)] : [];
  });
  const levelAt = (at: number) => median(ratios.slice(at, at + paceJobs));
  const errors = ratios.slice(0, -paceJobs).map((ratio, i) => ratio - levelAt(i + 1));
  if (errors.length < 15) return null;
  const size = (values: readonly number[]) => median(values.map(Math.abs));
  const centre = median(ratios);
  // Chance makes the last few differ, too.
  if (size(errors) > 0.8 * size(ratios.map((r) => r - centre))) return null;
  const level = levelAt(0);
  const sorted = [...errors].sort((a, b) => a - b);
  return {
    low: Math.exp(level + Math.min(quantile(sorted, 0.04), -0.06)),
    mid: Math.exp(level),
    high: Math.exp(level + Math.max(quantile(sorted, 0.96), 0.06)),
  };
}

const median = (values: readonly number[]) =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );

interface Index {
  /** The newest times of the same work. */
  byKey: Map<string, number[]>;
  pictures: { kind: string; amount: number; ms: number }[];
  /** Through pictures of one kind, or of all (null). */
  lineOf(kind: string | null): Line | null;
}

const indexes = new WeakMap<readonly Measured[], Index>();
const kindOf = (work: Exclude<Work, { task: 'understand' }>) => `${work.task} ${work.decoder}`;

/** What is asked of one list again and again, made once. */
function indexOf(measured: readonly Measured[]): Index {
  const known = indexes.get(measured);
  if (known) return known;
  const byKey = new Map<string, number[]>();
  const pictures: Index['pictures'] = [];
  for (const m of measured) {
    const key = keyOf(m);
    const times = byKey.get(key) ?? [];
    if (times.length < newestOfSame) times.push(m.ms);
    byKey.set(key, times);
    if (m.work.task !== 'understand')
      pictures.push({ kind: kindOf(m.work), amount: amountOf(m.work), ms: m.ms });
  }
  const lines = new Map<string | null, Line | null>();
  const index: Index = {
    byKey,
    pictures,
    lineOf(kind) {
      let line = lines.get(kind);
      if (line === undefined) {
        line = fitLine(kind === null ? pictures : pictures.filter((p) => p.kind === kind));
        lines.set(kind, line);
      }
      return line;
    },
  };
  indexes.set(measured, index);
  return index;
}

/** By the same work where there is enough of it, else by what grows with steps and pixels among comparable ones. */
function predictSteady(work: Work, measured: readonly Measured[]): Range | null {
  const index = indexOf(measured);
  const same = index.byKey.get(workKey(work)) ?? [];
  if (same.length >= enough) return rangeOfSame(same);
  if (work.task === 'understand') return predictAnswer(work, measured);
  const { pictures } = index;
  const kind = kindOf(work);
  const line = index.lineOf(kind) ?? index.lineOf(null);
  if (line) return better(rangeOfSame(same), rangeOfLine(line, amountOf(work)));
  if (same.length > 0) return rangeOfSame(same);
  // All of one other size: in proportion, with a part that does not grow.
  const close = pictures.filter((p) => p.kind === kind);
  const other = rangeOfSame((close.length > 0 ? close : pictures).map((p) => p.ms));
  if (!other) return null;
  const ratio = amountOf(work) / ((close[0] ?? pictures[0])?.amount || 1);
  return {
    low: other.low * Math.min(1, ratio),
    mid: other.mid * Math.sqrt(ratio),
    high: other.high * Math.max(1, ratio),
  };
}

/** Of two ranges the narrower, by ratio. */
function better(a: Range | null, b: Range): Range {
  return a && a.high / a.low < b.high / b.low ? a : b;
}

/** An answer ends when it ends: its length is told by those before, and bounded by what the longest would take. */
function predictAnswer(
  work: Extract<Work, { task: 'understand' }>,
  measured: readonly Measured[],
): Range | null {
  const answers = measured.flatMap((m) => (m.work.task === 'understand' ? [{ ...m.work, ms: m.ms }] : []));
  const range = rangeOfSame(answers.slice(0, newestOfSame).map((a) => a.ms));
  const line = fitLine(answers.flatMap((a) => (a.tokens === null ? [] : [{ amount: a.tokens, ms: a.ms }])));
  if (!range || !line) return range;
  const longest = rangeOfLine(line, work.maxNewTokens);
  if (longest.high >= range.high) return range;
  return { low: Math.min(range.low, longest.low), mid: Math.min(range.mid, longest.mid), high: longest.high };
}
