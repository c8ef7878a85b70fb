/** A thread of write.ts: reads a stretch of a tensor, quantises it, and writes it where it belongs. */
import { open } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { dtypeBytes, type StoredTensor } from '../checkpoint/tensors';
import { widened } from '../checkpoint/widened';
import { castFloat, float32 } from '../../runtime/graphs/tensor';
import { CheckpointError, type CheckpointErrorCode } from '../errors';
import { quantise, rowSizes } from './blocks';
import type { Piece } from './plan';

/** A part of a piece: rows where it is quantised, numbers where its format changes, else bytes. `to` is not included. */
export interface Stretch {
  piece: Piece;
  from: number;
  to: number;
}

/** What became of a stretch; errors lose their class on the way. */
export type Answer = { failed?: undefined } | { failed: string; code?: CheckpointErrorCode | 'ENOSPC' };

/** What is nearer to the next power of two than to the largest number of float16. */
const endOfHalf = 65_520;

async function write({ piece: { name, from: source, to: target }, from, to }: Stretch): Promise<void> {
  const { quantised } = target;
  const perNumber = dtypeBytes[source.dtype];
  const damaged = (what: string) =>
    new CheckpointError(
      'checkpoint_damaged',
      `${source.file}: ${name} holds numbers that are ${what}. Download the file again, or choose another --precision.`,
    );
  if (!quantised && target.dtype === source.dtype) {
    await writeAt(target, from, await readAt(source, from, to - from));
    return;
  }
  if (!quantised) {
    const values = widened(
      await readAt(source, from * perNumber, (to - from) * perNumber),
      source.dtype,
      name,
    );
    const half = target.dtype === 'F16';
    if (half && values.some((value) => Math.abs(value) >= endOfHalf)) throw damaged('too large for float16');
    const { data } = castFloat(float32(values, [values.length]), half ? 'float16' : 'float32');
    await writeAt(
      target,
      from * dtypeBytes[target.dtype],
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    );
    return;
  }
  const inputs = source.shape[1]!;
  const rowBytes = inputs * perNumber;
  const bytes = await readAt(source, from * rowBytes, (to - from) * rowBytes);
  const blocks = quantise(widened(bytes, source.dtype, name), inputs, quantised.bits);
  if (!blocks) throw damaged('not finite, which cannot be quantised');
  const row = rowSizes(inputs, quantised.bits);
  for (const part of ['numbers', 'scales', 'zeroPoints'] as const)
    await writeAt(quantised[part], from * row[part], new Uint8Array(blocks[part].buffer));
}

async function readAt({ file, offset }: StoredTensor, from: number, length: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const buffer = Buffer.allocUnsafe(length);
    for (let done = 0; done < length;) {
      const { bytesRead } = await handle.read(buffer, done, length - done, offset + from + done);
      if (bytesRead === 0)
        throw new CheckpointError('checkpoint_damaged', `${file} is cut off. Download the file again.`);
      done += bytesRead;
    }
    return buffer;
  } finally {
    await handle.close();
  }
}

async function writeAt({ file, offset }: StoredTensor, from: number, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    for (let done = 0; done < bytes.length;)
      done += (await handle.write(bytes, done, bytes.length - done, offset + from + done)).bytesWritten;
  } finally {
    await handle.close();
  }
}

parentPort!.on('message', (stretch: Stretch) => {
  write(stretch).then(
    () => parentPort!.postMessage({} satisfies Answer),
    (error: Error & { code?: CheckpointErrorCode | 'ENOSPC' }) =>
      parentPort!.postMessage({ failed: error.message, code: error.code } satisfies Answer),
  );
});
