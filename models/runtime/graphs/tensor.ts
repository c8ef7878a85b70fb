/** Tensors as graphs take and give them, whatever runs the graph. */

export type Float = 'float32' | 'float16';
export type Tensor =
  | { dtype: 'float32'; dims: readonly number[]; data: Float32Array }
  /** Half floats as their 16 bits. */
  | { dtype: 'float16'; dims: readonly number[]; data: Uint16Array }
  | { dtype: 'int64'; dims: readonly number[]; data: BigInt64Array }
  | Kept;

/** A tensor whose numbers are at hand. */
export type Given = Exclude<Tensor, Kept>;

/** A tensor that stays in the device’s memory between runs of one graph. Whoever has it lets go of it. */
export interface Kept {
  dtype: 'kept';
  dims: readonly number[];
  /** As the native runtime knows it. */
  tensor: unknown;
  release(): void;
}

export function float32(data: Float32Array, dims: readonly number[]): Tensor & { dtype: 'float32' } {
  return { dtype: 'float32', dims, data };
}

export function int64(values: ArrayLike<number>, dims: readonly number[]): Tensor {
  const data = new BigInt64Array(values.length);
  for (let i = 0; i < values.length; i++) data[i] = BigInt(values[i]!);
  return { dtype: 'int64', dims, data };
}

/** The values of a float tensor; half floats are widened. */
export function floatsOf(tensor: Tensor): Float32Array {
  if (tensor.dtype === 'float32') return tensor.data;
  if (tensor.dtype === 'float16') return widen(tensor.data);
  throw new TypeError('An integer tensor, or one that stays on the device, has no floats.');
}

/** The same tensor with the other float type where needed. */
export function castFloat(tensor: Given, dtype: Float): Given {
  if (tensor.dtype === dtype || tensor.dtype === 'int64') return tensor;
  return tensor.dtype === 'float32'
    ? { dtype: 'float16', dims: tensor.dims, data: narrow(tensor.data) }
    : { dtype: 'float32', dims: tensor.dims, data: widen(tensor.data) };
}

/** Tensors of equal dims, one after the other along the first axis. */
export function stack(tensors: readonly Tensor[]): Tensor {
  const first = tensors[0];
  if (!first) throw new TypeError('Nothing to stack.');
  if (tensors.length === 1) return first;
  const parts = tensors.map(floatsOf);
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return float32(data, [tensors.reduce((sum, t) => sum + (t.dims[0] ?? 1), 0), ...first.dims.slice(1)]);
}

const bits = new Uint32Array(1);
const value = new Float32Array(bits.buffer);

function widen(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i]!;
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 31;
    const fraction = half & 0x3ff;
    if (exponent === 0) out[i] = (sign ? -1 : 1) * fraction * 2 ** -24;
    else {
      bits[0] = sign | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13);
      out[i] = value[0]!;
    }
  }
  return out;
}

/** Rounds to the nearest, halves to even; too large becomes infinity. */
function narrow(floats: Float32Array): Uint16Array {
  const out = new Uint16Array(floats.length);
  for (let i = 0; i < floats.length; i++) {
    value[0] = floats[i]!;
    const all = bits[0]!;
    const sign = (all >>> 16) & 0x8000;
    const magnitude = all & 0x7fffffff;
    if (magnitude > 0x7f800000) out[i] = sign | 0x7e00;
    else if (magnitude >= 0x477ff000) out[i] = sign | 0x7c00;
    else if (magnitude < 0x38800000) {
      // Subnormal: a whole number of 2^-24.
      const scaled = Math.abs(floats[i]!) * 2 ** 24;
      const floor = Math.floor(scaled);
      const rest = scaled - floor;
      out[i] = sign | (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor);
    } else {
      const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
      out[i] = sign | ((rounded - 0x38000000) >>> 13);
    }
  }
  return out;
}
