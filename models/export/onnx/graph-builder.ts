import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { DType, StoredTensor } from '../checkpoint/tensors';

/**
 * Writes an ONNX graph node by node. Weights are named where they lie (ONNX external data: file, offset, length), so that a
 * graph over 48 GB has a megabyte and is written at once.
 * Source of the field numbers: github.com/onnx/onnx, onnx/onnx.proto.
 */

/** The name of a tensor in the graph. */
export type Value = string & { readonly value: unique symbol };

/** Types of elements, by their numbers in onnx.proto. */
export const elementTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16,
} as const;
export type ElementType = keyof typeof elementTypes;

const storedTypes: Readonly<Partial<Record<DType, ElementType>>> = {
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  I32: 'int32',
  I8: 'int8',
  U8: 'uint8',
  BOOL: 'bool',
};

/** What a stored tensor is in a graph; null for what no graph here takes. */
export const elementTypeOf = (dtype: DType): ElementType | null => storedTypes[dtype] ?? null;

/** A number of the graph's interface, or the name of a side that is free. */
export type Side = number | string;

/** The types that a graph of ours takes and gives. */
export type PortType = 'float32' | 'float16' | 'int64';

/** An input or an output. */
export interface Port {
  dtype: PortType;
  shape: Side[];
}

/** Numbers are integers; a real one is given as `real(x)`. */
export type Attribute =
  number | string | readonly number[] | { readonly real: number } | { readonly graph: Uint8Array };
export const real = (value: number) => ({ real: value });

interface NodeOptions {
  attributes?: Readonly<Record<string, Attribute>>;
  /** `com.microsoft` for the operators of onnxruntime itself. */
  domain?: '' | 'com.microsoft';
}

const opset = 21;
/** That of opset 21. */
const irVersion = 10;

/** A value with its type, as a loop must be told of what goes round in it. */
export interface Carried {
  value: Value;
  type: ElementType;
}

export class GraphBuilder {
  /** Of the graph, or of the body of a loop while that is written. */
  private nodes: Uint8Array[] = [];
  private readonly initializers: Uint8Array[] = [];
  private readonly inputs = new Map<string, Port>();
  private readonly outputs = new Map<string, Port>();
  private readonly weights = new Map<string, Value>();
  /** The checkpoint’s tensors that it names. */
  readonly tensors = new Map<string, StoredTensor>();
  private readonly constants = new Map<string, Value>();
  private count = 0;

  /** @param locationOf the path by which the graph finds a file, from the folder that its session is given */
  constructor(
    readonly name: string,
    private readonly locationOf: (file: string) => string,
  ) {}

  private fresh(what: string): Value {
    return `${what}_${this.count++}` as Value;
  }

  input(name: string, type: PortType, shape: readonly Side[]): Value {
    this.inputs.set(name, { dtype: type, shape: [...shape] });
    return name as Value;
  }

  /** Gives a tensor to whoever runs the graph. */
  output(name: string, value: Value, type: PortType, shape: readonly Side[]): void {
    this.write('Identity', [value], [name as Value], {});
    this.outputs.set(name, { dtype: type, shape: [...shape] });
  }

  /**
   * A tensor of the checkpoint, where it lies.
   * @param shape another shape over the same numbers, e.g. a convolution's kernel as a matrix
   */
  weight(name: string, tensor: StoredTensor, shape: readonly number[] = tensor.shape): Value {
    const key = `${name} ${shape.join('×')}`;
    const known = this.weights.get(key);
    if (known) return known;
    const type = elementTypeOf(tensor.dtype);
    if (!type) throw new TypeError(`${name} is of ${tensor.dtype}.`);
    const value = (
      this.weights.size > 0 && [...this.weights.values()].includes(name as Value) ? this.fresh(name) : name
    ) as Value;
    const writer = new BinaryWriter();
    for (const side of shape) writer.tag(1, WireType.Varint).int64(side);
    writer.tag(2, WireType.Varint).int32(elementTypes[type]).tag(8, WireType.LengthDelimited).string(value);
    const place = { location: this.locationOf(tensor.file), offset: tensor.offset, length: tensor.length };
    for (const [entry, content] of Object.entries(place))
      writer
        .tag(13, WireType.LengthDelimited)
        .fork()
        .tag(1, WireType.LengthDelimited)
        .string(entry)
        .tag(2, WireType.LengthDelimited)
        .string(String(content))
        .join();
    // data_location: EXTERNAL
    writer.tag(14, WireType.Varint).int32(1);
    this.initializers.push(writer.finish());
    this.weights.set(key, value);
    this.tensors.set(name, tensor);
    return value;
  }

  /** Numbers that are part of the graph itself. The same small ones are written once. */
  constant(
    data: ArrayLike<number>,
    shape: readonly number[] = [data.length],
    type: 'float32' | 'int32' | 'int64' = 'float32',
  ): Value {
    const key = data.length < 64 ? `${type} ${shape.join('×')} ${Array.from(data).join()}` : null;
    const known = key === null ? undefined : this.constants.get(key);
    if (known) return known;
    const numbers =
      type === 'int64'
        ? BigInt64Array.from({ length: data.length }, (_, i) => BigInt(data[i]!))
        : type === 'int32'
          ? Int32Array.from(data)
          : Float32Array.from(data);
    const value = this.fresh('constant');
    const writer = new BinaryWriter();
    for (const side of shape) writer.tag(1, WireType.Varint).int64(side);
    writer
      .tag(2, WireType.Varint)
      .int32(elementTypes[type])
      .tag(8, WireType.LengthDelimited)
      .string(value)
      .tag(9, WireType.LengthDelimited)
      .bytes(new Uint8Array(numbers.buffer));
    this.initializers.push(writer.finish());
    if (key !== null) this.constants.set(key, value);
    return value;
  }

  /** A list of whole numbers, as shapes and axes are given. */
  integers(...values: readonly number[]): Value {
    return this.constant(values, [values.length], 'int64');
  }

  /** A whole number without a shape. */
  scalar(value: number): Value {
    return this.constant([value], [], 'int64');
  }

  /** One operator with one output. An input that is left out is `null`. */
  node(operator: string, inputs: readonly (Value | null)[], options: NodeOptions = {}): Value {
    return this.make(operator, inputs, 1, options)[0]!;
  }

  /** One operator with several outputs. */
  several(
    operator: string,
    inputs: readonly (Value | null)[],
    outputs: number,
    options: NodeOptions = {},
  ): Value[] {
    return this.make(operator, inputs, outputs, options);
  }

  private make(
    operator: string,
    inputs: readonly (Value | null)[],
    outputs: number,
    options: NodeOptions,
  ): Value[] {
    const values = Array.from({ length: outputs }, () => this.fresh(operator));
    this.write(operator, inputs, values, options);
    return values;
  }

  private write(
    operator: string,
    inputs: readonly (Value | null)[],
    outputs: readonly Value[],
    { attributes = {}, domain = '' }: NodeOptions,
  ): void {
    const writer = new BinaryWriter();
    for (const input of inputs) writer.tag(1, WireType.LengthDelimited).string(input ?? '');
    for (const output of outputs) writer.tag(2, WireType.LengthDelimited).string(output);
    writer
      .tag(3, WireType.LengthDelimited)
      .string(this.fresh(operator))
      .tag(4, WireType.LengthDelimited)
      .string(operator);
    for (const [name, attribute] of Object.entries(attributes)) {
      writer.tag(5, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string(name);
      writeAttribute(writer, attribute);
      writer.join();
    }
    if (domain) writer.tag(7, WireType.LengthDelimited).string(domain);
    this.nodes.push(writer.finish());
  }

  /**
   * A loop: its body is written once, and sees every value outside of it. Weights and constants that the body names are the graph’s.
   * @param most how often it is run at most, a scalar of int64
   * @param first whether it is run at all, a scalar of bool
   * @param carried what a run hands on to the next one
   * @param body gets the number of the run, from 0, and what is carried; says whether to go on, and what this run adds to the lists
   * @returns what the last run handed on, and the lists, one entry for each run along a new first axis
   */
  loop(
    [most, first]: readonly [most: Value, first: Value],
    carried: readonly Carried[],
    body: (
      run: Value,
      carried: readonly Value[],
    ) => { again: Value; carried: readonly Value[]; listed: readonly Value[] },
  ): { carried: Value[]; listed: Value[] } {
    const outer = this.nodes;
    this.nodes = [];
    const [run, before] = [this.fresh('run'), this.fresh('before')];
    const inside = carried.map(() => this.fresh('carried'));
    const { again, carried: next, listed } = body(run, inside);
    // Under names of their own: a body may not give what it took, nor one value twice.
    const outputs = [again, ...next, ...listed].map((value) => this.node('Identity', [value]));
    const graph = new BinaryWriter();
    for (const node of this.nodes) graph.tag(1, WireType.LengthDelimited).bytes(node);
    this.nodes = outer;
    graph.tag(2, WireType.LengthDelimited).string(this.fresh('body'));
    const inputs: [Value, ElementType, Side[]?][] = [
      [run, 'int64', []],
      [before, 'bool', []],
      ...carried.map(({ type }, i): [Value, ElementType] => [inside[i]!, type]),
    ];
    for (const [name, type, shape] of inputs)
      graph.tag(11, WireType.LengthDelimited).bytes(valueInfo(name, type, shape));
    for (const output of outputs)
      graph.tag(12, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string(output).join();
    const values = this.several(
      'Loop',
      [most, first, ...carried.map(({ value }) => value)],
      carried.length + listed.length,
      { attributes: { body: { graph: graph.finish() } } },
    );
    return { carried: values.slice(0, carried.length), listed: values.slice(carried.length) };
  }

  /** What the graph takes and gives. */
  ports(): { inputs: Record<string, Port>; outputs: Record<string, Port> } {
    return { inputs: Object.fromEntries(this.inputs), outputs: Object.fromEntries(this.outputs) };
  }

  /** Bytes of the weights that the graph names. */
  weightBytes(): number {
    return [...this.tensors.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** The whole model. */
  finish(): Uint8Array {
    const writer = new BinaryWriter();
    writer.tag(1, WireType.Varint).int64(irVersion);
    writer.tag(2, WireType.LengthDelimited).string('nexus-gen-studio');
    writer.tag(7, WireType.LengthDelimited).fork();
    const parts = [
      [1, this.nodes],
      [5, this.initializers],
      [11, [...this.inputs].map(([name, { dtype, shape }]) => valueInfo(name, dtype, shape))],
      [12, [...this.outputs].map(([name, { dtype, shape }]) => valueInfo(name, dtype, shape))],
    ] as const;
    writer.tag(2, WireType.LengthDelimited).string(this.name);
    for (const [field, messages] of parts)
      for (const message of messages) writer.tag(field, WireType.LengthDelimited).bytes(message);
    writer.join();
    for (const [domain, version] of [
      ['', opset],
      ['com.microsoft', 1],
    ] as const)
      writer
        .tag(8, WireType.LengthDelimited)
        .fork()
        .tag(1, WireType.LengthDelimited)
        .string(domain)
        .tag(2, WireType.Varint)
        .int64(version)
        .join();
    return writer.finish();
  }
}

function writeAttribute(writer: BinaryWriter, attribute: Attribute): void {
  // The last field is the attribute's type: FLOAT 1, INT 2, STRING 3, GRAPH 5, INTS 7.
  if (typeof attribute === 'number')
    writer.tag(3, WireType.Varint).int64(attribute).tag(20, WireType.Varint).int32(2);
  else if (typeof attribute === 'string')
    writer
      .tag(4, WireType.LengthDelimited)
      .bytes(new TextEncoder().encode(attribute))
      .tag(20, WireType.Varint)
      .int32(3);
  else if ('real' in attribute)
    writer.tag(2, WireType.Bit32).float(attribute.real).tag(20, WireType.Varint).int32(1);
  else if ('graph' in attribute)
    writer.tag(6, WireType.LengthDelimited).bytes(attribute.graph).tag(20, WireType.Varint).int32(5);
  else {
    for (const value of attribute) writer.tag(8, WireType.Varint).int64(value);
    writer.tag(20, WireType.Varint).int32(7);
  }
}

/** @param shape by default any, of any number of sides */
function valueInfo(name: string, type: ElementType, shape?: readonly Side[]): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.LengthDelimited).string(name);
  // type.tensor_type { elem_type, shape { dim { dim_value | dim_param } } }
  writer.tag(2, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.Varint).int32(elementTypes[type]);
  if (shape) {
    writer.tag(2, WireType.LengthDelimited).fork();
    for (const side of shape) {
      writer.tag(1, WireType.LengthDelimited).fork();
      if (typeof side === 'number') writer.tag(1, WireType.Varint).int64(side);
      else writer.tag(2, WireType.LengthDelimited).string(side);
      writer.join();
    }
    writer.join();
  }
  writer.join().join();
  return writer.finish();
}
