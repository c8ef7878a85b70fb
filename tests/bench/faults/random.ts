import { xoshiro128 } from '../../../models/runtime/random';

/** Draws that are the same for the same seed. */
export interface Random {
  /** A whole number from 0 to 2³² − 1. */
  next(): number;
  /** A whole number from 0, below `end`. */
  below(end: number): number;
  bytes(length: number): Buffer;
  of<T>(values: readonly T[]): T;
}

export function seeded(seed: number): Random {
  const next = xoshiro128(seed);
  const below = (end: number) => next() % end;
  return {
    next,
    below,
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
    of: (values) => values[below(values.length)]!,
  };
}
