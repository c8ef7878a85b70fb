import { createHash } from 'node:crypto';
import { copyFile, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sha256OfFile, type SourceList } from '../../runtime/directory';
import { openGraphs, type GraphSpec } from '../../runtime';
import { floatsOf } from '../../runtime/graphs/tensor';
import { loadManifest } from '../../runtime/manifest';
import type { DType } from '../checkpoint/tensors';
import { CheckpointError } from '../errors';
import type { Compute } from '../graphs/layers';
import { pooledOfNothing, statesOfNothing } from '../graphs/text-encoders';
import { readCheckpoint, sizesOf, type Checkpoint } from './checkpoint';
import { graphNames, write, writeGraph, type WrittenGraph } from './graphs';
import { takeFolder } from './lock';
import { manifestOf, negativeTokens, referenceSide } from './manifest';

export interface AddOptions {
  /** The folder of Nexus-Gen V2 as it was downloaded. */
  weights: string;
  /** That of FLUX.1-dev; by default one beside the weights. */
  flux?: string;
  /** The model directory to be made. */
  out: string;
  /** What the graphs compute in; by default float32. */
  compute?: Compute;
  onProgress?: (progress: Progress) => void;
}

export interface Progress {
  stage: 'reading' | 'graphs' | 'constants' | 'sums';
  /** Of `total`, in bytes with sums, else in pieces. */
  done: number;
  total: number;
  /** The file or graph in hand. */
  what?: string;
}

/**
 * Makes a model directory over downloaded files, which stay where they are. Interrupted, it goes on from there when it is
 * called again, and ends with the same files.
 * @throws CheckpointError; a directory that is there already is left alone
 */
export async function addNexusGen(options: AddOptions): Promise<{ dir: string; hash: string }> {
  const { compute = 'float32', onProgress = () => undefined } = options;
  const out = path.resolve(options.out);
  const refuseExisting = async () => {
    if (await stat(out).catch(() => null))
      throw new CheckpointError(
        'checkpoint_mismatch',
        `${out} is there already. Remove it, or choose another --out.`,
      );
  };
  await refuseExisting();
  onProgress({ stage: 'reading', done: 0, total: 1 });
  const checkpoint = await readCheckpoint(options.weights, options.flux);
  const part = `${out}.part`;
  const release = await takeFolder(out);
  try {
    // By one that ended while this one read the checkpoint.
    await refuseExisting();
    await mkdir(part, { recursive: true });
    const made = await makeConstants(checkpoint, part, onProgress);
    const graphs: Record<string, GraphSpec> = {};
    for (const [i, name] of graphNames.entries()) {
      onProgress({ stage: 'graphs', done: i, total: graphNames.length, what: name });
      const [fused, plain] = (['fused', 'plain'] as const).map((attention) =>
        writeGraph(name, checkpoint, made, { compute, attention }),
      ) as [WrittenGraph, WrittenGraph];
      graphs[name] = await save(part, name, fused);
      if (Buffer.compare(fused.bytes, plain.bytes) !== 0)
        graphs[name].plain = (await save(part, `${name}.plain`, plain)).file;
    }
    await copyFile(path.join(checkpoint.weights, 'tokenizer.json'), path.join(part, 'tokenizer.json'));
    const manifest = {
      ...(await manifestOf(checkpoint)),
      graphs,
      parts: sizesOf(checkpoint),
      files: {} as Record<string, { sha256: string; bytes: number }>,
      sources: await sumsOf(checkpoint, part, onProgress),
    };
    const names = [
      'tokenizer.json',
      'image_prefill_embeds.bin',
      'negative_cond.bin',
      ...Object.values(graphs).flatMap(({ file, plain }) => (plain === undefined ? file : [file, plain])),
    ];
    for (const name of names.sort()) {
      const bytes = await readFile(path.join(part, name));
      manifest.files[name] = {
        sha256: createHash('sha256').update(bytes).digest('hex'),
        bytes: bytes.length,
      };
    }
    await writeWhole(path.join(part, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
    const { hash } = await loadManifest(part);
    await rm(path.join(part, sumsFile), { force: true });
    await rm(path.join(part, 'making'), { recursive: true, force: true });
    await rename(part, out);
    return { dir: out, hash };
  } finally {
    await release();
  }
}

async function save(dir: string, name: string, graph: WrittenGraph): Promise<GraphSpec> {
  const file = `${name}.onnx`;
  await writeWhole(path.join(dir, file), graph.bytes);
  const { bytes: _bytes, ...spec } = graph;
  return { file, ...spec };
}

/** A file that is whole or not there, also where the program ends in the middle of it. */
async function writeWhole(file: string, bytes: Uint8Array | string): Promise<void> {
  const partial = `${file}.partial`;
  await writeFile(partial, bytes);
  await rename(partial, file);
}

const littleEndian = (values: Float32Array) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

/** What the text encoders say of the empty prompt, and the learned inputs of the language model. */
async function makeConstants(checkpoint: Checkpoint, part: string, onProgress: (progress: Progress) => void) {
  const making = path.join(part, 'making');
  await mkdir(making, { recursive: true });
  const once = async (name: string, output: string, graph: () => WrittenGraph): Promise<Float32Array> => {
    const kept = path.join(making, `${name}.bin`);
    const before = await readFile(kept).catch(() => null);
    if (before)
      return new Float32Array(before.buffer.slice(before.byteOffset, before.byteOffset + before.length));
    const written = graph();
    const spec = await save(making, name, written);
    const set = await openGraphs<string>(making, { [name]: spec });
    try {
      const found = (await (await set.get(name)).run({}))[output];
      if (found?.dtype !== 'float32') throw new TypeError(`${name} gave no floats.`);
      await writeWhole(kept, littleEndian(found.data));
      return found.data;
    } finally {
      await set.close();
    }
  };
  const { clip, t5 } = checkpoint.parts;
  onProgress({ stage: 'constants', done: 0, total: 2, what: 'text_encoder' });
  const pooled = await once('pooled', 'pooled', () =>
    write('text_encoder', clip, { compute: 'float32' }, (layers) => pooledOfNothing(layers, checkpoint.clip)),
  );
  onProgress({ stage: 'constants', done: 1, total: 2, what: 'text_encoder_2' });
  const states = await once('states', 'states', () =>
    write('text_encoder_2', t5, { compute: 'float32' }, (layers) =>
      statesOfNothing(layers, checkpoint.t5, negativeTokens),
    ),
  );
  // The negative condition: its tokens stand at place 0.
  const context = states.length / negativeTokens;
  const negative = new Float32Array(negativeTokens * (context + 3));
  for (let i = 0; i < negativeTokens; i++)
    negative.set(states.subarray(i * context, (i + 1) * context), i * (context + 3));
  await writeWhole(path.join(part, 'negative_cond.bin'), littleEndian(negative));
  await writeWhole(path.join(part, 'image_prefill_embeds.bin'), littleEndian(await prefill(checkpoint)));
  const { target } = checkpoint;
  return {
    pooled,
    grids: { target: [target, target], reference: [referenceSide, referenceSide] } as const,
  };
}

/** A small tensor, as float32. */
async function prefill({ parts }: Checkpoint): Promise<Float32Array> {
  const tensor = parts.autoregressive.tensors.get('image_prefill_embeds.weight')!;
  const handle = await open(tensor.file);
  try {
    const bytes = Buffer.alloc(tensor.length);
    await handle.read(bytes, 0, bytes.length, tensor.offset);
    return widened(bytes, tensor.dtype);
  } finally {
    await handle.close();
  }
}

/** Numbers of a weight’s format as float32. */
function widened(bytes: Buffer, dtype: DType): Float32Array {
  const { buffer } = new Uint8Array(bytes);
  if (dtype === 'F32') return new Float32Array(buffer);
  const halves = new Uint16Array(buffer);
  if (dtype === 'F16') return floatsOf({ dtype: 'float16', dims: [halves.length], data: halves });
  if (dtype !== 'BF16')
    throw new CheckpointError('checkpoint_format', `image_prefill_embeds.weight holds ${dtype}.`);
  // The upper half of a float32.
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
}

const sumsFile = 'sums.json';

/** Sums of all files that the graphs name. What was summed before an interruption is not summed again. */
async function sumsOf(
  { parts }: Checkpoint,
  part: string,
  onProgress: (progress: Progress) => void,
): Promise<SourceList> {
  const { clip: _clip, t5: _t5, ...used } = parts;
  const files = [
    ...new Set(Object.values(used).flatMap(({ tensors }) => [...tensors.values()].map(({ file }) => file))),
  ].sort();
  const known = JSON.parse(await readFile(path.join(part, sumsFile), 'utf8').catch(() => '{}')) as SourceList;
  const found = await Promise.all(files.map(async (file) => ({ file, info: await stat(file) })));
  const total = found.reduce((sum, { info }) => sum + info.size, 0);
  const sums: SourceList = {};
  let done = 0;
  for (const { file, info } of found) {
    onProgress({ stage: 'sums', done, total, what: path.basename(file) });
    const before = known[file];
    const same = before?.bytes === info.size && before.modified === info.mtimeMs;
    sums[file] = same
      ? before
      : { sha256: await sha256OfFile(file), bytes: info.size, modified: info.mtimeMs };
    done += info.size;
    await writeWhole(path.join(part, sumsFile), JSON.stringify({ ...known, ...sums }));
  }
  return sums;
}
