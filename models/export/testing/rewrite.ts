import { readFileSync, writeFileSync } from 'node:fs';
import { castFloat, float32 } from '../../runtime/graphs/tensor';
import type { StoredTensor, Tensors } from '../checkpoint/tensors';

const word = new DataView(new ArrayBuffer(4));

/** A number of bfloat16 or float32, by its bits. */
function numberAt(bytes: DataView, tensor: StoredTensor, i: number): number {
  if (tensor.dtype === 'F32') return bytes.getFloat32(i * 4, true);
  word.setUint32(0, bytes.getUint16(i * 2, true) << 16);
  return word.getFloat32(0);
}

/** Writes tensors into one safetensors file in another format. */
export function rewrite(tensors: Tensors, dtype: 'F32' | 'F16', file: string): void {
  const files = new Map<string, Buffer>();
  const header: Record<string, unknown> = {};
  const parts: Buffer[] = [];
  let at = 0;
  for (const [name, tensor] of tensors) {
    const whole = files.get(tensor.file) ?? readFileSync(tensor.file);
    files.set(tensor.file, whole);
    const source = new DataView(whole.buffer, whole.byteOffset + tensor.offset, tensor.length);
    const count = tensor.length / (tensor.dtype === 'F32' ? 4 : 2);
    const values = float32(
      Float32Array.from({ length: count }, (_, i) => numberAt(source, tensor, i)),
      [count],
    );
    const { data } = castFloat(values, dtype === 'F32' ? 'float32' : 'float16');
    const out = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    header[name] = { dtype, shape: tensor.shape, data_offsets: [at, at + out.length] };
    at += out.length;
    parts.push(out);
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  writeFileSync(file, Buffer.concat([length, json, ...parts]));
}
