/** A model under test, as a run sees it: whatever turns requests into pictures or words. */

import type { RunParametersOf } from '../../models/runtime/parameters';

/** Pictures are PNG, JPEG or WebP files. What is left out is the model's to choose. */
export type TestRequest =
  | ({ task: 'generate'; prompt: string } & RunParametersOf<'generate'>)
  | ({ task: 'edit'; prompt: string; image: Uint8Array } & RunParametersOf<'edit'>)
  | ({ task: 'understand'; prompt: string; images: readonly Uint8Array[] } & RunParametersOf<'understand'>);

export type TestOutput = (
  | { kind: 'image'; bytes: Uint8Array; mediaType: string; width: number; height: number }
  | { kind: 'text'; text: string }
) & {
  /** Milliseconds of the model's call alone: without waiting in line, scoring or writing. */
  latencyMs: number;
};

/**
 * What went wrong with a request. `item`: this one request cannot be answered, and the run goes on without it.
 * `unavailable`: no request would be, and the run stops and says so. `limit`: the spending limit is reached, and the
 * run pauses.
 */
export type UnderTestFailure = 'item' | 'unavailable' | 'limit';

export class UnderTestError extends Error {
  constructor(
    readonly failure: UnderTestFailure,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'UnderTestError';
  }
}

export interface ModelUnderTest {
  /** @throws UnderTestError; CancelledError when `signal` aborts */
  run(request: TestRequest, options?: { signal?: AbortSignal }): Promise<TestOutput>;
  close(): Promise<void>;
}
