import { cp, open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { StoredTensor, Tensors } from '../../../models/export/checkpoint/tensors';
import { readCheckpoint, type Checkpoint } from '../../../models/export/nexus-gen/checkpoint';
import { graphNames, weightsOf, writeGraph } from '../../../models/export/nexus-gen/graphs';
import { manifestOf } from '../../../models/export/nexus-gen/manifest';
import { numbersOn, precisions, type Precision } from '../../../models/export/nexus-gen/precision';
import { block } from '../../../models/export/quantise/blocks';
import { inBlocks, planOf } from '../../../models/export/quantise/plan';
import type { Device } from '../../../models/runtime';
import { random } from '../v2/checkpoint';

/** Bytes of random numbers; a tensor begins anywhere in them. */
const floatBytes = 1.3e9;

/**
 * A model directory of Nexus-Gen V2 with random weights that share their bytes: 65 GB of them would be longer in writing than all that is
 * measured. Every tensor begins somewhere else in one file of random numbers.
 * @param like a checkpoint of the same layout, whose weights do not matter
 * @param dir an empty folder
 */
export async function writeRandomModel(
  like: string,
  dir: string,
  device: Device,
  precision: Precision,
): Promise<void> {
  const read = await readCheckpoint(like);
  const largest = Math.max(
    ...Object.values(read.parts).flatMap(({ tensors }) => [...tensors.values()].map(({ length }) => length)),
  );
  const bytes = Math.ceil(Math.min(floatBytes, 4 * largest) / 4096 + 1) * 4096;
  const files = {
    floats: path.join(dir, 'floats.bin'),
    numbers: path.join(dir, 'numbers.bin'),
    scales: path.join(dir, 'scales.bin'),
    zeroPoints: path.join(dir, 'zero-points.bin'),
  };
  await fill(files.floats, bytes, (size) => random(size, 2));
  const somewhere = places(bytes);
  const moved = (tensors: Tensors): Tensors =>
    new Map(
      [...tensors].map(([name, tensor]) => [
        name,
        { ...tensor, file: files.floats, offset: somewhere(tensor.length) },
      ]),
    );
  const parts = Object.fromEntries(
    Object.entries(read.parts).map(([name, { tensors }]) => [name, { tensors: moved(tensors), folder: dir }]),
  ) as Checkpoint['parts'];
  const checkpoint: Checkpoint = { ...read, parts };
  const made = {
    pooled: new Float32Array(read.parts.clip.tensors.get('text_model.final_layer_norm.weight')!.shape[0]!),
    grids: { target: [9, 9], reference: [18, 18] } as const,
  };
  const bits = precisions[precision];
  const numbers = numbersOn(device, precision);
  const graphs: Record<string, object> = {};
  const most = { numbers: 0, scales: 0, zeroPoints: 0 };
  for (const name of graphNames) {
    const { of, quantise } = weightsOf(name);
    const { tensors } = parts[of];
    const blocks = typeof bits === 'number' && quantise ? inBlocks(quantise, bits) : null;
    const stored = new Map<string, StoredTensor>(tensors);
    if (blocks)
      for (const piece of planOf(writeGraph(name, checkpoint, made, numbers).tensors, blocks, '').pieces) {
        const { quantised } = piece.to;
        if (!quantised) continue;
        const at = (kind: keyof typeof most): StoredTensor => {
          most[kind] = Math.max(most[kind], quantised[kind].length);
          return { ...quantised[kind], file: files[kind], offset: 0 };
        };
        stored.set(piece.name, {
          ...piece.to,
          quantised: {
            bits: quantised.bits,
            ...{ numbers: at('numbers'), scales: at('scales'), zeroPoints: at('zeroPoints') },
          },
        });
      }
    const written = writeGraph(name, checkpoint, made, numbers, { tensors: stored, folder: dir });
    const file = `${name}.onnx`;
    await writeFile(path.join(dir, file), written.bytes);
    graphs[name] = {
      ...{ file, weights: '.', memory: written.memory, inputs: written.inputs, outputs: written.outputs },
      ...(blocks && { quantised: { bits, block } }),
    };
  }
  await fill(files.numbers, most.numbers, (size) => random(size, 2));
  // Steps that make of 4 or 8 bits about what the other weights are.
  const step = precision === 'int4' ? 0.004 : 0.00025;
  await fill(files.scales, most.scales, (size) => Buffer.from(new Float32Array(size / 4).fill(step).buffer));
  await fill(files.zeroPoints, most.zeroPoints, (size) =>
    Buffer.alloc(size, precision === 'int4' ? 0x88 : 0x80),
  );
  const manifest = (await manifestOf(checkpoint)) as {
    constants: Record<string, { file: string; shape: number[] }>;
  };
  await cp(path.join(like, 'tokenizer.json'), path.join(dir, 'tokenizer.json'));
  for (const { file, shape } of Object.values(manifest.constants))
    await fill(path.join(dir, file), 4 * shape.reduce((a, b) => a * b, 1), (size) => random(size, 4));
  const names = [
    'tokenizer.json',
    ...Object.values(manifest.constants).map(({ file }) => file),
    ...graphNames.map((name) => `${name}.onnx`),
  ];
  // Nobody checks its sums.
  const listed = await Promise.all(
    names.map(async (name) => [name, { sha256: '0'.repeat(64), bytes: await sizeOf(path.join(dir, name)) }]),
  );
  await writeFile(
    path.join(dir, 'manifest.json'),
    JSON.stringify({ ...manifest, graphs, files: Object.fromEntries(listed) as object }),
  );
}

/** Where tensors of so many bytes begin, one behind the other, and again from the start where they would not fit. */
function places(bytes: number): (length: number) => number {
  let end = 0;
  return (length) => {
    const offset = end + length > bytes ? 0 : end;
    end = offset + Math.ceil(length / 64) * 64;
    return offset;
  };
}

const pieceBytes = 64 * 2 ** 20;

async function fill(file: string, bytes: number, piece: (size: number) => Buffer): Promise<void> {
  const handle = await open(file, 'w');
  try {
    const first = piece(Math.min(pieceBytes, bytes));
    for (let at = 0; at < bytes; at += first.length)
      await handle.write(first, 0, Math.min(first.length, bytes - at), at);
  } finally {
    await handle.close();
  }
}

async function sizeOf(file: string): Promise<number> {
  const handle = await open(file);
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}
