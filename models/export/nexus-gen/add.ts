import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { filesOf, formDevices, sha256OfFile, type GraphForm, type SourceList } from '../../runtime/directory';
import { openGraphs, type GraphSpec } from '../../runtime';
import { loadManifest, type GraphName } from '../../runtime/manifest';
import { widened } from '../checkpoint/widened';
import type { Compute, Numbers } from '../graphs/layers';
import { int64 } from '../../runtime/graphs/tensor';
import {
  clipTokensOfNothing,
  clipVocabulary,
  pooledOfNothing,
  statesOfNothing,
  t5TokensOfNothing,
} from '../graphs/text-encoders';
import { write, type WrittenGraph } from '../graphs/write';
import { block } from '../quantise/blocks';
import { planOf, type Plan } from '../quantise/plan';
import { writePlans } from '../quantise/write';
import { refuseExisting, takeNew } from '../new-directory';
import { sourcesOf } from '../sources';
import { writeWhole } from '../write-whole';
import { readCheckpoint, sizesOf, type Checkpoint } from './checkpoint';
import { graphNames, weightsOf, writeGraph, type MadeConstants } from './graphs';
import { latentColors } from './latent-colors';
import { numbersOn, precisions, storingOf, type Precision } from './precision';
import { manifestOf, negativeTokens, referenceSide } from './manifest';
import { precisionSizes } from './precision-sizes';

export interface AddOptions {
  /** The folder of Nexus-Gen V2 as it was downloaded. */
  weights: string;
  /** That of FLUX.1-dev; by default one beside the weights. */
  flux?: string;
  /** The model directory to be made. */
  out: string;
  /** What the graphs compute in; by default float32. */
  compute?: Compute;
  /** What large weights are stored as; by default as they were downloaded. Others are written into the directory. */
  precision?: Precision;
  /** For quantising; they change nothing about the result. */
  threads?: number;
  onProgress?: (progress: Progress) => void;
}

export interface Progress {
  stage: 'reading' | 'graphs' | 'constants' | 'quantising' | 'sums';
  /** Of `total`, in bytes with quantising and sums, else in pieces. */
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
  const { compute = 'float32', precision = 'as-is', onProgress = () => undefined } = options;
  const out = path.resolve(options.out);
  await refuseExisting(out);
  onProgress({ stage: 'reading', done: 0, total: 1 });
  const checkpoint = await readCheckpoint(options.weights, options.flux);
  const part = `${out}.part`;
  const release = await takeNew(out);
  try {
    await mkdir(part, { recursive: true });
    const made = await makeConstants(checkpoint, part, onProgress);
    const plans = plansOf(checkpoint, made, compute, precision, part);
    await removeOthers(part, plans);
    await writePlans([...plans.values()], {
      journal: path.join(part, 'making', 'quantised.json'),
      ...(options.threads !== undefined && { threads: options.threads }),
      onProgress: (done, total, what) => onProgress({ stage: 'quantising', done, total, what }),
    });
    const stored = quantisedParts(checkpoint, plans);
    const graphs: Record<string, GraphSpec> = {};
    const elsewhere = new Set<string>();
    for (const [i, name] of graphNames.entries()) {
      onProgress({ stage: 'graphs', done: i, total: graphNames.length, what: name });
      const { of } = weightsOf(name);
      const from = plans.has(name) ? { tensors: stored[of].tensors, folder: part } : undefined;
      const written = writeGraph(name, checkpoint, made, { compute }, from);
      if (!from) for (const { file } of written.tensors.values()) elsewhere.add(file);
      const { weights, ...spec } = await save(part, name, written);
      const form = precisions[precision];
      if (!from) graphs[name] = { ...spec, ...(weights !== undefined && { weights }) };
      else if (typeof form === 'number') graphs[name] = { ...spec, quantised: { bits: form, block } };
      // In the directory, wherever that is.
      else graphs[name] = { ...spec, weights: '.' };
      const forms = await saveForms(part, name, written, precision, (numbers) =>
        writeGraph(name, checkpoint, made, numbers, from),
      );
      if (Object.keys(forms).length > 0) graphs[name].forms = forms;
    }
    onProgress({ stage: 'constants', done: 2, total: 3, what: 'vae_decoder' });
    await writeColors(part, graphs.vae_decoder!);
    await copyFile(path.join(checkpoint.weights, 'tokenizer.json'), path.join(part, 'tokenizer.json'));
    for (const name of graphNames)
      graphs[name]!.sizes = precisionSizes(name, writeGraph(name, checkpoint, made, { compute }).tensors);
    const manifest = {
      ...(await manifestOf(checkpoint)),
      precision,
      graphs,
      parts: sizesOf({ ...checkpoint, parts: stored }),
      files: {} as Record<string, { sha256: string; bytes: number }>,
      sources: await sumsOf([...elsewhere].sort(), part, onProgress),
    };
    const names = [
      'tokenizer.json',
      'image_prefill_embeds.bin',
      'negative_cond.bin',
      'latent_colors.bin',
      ...Object.values(graphs).flatMap(filesOf),
      ...[...plans.values()].map(({ file }) => `${weightsFolder}/${path.basename(file)}`),
    ];
    const own = await Promise.all(
      names.sort().map(async (name) => ({ name, bytes: (await stat(path.join(part, name))).size })),
    );
    const total = own.reduce((sum, { bytes }) => sum + bytes, 0);
    let done = 0;
    for (const { name, bytes } of own) {
      onProgress({ stage: 'sums', done, total, what: name });
      manifest.files[name] = { sha256: await sha256OfFile(path.join(part, name)), bytes };
      done += bytes;
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

/** Of the model directory: files with quantised weights. */
const weightsFolder = 'weights';

/** The files of the graphs with quantised weights. */
function plansOf(
  checkpoint: Checkpoint,
  made: MadeConstants,
  compute: Compute,
  precision: Precision,
  part: string,
): Map<GraphName, Plan> {
  const plans = new Map<GraphName, Plan>();
  const planned = new Map<string, Set<string>>();
  for (const name of graphNames) {
    const { of } = weightsOf(name);
    const storing = storingOf(name, precision);
    if (!storing) continue;
    const known = planned.get(of) ?? new Set();
    planned.set(of, known);
    // Of all forms, and once for all graphs of a part: each finds its weights below one folder.
    const named = new Map(
      [{ compute }, ...formDevices.map((device) => numbersOn(device, precision))].flatMap((numbers) =>
        [...writeGraph(name, checkpoint, made, numbers).tensors].filter(([tensor]) => !known.has(tensor)),
      ),
    );
    for (const tensor of named.keys()) known.add(tensor);
    plans.set(name, planOf(named, storing, path.join(part, weightsFolder, `${name}.${precision}.bin`)));
  }
  return plans;
}

/** The parts with the tensors of plans where these put them. */
function quantisedParts({ parts }: Checkpoint, plans: ReadonlyMap<GraphName, Plan>): Checkpoint['parts'] {
  const stored = { ...parts };
  for (const [name, { pieces }] of plans) {
    const { of } = weightsOf(name);
    const { tensors, folder } = stored[of];
    stored[of] = {
      folder,
      tensors: new Map([...tensors, ...pieces.map(({ name, to }) => [name, to] as const)]),
    };
  }
  return stored;
}

/** Without what an interruption at another precision left. */
async function removeOthers(part: string, plans: ReadonlyMap<GraphName, Plan>): Promise<void> {
  const folder = path.join(part, weightsFolder);
  const wanted = new Set([...plans.values()].map(({ file }) => path.basename(file)));
  for (const name of await readdir(folder).catch(() => []))
    if (!wanted.has(name)) await rm(path.join(folder, name));
  if (wanted.size === 0) await rm(folder, { recursive: true, force: true });
}

/** The forms of a graph that differ from the one of the CPU. */
async function saveForms(
  part: string,
  name: GraphName,
  usual: WrittenGraph,
  precision: Precision,
  writtenWith: (numbers: Numbers) => WrittenGraph,
): Promise<Partial<Record<(typeof formDevices)[number], GraphForm>>> {
  const forms: Partial<Record<(typeof formDevices)[number], GraphForm>> = {};
  for (const device of formDevices) {
    const written = writtenWith(numbersOn(device, precision));
    if (Buffer.compare(usual.bytes, written.bytes) === 0) continue;
    const saved = await save(part, `${name}.${device}`, written);
    const changed = (['memory', 'inputs', 'outputs'] as const).filter(
      (field) => !isDeepStrictEqual(saved[field], usual[field]),
    );
    forms[device] = {
      file: saved.file,
      ...Object.fromEntries(changed.map((field) => [field, saved[field]])),
    };
  }
  return forms;
}

async function save(dir: string, name: string, graph: WrittenGraph): Promise<GraphSpec> {
  const file = `${name}.onnx`;
  await writeWhole(path.join(dir, file), graph.bytes);
  const { bytes: _bytes, tensors: _tensors, ...spec } = graph;
  return { file, ...spec };
}

const littleEndian = (values: Float32Array) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

/** What the text encoders say of the empty prompt, and the learned inputs of the language model. */
async function makeConstants(checkpoint: Checkpoint, part: string, onProgress: (progress: Progress) => void) {
  const making = path.join(part, 'making');
  await mkdir(making, { recursive: true });
  const once = async (
    name: string,
    output: string,
    tokens: readonly number[],
    graph: () => WrittenGraph,
  ): Promise<Float32Array> => {
    const kept = path.join(making, `${name}.bin`);
    const before = await readFile(kept).catch(() => null);
    if (before)
      return new Float32Array(before.buffer.slice(before.byteOffset, before.byteOffset + before.length));
    const written = graph();
    const spec = await save(making, name, written);
    const set = await openGraphs<string>(making, { [name]: spec });
    try {
      const found = (await (await set.get(name)).run({ input_ids: int64(tokens, [tokens.length]) }))[output];
      if (found?.dtype !== 'float32') throw new TypeError(`${name} gave no floats.`);
      await writeWhole(kept, littleEndian(found.data));
      return found.data;
    } finally {
      await set.close();
    }
  };
  const { clip, t5 } = checkpoint.parts;
  onProgress({ stage: 'constants', done: 0, total: 3, what: 'text_encoder' });
  const clipTokens = clipTokensOfNothing(clip.tensors.get(clipVocabulary)?.shape[0] ?? 0);
  const pooled = await once('pooled', 'pooled', clipTokens, () =>
    write('text_encoder', clip, { compute: 'float32' }, (layers) => pooledOfNothing(layers, checkpoint.clip)),
  );
  onProgress({ stage: 'constants', done: 1, total: 3, what: 'text_encoder_2' });
  const states = await once('states', 'states', t5TokensOfNothing(negativeTokens), () =>
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

/** Colours of latents, for previews. */
async function writeColors(part: string, vae: GraphSpec): Promise<void> {
  const set = await openGraphs<GraphName>(part, { vae_decoder: vae });
  try {
    const colors = await latentColors(await set.get('vae_decoder'), Number(vae.inputs.latents!.shape[1]));
    await writeWhole(path.join(part, 'latent_colors.bin'), littleEndian(colors));
  } finally {
    await set.close();
  }
}

/** A small tensor, as float32. */
async function prefill({ parts }: Checkpoint): Promise<Float32Array> {
  const tensor = parts.autoregressive.tensors.get('image_prefill_embeds.weight')!;
  const handle = await open(tensor.file);
  try {
    const bytes = Buffer.alloc(tensor.length);
    await handle.read(bytes, 0, bytes.length, tensor.offset);
    return widened(bytes, tensor.dtype, 'image_prefill_embeds.weight');
  } finally {
    await handle.close();
  }
}

const sumsFile = 'sums.json';

/** Sums of all files that the graphs name. What was summed before an interruption is not summed again. */
async function sumsOf(
  files: readonly string[],
  part: string,
  onProgress: (progress: Progress) => void,
): Promise<SourceList> {
  const journal = path.join(part, sumsFile);
  const known = JSON.parse(await readFile(journal, 'utf8').catch(() => '{}')) as SourceList;
  return sourcesOf(files, {
    known,
    onProgress: (done, total, what) => onProgress({ stage: 'sums', done, total, what: path.basename(what) }),
    onSum: (sums) => writeWhole(journal, JSON.stringify({ ...known, ...sums })),
  });
}
