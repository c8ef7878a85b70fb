import { readFileSync, writeFileSync } from 'node:fs';
import { castFloat, float32 } from '../../runtime/graphs/tensor';
import type { Tensors } from '../checkpoint/tensors';
import { widened } from '../checkpoint/widened';

/** Writes tensors into one safetensors file in another format. */
export function rewrite(tensors: Tensors, dtype: 'F32' | 'F16', file: string): void {
  const files = new Map<string, Buffer>();
  const header: Record<string, unknown> = {};
  const parts: Buffer[] = [];
  let at = 0;
  for (const [name, tensor] of tensors) {
    const whole = files.get(tensor.file) ?? readFileSync(tensor.file);
    files.set(tensor.file, whole);
    const bytes = whole.subarray(tensor.offset, tensor.offset + tensor.length);
    const values = widened(bytes, tensor.dtype, name);
    const { data } = castFloat(float32(values, [values.length]), dtype === 'F32' ? 'float32' : 'float16');
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
