import { readFileSync } from 'node:fs';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { sharedData } from '../../runtime/testing/shared-data';

/**
 * Checkpoints in the real layout with what the reference code makes of them: one of the project's own
 * (make_reference.py), and a larger one of other sizes where it lies beside the repository.
 */
export const checkpoints: { name: string; open: () => Promise<string> }[] = [
  { name: 'tiny', open: unpackTiny },
  ...[sharedData('v2-mini')].flatMap((folder) =>
    folder === null ? [] : [{ name: 'v2-mini', open: () => Promise.resolve(folder) }],
  ),
];

const unpacked: string[] = [];

/** Published evaluators in miniature: the project's own (make_evaluators_reference.py). `removeUnpacked` removes it. */
export const unpackTinyEvaluators = (): Promise<string> => unpack('tiny-evaluators');

/** A folder with the project's own checkpoint. `removeUnpacked` removes it. */
export function unpackTiny(): Promise<string> {
  return unpack('tiny-v2');
}

async function unpack(name: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), `${name}-`));
  unpacked.push(folder);
  const archive = extract();
  archive.end(gunzipSync(readFileSync(path.join(import.meta.dirname, `${name}.tar.gz`))));
  for await (const entry of archive) {
    const file = path.join(folder, entry.header.name);
    await mkdir(path.dirname(file), { recursive: true });
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    await writeFile(file, Buffer.concat(parts));
  }
  return folder;
}

export async function removeUnpacked(): Promise<void> {
  for (const folder of unpacked.splice(0)) await rm(folder, { recursive: true, force: true });
}

export interface Stored {
  file: string;
  dtype: 'float32' | 'int64' | 'uint8';
  shape: number[];
  max_abs?: number;
  tolerance?: number;
  /** Every so many-th number is kept. */
  stride?: number;
  /** Where each row of the first axis begins in the file, in numbers; rows may share some. */
  starts?: number[];
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

interface Expected {
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
  const floats = (stored: Stored) => {
    const all = new Float32Array(bytes(stored));
    if (!stored.starts) return all;
    const row = stored.shape.slice(1).reduce((a, b) => a * b, 1);
    const rows = new Float32Array(stored.starts.length * row);
    stored.starts.forEach((at, i) => rows.set(all.subarray(at, at + row), i * row));
    return rows;
  };
  return {
    cases,
    constants,
    floats,
    integers: (stored: Stored) => new BigInt64Array(bytes(stored)),
    bytes: (stored: Stored) => new Uint8Array(bytes(stored)),
    /**
     * How far an output is from the reference's, as a share of what is allowed: in float32, 5e-5 of the largest value where no
     * tolerance was measured.
     */
    share: (found: Float32Array, stored: Stored, allowed = 5e-5): number => {
      const { stride = 1, max_abs = 1, tolerance = allowed * Math.max(1, max_abs) } = stored;
      const size = stored.shape.reduce((a, b) => a * b, 1);
      if (found.length !== size) return Infinity;
      const kept = stride === 1 ? found : found.filter((_, i) => i % stride === 0);
      return largestDifference(kept, floats(stored)) / tolerance;
    },
    /** How far an output is from the reference's: root mean square of the differences, as a part of that of the values. */
    error: (found: Float32Array, stored: Stored): number => {
      const { stride = 1 } = stored;
      return relativeError(stride === 1 ? found : found.filter((_, i) => i % stride === 0), floats(stored));
    },
    /** The condition of a decoder's case with its places, as a projector would give it: (1, tokens, context + 3). */
    condition: (one: Case): { data: Float32Array; dims: number[] } => {
      const [, , height, width] = one.inputs.latents!.shape;
      const embeddings = floats(one.prompt_emb!);
      const places = floats(one.text_ids!);
      const tokens = one.text_ids!.shape[0]!;
      const context = embeddings.length / tokens;
      const data = new Float32Array(tokens * (context + 3));
      for (let i = 0; i < tokens; i++) {
        data.set(embeddings.subarray(i * context, (i + 1) * context), i * (context + 3));
        const [index, y, x] = places.subarray(i * 3, i * 3 + 3);
        data.set([index!, y! / height!, x! / width!], i * (context + 3) + context);
      }
      return { data, dims: [1, tokens, context + 3] };
    },
  };
}

/** Root mean square of the differences, as a part of that of the values. */
export function relativeError(found: Float32Array, values: Float32Array): number {
  let [off, all] = [0, 0];
  for (const [i, value] of values.entries()) {
    off += (found[i]! - value) ** 2;
    all += value ** 2;
  }
  return Math.sqrt(off / all);
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
