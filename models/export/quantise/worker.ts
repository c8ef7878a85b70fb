/** A thread of write.ts: reads a stretch of a tensor, quantises it, and writes it where it belongs. */
import { open } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { dtypeBytes, type StoredTensor } from '../checkpoint/tensors';
import { widened } from '../checkpoint/widened';
import { CheckpointError, type CheckpointErrorCode } from '../errors';
import { quantise, rowSizes } from './blocks';
import type { Piece } from './plan';

/** A part of a piece: rows where it is quantised, else bytes. `to` is not included. */
export interface Stretch {
  piece: Piece;
  from: number;
  to: number;
}

/** What became of a stretch; errors lose their class on the way. */
export type Answer = { failed?: undefined } | { failed: string; code?: CheckpointErrorCode | 'ENOSPC' };

async function write({ piece: { name, from: source, to: target }, from, to }: Stretch): Promise<void> {
  const { quantised } = target;
  if (!quantised) {
    await writeAt(target, from, await readAt(source, from, to - from));
    return;
  }
  const inputs = source.shape[1]!;
  const rowBytes = inputs * dtypeBytes[source.dtype];
  const bytes = await readAt(source, from * rowBytes, (to - from) * rowBytes);
  const blocks = quantise(widened(bytes, source.dtype, name), inputs, quantised.bits);
  if (!blocks)
    throw new CheckpointError(
      'checkpoint_damaged',
      `${source.file}: ${name} holds numbers that are not finite, which cannot be quantised. Download the file again.`,
    );
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
