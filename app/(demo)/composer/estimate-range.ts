/** A range of time as a person reads it: both ends in the unit that the larger one takes. */
export interface TimeRange {
  unit: 'seconds' | 'minutes';
  /** Null where both ends read the same. */
  low: string | null;
  high: string;
}

/** From milliseconds: tenths below 10 s, whole seconds below 90 s, then minutes (halves below 10). */
export function timeRange(lowMs: number, highMs: number): TimeRange {
  const [small, large] = [Math.min(lowMs, highMs), Math.max(lowMs, highMs)];
  const unit = large < 90_000 ? 'seconds' : 'minutes';
  const size = unit === 'seconds' ? 1000 : 60_000;
  const grain = large / size >= 10 ? 1 : unit === 'seconds' ? 0.1 : 0.5;
  const text = (ms: number) => {
    const value = Math.max(grain, Math.round(ms / size / grain) * grain);
    return String(Number(value.toFixed(1)));
  };
  const [low, high] = [text(small), text(large)];
  return { unit, low: low === high ? null : low, high };
}
