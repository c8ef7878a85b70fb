import { readFileSync, writeFileSync } from 'node:fs';
import type { StoredTensor, Tensors } from '../checkpoint/tensors';

const word = new DataView(new ArrayBuffer(4));

/** A number of bfloat16 or float32, by its bits. */
function numberAt(bytes: DataView, tensor: StoredTensor, i: number): number {
  if (tensor.dtype === 'F32') return bytes.getFloat32(i * 4, true);
  word.setUint32(0, bytes.getUint16(i * 2, true) << 16);
  return word.getFloat32(0);
}

/** The bits of a half float, of numbers that it has exactly or nearly: to the nearest, ties to even. */
function halfOf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size < 2 ** -14) return sign | Math.round(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  const fraction = Math.round((size / 2 ** exponent - 1) * 1024);
  return sign | (((exponent + 15) << 10) + fraction);
}

/** Writes tensors into one safetensors file in another format. */
export function rewrite(tensors: Tensors, dtype: 'F32' | 'F16', file: string): void {
  const width = dtype === 'F32' ? 4 : 2;
  const files = new Map<string, Buffer>();
  const header: Record<string, unknown> = {};
  const parts: Buffer[] = [];
  let at = 0;
  for (const [name, tensor] of tensors) {
    const whole = files.get(tensor.file) ?? readFileSync(tensor.file);
    files.set(tensor.file, whole);
    const source = new DataView(whole.buffer, whole.byteOffset + tensor.offset, tensor.length);
    const count = tensor.length / (tensor.dtype === 'F32' ? 4 : 2);
    const out = Buffer.alloc(count * width);
    for (let i = 0; i < count; i++) {
      const value = numberAt(source, tensor, i);
      if (dtype === 'F32') out.writeFloatLE(value, i * 4);
      else out.writeUInt16LE(halfOf(value), i * 2);
    }
    header[name] = { dtype, shape: tensor.shape, data_offsets: [at, at + out.length] };
    at += out.length;
    parts.push(out);
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  writeFileSync(file, Buffer.concat([length, json, ...parts]));
}
