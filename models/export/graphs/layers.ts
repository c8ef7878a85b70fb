import type { AttentionForm } from './attention';
import { CheckpointError } from '../errors';
import { sizeOf, type Quantised, type StoredTensor, type Tensors } from '../checkpoint/tensors';
import { block } from '../quantise/blocks';
import {
  elementTypeOf,
  elementTypes,
  real,
  type Attribute,
  type GraphBuilder,
  type Value,
} from '../onnx/graph-builder';

/** What a graph computes in, whatever its weights are stored as. Its interface is float32 all the same. */
export type Compute = 'float32' | 'float16' | 'bfloat16';

export interface Numbers {
  compute: Compute;
  /** `fused` by default. */
  attention?: AttentionForm;
  /** The language model decodes several tokens in one run. */
  several?: boolean;
  /**
   * Weights of more bytes that are stored in another format are widened each time they are used: onnxruntime would else widen
   * them when the graph is loaded, and keep the copy.
   */
  widenOnceUpTo?: number;
  /** What the file calls a tensor, for messages, where graphs know it by another name. */
  nameInFile?: (name: string) => string;
}

/**
 * How MatMulNBits computes: 4 is with 8-bit integers, 1 with float32, for which it widens whole weights of 8 bits at each use. What that
 * changes about outputs is in ../README.md.
 */
const accuracyLevel = 4;

/** The parts of checkpoints that models are built of. */
export class Layers {
  private ratio: Value | null = null;
  private readonly shapes = new Map<string, Value>();

  constructor(
    readonly graph: GraphBuilder,
    private readonly tensors: Tensors,
    private readonly numbers: Numbers,
  ) {}

  get compute(): Compute {
    return this.numbers.compute;
  }

  get attention(): AttentionForm {
    return this.numbers.attention ?? 'fused';
  }

  get several(): boolean {
    return this.numbers.several ?? false;
  }

  private nameInFile(name: string): string {
    return this.numbers.nameInFile?.(name) ?? name;
  }

  has(name: string): boolean {
    return this.tensors.has(name);
  }

  /** @throws CheckpointError checkpoint_mismatch */
  tensor(name: string): StoredTensor {
    const tensor = this.tensors.get(name);
    if (!tensor)
      throw new CheckpointError(
        'checkpoint_mismatch',
        `The checkpoint has no tensor ${this.nameInFile(name)}, which ${this.graph.name} needs.`,
      );
    return tensor;
  }

  /** The sides of a tensor. @throws CheckpointError where it has another number of them, or other sides than these */
  shape(name: string, ...expected: readonly (number | null)[]): number[] {
    const { shape } = this.tensor(name);
    const fits =
      shape.length === expected.length && expected.every((side, i) => side === null || side === shape[i]);
    if (!fits)
      throw new CheckpointError(
        'checkpoint_mismatch',
        `${this.nameInFile(name)} is ${shape.join(' × ')}; ${this.graph.name} needs ${expected.map((side) => side ?? 'any').join(' × ')}.`,
      );
    return [...shape];
  }

  /** How many numbered parts `prefix0.…`, `prefix1.…` there are, told by a tensor that each has. */
  count(prefix: string, tensor: string): number {
    let count = 0;
    while (this.has(`${prefix}${count}.${tensor}`)) count++;
    return count;
  }

  /** What weights that are widened at each use take their shape from: the number of rows of an input. */
  follow(rows: Value): void {
    // 1, but nobody knows before the graph runs.
    this.ratio = this.graph.node('Div', [rows, rows]);
  }

  /** A weight in the format of the computation. @param shape another one over the same numbers */
  weight(name: string, shape?: readonly number[]): Value {
    const tensor = this.tensor(name);
    if (shape && sizeOf(shape) !== sizeOf(tensor.shape))
      throw new CheckpointError(
        'checkpoint_mismatch',
        `${this.nameInFile(name)} is ${tensor.shape.join(' × ')}; ${this.graph.name} needs ${shape.join(' × ')}.`,
      );
    if (!elementTypeOf(tensor.dtype) || /^[IUB]\w*\d*$/.test(tensor.dtype.replace('BF16', '')))
      throw new CheckpointError(
        'checkpoint_format',
        `${this.nameInFile(name)} holds ${tensor.dtype}, which is not a weight’s format.`,
      );
    const value = this.graph.weight(name, tensor, shape);
    if (elementTypeOf(tensor.dtype) === this.compute) return value;
    const { widenOnceUpTo = 1_000_000 } = this.numbers;
    if (tensor.length <= widenOnceUpTo || this.ratio === null) return this.cast(value, this.compute);
    const sides = shape ?? tensor.shape;
    const key = sides.join('×');
    let late = this.shapes.get(key);
    if (!late) {
      late = this.mul(this.graph.integers(...sides), this.ratio);
      this.shapes.set(key, late);
    }
    return this.cast(this.graph.node('Reshape', [value, late]), this.compute);
  }

  /** Some rows of a table, which stays as it is stored. */
  rows(name: string, ids: Value, to: Compute = this.compute): Value {
    return this.cast(this.graph.node('Gather', [this.graph.weight(name, this.tensor(name)), ids]), to);
  }

  cast(value: Value, to: Compute | 'int32' | 'int64' | 'bool'): Value {
    return this.graph.node('Cast', [value], { attributes: { to: elementTypes[to] } });
  }

  /** From the format of the interface to that of the computation. */
  take(value: Value): Value {
    return this.compute === 'float32' ? value : this.cast(value, this.compute);
  }

  /** From the format of the computation to that of the interface. */
  give(value: Value): Value {
    return this.compute === 'float32' ? value : this.cast(value, 'float32');
  }

  /** Numbers in the format of the computation. */
  constant(data: ArrayLike<number>, shape?: readonly number[]): Value {
    return this.take(this.graph.constant(data, shape));
  }

  add = (a: Value, b: Value): Value => this.graph.node('Add', [a, b]);
  mul = (a: Value, b: Value): Value => this.graph.node('Mul', [a, b]);
  div = (a: Value, b: Value): Value => this.graph.node('Div', [a, b]);
  mod = (a: Value, b: Value): Value => this.graph.node('Mod', [a, b]);
  silu = (x: Value): Value => this.mul(x, this.graph.node('Sigmoid', [x]));
  gelu = (x: Value, approximate: 'none' | 'tanh' = 'none'): Value =>
    this.graph.node('Gelu', [x], { attributes: { approximate } });

  relu = (x: Value): Value => this.graph.node('Relu', [x]);
  /** x · sigmoid(1.702 x), what OpenAI's CLIP has for GELU. */
  quickGelu = (x: Value): Value =>
    this.mul(x, this.graph.node('Sigmoid', [this.mul(x, this.constant([1.702]))]));

  reshape(x: Value, shape: Value | readonly number[]): Value {
    return this.graph.node('Reshape', [
      x,
      typeof shape === 'string' ? shape : this.graph.integers(...(shape as number[])),
    ]);
  }

  concat(values: readonly Value[], axis: number): Value {
    return this.graph.node('Concat', values, { attributes: { axis } });
  }

  split(x: Value, sizes: Value | readonly number[], axis: number, parts?: number): Value[] {
    const given = typeof sizes === 'string';
    const value = given ? sizes : this.graph.integers(...sizes);
    return this.graph.several('Split', [x, value], parts ?? (given ? 2 : sizes.length), {
      attributes: { axis },
    });
  }

  transpose(x: Value, permutation: readonly number[]): Value {
    return this.graph.node('Transpose', [x], { attributes: { perm: permutation } });
  }

  /** A part of a one-dimensional value, such as a shape. */
  slice(x: Value, from: number, to: number): Value {
    return this.graph.node('Slice', [x, this.graph.integers(from), this.graph.integers(to)]);
  }

  /** One side of a value, as a list of one. */
  side(x: Value, axis: number): Value {
    return this.slice(this.graph.node('Shape', [x]), axis, axis + 1);
  }

  /** 0, 1, … up to a number that is a list of one. */
  range(length: Value): Value {
    return this.graph.node('Range', [
      this.graph.scalar(0),
      this.graph.node('Squeeze', [length]),
      this.graph.scalar(1),
    ]);
  }

  /**
   * Rows (n, in) to (n, out).
   * @param shape of the weight, where the checkpoint has it otherwise
   */
  linear(
    x: Value,
    name: string,
    { bias = true, shape }: { bias?: boolean; shape?: readonly number[] } = {},
  ): Value {
    const { quantised } = this.tensor(`${name}.weight`);
    if (quantised) {
      const product = this.inBlocks(x, `${name}.weight`, quantised);
      return bias ? this.add(product, this.weight(`${name}.bias`)) : product;
    }
    const inputs = [x, this.weight(`${name}.weight`, shape)];
    if (bias) inputs.push(this.weight(`${name}.bias`));
    return this.graph.node('Gemm', inputs, { attributes: { transB: 1 } });
  }

  /** Rows times a weight that stays in its blocks. */
  private inBlocks(x: Value, name: string, { bits, numbers, scales, zeroPoints }: Quantised): Value {
    const [outputs, inputs] = this.shape(name, null, null) as [number, number];
    const factors = this.graph.weight(`${name}.scales`, scales);
    return this.microsoft(
      'MatMulNBits',
      [
        x,
        this.graph.weight(name, numbers),
        this.compute === 'float32' ? factors : this.cast(factors, this.compute),
        this.graph.weight(`${name}.zero_points`, zeroPoints),
      ],
      { K: inputs, N: outputs, bits, block_size: block, accuracy_level: accuracyLevel },
    );
  }

  /** Root mean square norm over the last axis. */
  rmsNorm(x: Value, weight: string, epsilon: number): Value {
    return this.graph.node('SimplifiedLayerNormalization', [x, this.weight(weight)], {
      attributes: { axis: -1, epsilon: real(epsilon) },
    });
  }

  layerNorm(x: Value, name: string, epsilon: number): Value {
    return this.graph.node(
      'LayerNormalization',
      [x, this.weight(`${name}.weight`), this.weight(`${name}.bias`)],
      {
        attributes: { axis: -1, epsilon: real(epsilon) },
      },
    );
  }

  /** A norm over groups of the channels of (b, channels, h, w), with a weight and a bias for each channel. */
  groupNorm(x: Value, name: string, { groups, epsilon }: { groups: number; epsilon: number }): Value {
    const [width] = this.shape(`${name}.weight`, null) as [number];
    if (width % groups !== 0)
      throw new CheckpointError(
        'checkpoint_mismatch',
        `${this.nameInFile(`${name}.weight`)} has ${width} channels, which are not ${groups} groups.`,
      );
    const [ones, zeros] = [1, 0].map((value) => this.constant(new Array<number>(groups).fill(value))) as [
      Value,
      Value,
    ];
    const flat = this.graph.node('InstanceNormalization', [this.reshape(x, [0, groups, -1]), ones, zeros], {
      attributes: { epsilon: real(epsilon) },
    });
    const normed = this.reshape(flat, this.graph.node('Shape', [x]));
    const affine = (kind: string) => this.weight(`${name}.${kind}`, [1, width, 1, 1]);
    return this.add(this.mul(normed, affine('weight')), affine('bias'));
  }

  /**
   * A convolution of (b, channels, h, w) that keeps sides, or takes one step for each patch as large as its kernel.
   */
  conv(
    x: Value,
    name: string,
    { patches = false, bias = true }: { patches?: boolean; bias?: boolean } = {},
  ): Value {
    const kernel = this.shape(`${name}.weight`, null, null, null, null).slice(2);
    const inputs = [x, this.weight(`${name}.weight`)];
    if (bias) inputs.push(this.weight(`${name}.bias`));
    return this.graph.node('Conv', inputs, {
      attributes: {
        kernel_shape: kernel,
        ...(patches ? { strides: kernel } : { pads: [...kernel, ...kernel].map((side) => side >> 1) }),
      },
    });
  }

  /** An operator of onnxruntime itself. */
  microsoft(
    operator: string,
    inputs: readonly (Value | null)[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value {
    return this.graph.node(operator, inputs, { domain: 'com.microsoft', attributes });
  }
}
