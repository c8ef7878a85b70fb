import type { InferenceEvent, Timings } from './types';

/** Times the stages of one request and announces each. */
export class Stopwatch {
  readonly timings: Timings = {};
  private readonly started = performance.now();

  constructor(private readonly onEvent?: (event: InferenceEvent) => void) {}

  /** Runs `work` as a stage; the time of a stage that comes twice adds up. */
  async stage<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.onEvent?.({ type: 'stage', stage: name });
    const from = performance.now();
    try {
      return await work();
    } finally {
      this.timings[name] = (this.timings[name] ?? 0) + performance.now() - from;
    }
  }

  /** The timings with `total`, the time since the request began. */
  finish(): Timings {
    return { ...this.timings, total: performance.now() - this.started };
  }
}
