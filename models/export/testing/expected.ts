import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sharedData } from '../../runtime/testing/shared-data';

/** A checkpoint in the real layout with what the reference code makes of it, where it lies beside the repository. */
export const miniature = sharedData('v2-mini');

interface Stored {
  file: string;
  dtype: 'float32' | 'int64' | 'uint8';
  shape: number[];
  tolerance?: number;
}

export interface Case {
  name: string;
  graph: string;
  inputs: Record<string, Stored>;
  outputs: Record<string, Stored>;
  branch?: string;
  sources?: Record<string, Stored>;
  prompt_emb?: Stored;
  text_ids?: Stored;
  steps?: {
    name: string;
    inputs: Record<string, Stored>;
    outputs: Record<string, Stored>;
    embeddings?: Stored;
  }[];
  denoise?: { steps: number; guidance: number; sigmas: number[] };
}

export interface Expected {
  cases: Case[];
  constants: { pooled: Stored; negative_prompt_emb: Stored };
}

/** What the reference code made of the checkpoint in a folder. */
export function expectedOf(folder: string) {
  const { cases, constants } = JSON.parse(
    readFileSync(path.join(folder, 'expected.json'), 'utf8'),
  ) as Expected;
  const bytes = ({ file }: Stored) => {
    const buffer = readFileSync(path.join(folder, file));
    return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);
  };
  return {
    cases,
    constants,
    floats: (stored: Stored) => new Float32Array(bytes(stored)),
    integers: (stored: Stored) => new BigInt64Array(bytes(stored)),
    bytes: (stored: Stored) => new Uint8Array(bytes(stored)),
  };
}

/** The largest difference of two lists of numbers of one length; infinite where the lengths differ or a number is none. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}
