import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { castFloat, float32 } from '../../runtime/graphs/tensor';
import type { StoredTensor, Tensors } from '../checkpoint/tensors';
import { widened } from '../checkpoint/widened';
import { GraphBuilder } from '../onnx/graph-builder';
import { largestDifference } from '../testing/expected';
import { block, type Bits } from './blocks';
import { asFloats, inBlocks, planOf, type Piece, type Plan } from './plan';
import { writePlans } from './write';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), 'quantise-'))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

type Format = 'F32' | 'F16' | 'BF16';
const formats: readonly Format[] = ['F32', 'F16', 'BF16'];
const allBits: readonly Bits[] = [4, 8];

/** The same numbers on every run, from −1 to 1. */
function numbers(count: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 30 - 1;
  });
}

function stored(values: Float32Array, format: Format): Buffer {
  if (format === 'F32') return Buffer.from(new Uint8Array(values.buffer));
  if (format === 'F16')
    return Buffer.from(new Uint8Array(castFloat(float32(values, [values.length]), 'float16').data.buffer));
  const bits = new Uint32Array(values.buffer);
  return Buffer.from(new Uint8Array(Uint16Array.from(bits, (each) => each >>> 16).buffer));
}

/** A file with one weight that begins at an odd place, as in archives of torch. */
async function checkpointOf(
  values: Float32Array,
  shape: readonly [number, number],
  format: Format,
): Promise<{ tensors: Tensors; values: Float32Array }> {
  const bytes = stored(values, format);
  const file = path.join(await mkdtemp(path.join(folder, 'checkpoint-')), 'weights.bin');
  await writeFile(file, Buffer.concat([Buffer.from('odd'), bytes]));
  const tensor: StoredTensor = { dtype: format, shape, file, offset: 3, length: bytes.length };
  return { tensors: new Map([['layer.weight', tensor]]), values: widened(bytes, format, 'layer.weight') };
}

const fileFor = async () => path.join(await mkdtemp(path.join(folder, 'out-')), 'weights', 'layer.bin');
const optionsFor = ({ file }: Plan, threads = 1) => ({
  journal: path.join(path.dirname(path.dirname(file)), 'journal.json'),
  threads,
});

/** What the numbers in a file mean, by the definition of MatMulNBits. */
function dequantised({ to }: Piece, bytes: Buffer): { values: Float32Array; steps: Float32Array } {
  const { bits, numbers, scales, zeroPoints } = to.quantised!;
  const [outputs, inputs] = to.shape as [number, number];
  const blocks = Math.ceil(inputs / block);
  const at = ({ offset }: StoredTensor, row: number, rowBytes: number, i: number) => {
    const start = offset + row * rowBytes;
    if (bits === 8) return bytes[start + i]!;
    const pair = bytes[start + Math.floor(i / 2)]!;
    return i % 2 === 0 ? pair % 16 : Math.floor(pair / 16);
  };
  const values = new Float32Array(outputs * inputs);
  const steps = new Float32Array(outputs * inputs);
  for (let row = 0; row < outputs; row++)
    for (let i = 0; i < inputs; i++) {
      const b = Math.floor(i / block);
      const scale = bytes.readFloatLE(scales.offset + (row * blocks + b) * 4);
      const zero = at(zeroPoints, row, Math.ceil((blocks * bits) / 8), b);
      values[row * inputs + i] = (at(numbers, row, (blocks * block * bits) / 8, i) - zero) * scale;
      steps[row * inputs + i] = scale;
    }
  return { values, steps };
}

/** Rows of inputs through MatMulNBits in float32. */
async function multiplied({ to }: Piece, dir: string, rows: Float32Array): Promise<Float32Array> {
  const [outputs, inputs] = to.shape as [number, number];
  const { bits, numbers, scales, zeroPoints } = to.quantised!;
  const graph = new GraphBuilder('product', (file) => path.relative(dir, file));
  const x = graph.input('x', 'float32', ['rows', inputs]);
  const weights = Object.entries({ numbers, scales, zeroPoints }).map(([name, tensor]) =>
    graph.weight(name, tensor),
  );
  const y = graph.node('MatMulNBits', [x, ...weights], {
    domain: 'com.microsoft',
    attributes: { K: inputs, N: outputs, bits, block_size: block, accuracy_level: 1 },
  });
  graph.output('y', y, 'float32', ['rows', outputs]);
  const session = await ort.InferenceSession.create(graph.finish(), {
    logSeverityLevel: 3,
    extra: { session: { model_external_initializers_file_folder_path: dir } },
  });
  const found = await session.run({ x: new ort.Tensor('float32', rows, [rows.length / inputs, inputs]) });
  await session.release();
  return found.y!.data as Float32Array;
}

describe.each(allBits)('weights in blocks of %d bits', (bits) => {
  it.each(
    formats.flatMap((format) =>
      (
        [
          [40, 64],
          [24, 44],
          [7, 33],
          [3, 1],
          [96, 100],
        ] as const
      ).map((shape) => ({ format, shape })),
    ),
  )('mean what MatMulNBits makes of them: $format, $shape', async ({ format, shape }) => {
    const [outputs, inputs] = shape;
    const given = numbers(outputs * inputs);
    // Blocks of nothing, of one sign, with an end far from the others, and of tiny numbers.
    given.fill(0, 0, Math.min(block, inputs));
    for (let i = inputs; i < 2 * inputs; i++) given[i] = -Math.abs(given[i]!) - 1;
    given[3 * inputs - 1] = -1000;
    const { tensors, values } = await checkpointOf(given, shape, format);
    const plan = planOf(tensors, inBlocks(/weight/, bits), await fileFor());
    await writePlans([plan], optionsFor(plan));
    const [piece] = plan.pieces as [Piece];
    const bytes = await readFile(plan.file);
    expect(bytes).toHaveLength(plan.bytes);
    const { values: found, steps } = dequantised(piece, bytes);
    for (const [i, value] of values.entries())
      expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(steps[i]! * 0.5001);
    expect(found.subarray(0, Math.min(block, inputs)).every((value) => value === 0)).toBe(true);
    expect(found[3 * inputs - 1]).toBeCloseTo(values[3 * inputs - 1]!, 3);
    const rows = numbers(5 * inputs);
    const expected = new Float32Array(5 * outputs);
    for (let row = 0; row < 5; row++)
      for (let output = 0; output < outputs; output++)
        for (let i = 0; i < inputs; i++)
          expected[row * outputs + output]! += rows[row * inputs + i]! * found[output * inputs + i]!;
    const product = await multiplied(piece, path.dirname(plan.file), rows);
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largestDifference(product, expected)).toBeLessThan(1e-5 * largest);
  });

  it.each(formats.flatMap((format) => [NaN, Infinity, -Infinity].map((value) => ({ format, value }))))(
    'are not made of $value: $format',
    async ({ format, value }) => {
      const given = numbers(64);
      given[50] = value;
      const { tensors } = await checkpointOf(given, [2, 32], format);
      const plan = planOf(tensors, inBlocks(/weight/, bits), await fileFor());
      await expect(writePlans([plan], optionsFor(plan))).rejects.toMatchObject({
        name: 'CheckpointError',
        code: 'checkpoint_damaged',
        message: expect.stringContaining('layer.weight holds numbers that are not finite') as string,
      });
    },
  );

  it('keep the largest and the smallest numbers of float32', async () => {
    const given = numbers(64);
    given.set([3e38, -3e38], 0);
    given.fill(0, 32);
    given.set([1e-45, -1e-45], 40);
    const { tensors } = await checkpointOf(given, [2, 32], 'F32');
    const plan = planOf(tensors, inBlocks(/weight/, bits), await fileFor());
    await writePlans([plan], optionsFor(plan));
    const { values } = dequantised(plan.pieces[0]!, await readFile(plan.file));
    expect(values.every(Number.isFinite)).toBe(true);
    expect(values[0]! / 3e38).toBeCloseTo(1, 1);
    expect(values[1]! / -3e38).toBeCloseTo(1, 1);
  });
});

describe('files of quantised weights', () => {
  /** A weight of several stretches, what stays as it is, and a small one. */
  async function plansFor(): Promise<[Plan, Plan]> {
    const { tensors: large } = await checkpointOf(numbers(5000 * 1000), [5000, 1000], 'F16');
    const { tensors: small } = await checkpointOf(numbers(64), [2, 32], 'BF16');
    const both = new Map([
      ['large.weight', large.get('layer.weight')!],
      ['small.bias', small.get('layer.weight')!],
    ]);
    return [
      planOf(both, inBlocks(/weight/, 4), await fileFor()),
      planOf(small, inBlocks(/weight/, 8), await fileFor()),
    ];
  }

  it('are the same with any number of threads, and again after a break', async () => {
    const [plan, other] = await plansFor();
    await writePlans([plan, other], optionsFor(plan));
    const [whole, small] = [await readFile(plan.file), await readFile(other.file)];
    const bias = plan.pieces[1]!;
    const source = await readFile(bias.from.file);
    expect(whole.subarray(bias.to.offset).equals(source.subarray(bias.from.offset))).toBe(true);
    await rm(optionsFor(plan).journal);
    await writeFile(plan.file, Buffer.alloc(plan.bytes + 100, 7));
    await writePlans([plan, other], optionsFor(plan, 3));
    expect((await readFile(plan.file)).equals(whole)).toBe(true);
    // Only behind what the journal says: it is not written again.
    await writeFile(plan.file, Buffer.alloc(plan.bytes, 7));
    await writePlans([plan, other], optionsFor(plan));
    expect((await readFile(plan.file)).every((byte) => byte === 7)).toBe(true);
    // A checkpoint that has changed since begins anew.
    await utimes(plan.pieces[0]!.from.file, 1, 1);
    await writePlans([plan, other], optionsFor(plan, 2));
    expect((await readFile(plan.file)).equals(whole)).toBe(true);
    expect((await readFile(other.file)).equals(small)).toBe(true);
  });

  it('are not begun on a disk that is too small', async () => {
    const [plan] = await plansFor();
    await expect(writePlans([{ ...plan, bytes: 1e18 }], optionsFor(plan))).rejects.toMatchObject({
      code: 'checkpoint_space',
      message: expect.stringContaining('1000000000.00 GB are needed') as string,
    });
    await expect(readFile(plan.file)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('say how far they are, in bytes', async () => {
    const [plan, other] = await plansFor();
    const seen: number[] = [];
    await writePlans([plan, other], {
      ...optionsFor(plan),
      onProgress: (done, total) => seen.push(done / total),
    });
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(1);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });

  it.each(formats.flatMap((from) => (['F16', 'F32'] as const).map((to) => ({ from, to }))))(
    'may be other floats instead: $from to $to',
    async ({ from, to }) => {
      // Several stretches, small and large numbers, and what lies between two numbers of float16.
      const given = numbers(3 * 700_001).map((value, i) => (i % 5 === 0 ? value * 2 ** -16 : value * 100));
      given.set([65_504, -65_504, 0, 2 ** -24, 1 + 2 ** -11], 0);
      const { tensors, values } = await checkpointOf(given, [3, 700_001], from);
      const plan = planOf(tensors, asFloats(to), await fileFor());
      await writePlans([plan], optionsFor(plan, 2));
      const bytes = await readFile(plan.file);
      const found = widened(bytes, to, 'layer.weight');
      const wanted = to === 'F32' ? values : widened(stored(values, 'F16'), 'F16', 'layer.weight');
      expect(largestDifference(found, wanted)).toBe(0);
      expect(plan.pieces[0]!.to.dtype).toBe(to);
    },
  );

  it('are not float16 where a number is too large for it', async () => {
    const { tensors } = await checkpointOf(numbers(64).fill(70_000, 3, 4), [2, 32], 'BF16');
    const plan = planOf(tensors, asFloats('F16'), await fileFor());
    await expect(writePlans([plan], optionsFor(plan))).rejects.toMatchObject({
      code: 'checkpoint_damaged',
      message: expect.stringContaining('too large for float16') as string,
    });
  });

  it('are of matrices alone', async () => {
    const { tensors } = await checkpointOf(numbers(64), [2, 32], 'F32');
    const flat = new Map([...tensors].map(([name, tensor]) => [name, { ...tensor, shape: [64] }]));
    expect(() => planOf(flat, inBlocks(/weight/, 4), 'x')).toThrow(
      'layer.weight is 64; it should be a matrix.',
    );
  });
});
