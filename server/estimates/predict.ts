import { fitLine, rangeOfLine, rangeOfSame, type Range } from './statistics';
import { amountOf, workKey, type Work } from './work';

export interface Measured {
  work: Work;
  ms: number;
}

/** From how many times of the same work on nothing else is asked. */
const enough = 8;
/** Newer times say more of now than older ones. */
const newestOfSame = 60;

/**
 * How long a job of this work takes, from those measured before, newest first: by the same work where there is enough of it, else
 * by what grows with steps and pixels among comparable ones.
 * @returns null when nothing comparable was measured.
 */
export function predict(work: Work, measured: readonly Measured[]): Range | null {
  const key = workKey(work);
  const same = measured
    .filter((m) => workKey(m.work) === key)
    .slice(0, newestOfSame)
    .map((m) => m.ms);
  if (same.length >= enough) return rangeOfSame(same);
  if (work.task === 'understand') return predictAnswer(work, measured);
  const pictures = measured.flatMap((m) =>
    m.work.task === 'understand' ? [] : [{ ...m.work, amount: amountOf(m.work), ms: m.ms }],
  );
  const close = pictures.filter((p) => p.task === work.task && p.decoder === work.decoder);
  for (const comparable of [close, pictures]) {
    const line = fitLine(comparable);
    if (line) return better(rangeOfSame(same), rangeOfLine(line, amountOf(work)));
  }
  if (same.length > 0) return rangeOfSame(same);
  // All of one other size: in proportion, with a part that does not grow.
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
