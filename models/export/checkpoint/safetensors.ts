import { open, type FileHandle } from 'node:fs/promises';
import { CheckpointError } from '../errors';
import {
  checkPlaces,
  dtypeBytes,
  isDType,
  isShape,
  sizeOf,
  type StoredTensor,
  type Tensors,
} from './tensors';

/** As the format's own library has it. */
const longestHeader = 100_000_000;

/**
 * Where the tensors of a safetensors file lie: 8 bytes with the header's length, a header in JSON, the numbers.
 * Source: github.com/huggingface/safetensors, "Format".
 * @throws CheckpointError checkpoint_damaged, checkpoint_format (a number format that no model here has)
 */
export async function readSafetensors(file: string): Promise<Tensors> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const damaged = (what: string) =>
      new CheckpointError('checkpoint_damaged', `${file}: ${what}. Download the file again.`);
    if (size < 8) throw damaged(`it has ${size} bytes, less than a safetensors header`);
    const headerBytes = (await read(handle, 0, 8)).readBigUInt64LE();
    if (headerBytes > BigInt(Math.min(longestHeader, size - 8)))
      throw damaged(`its header would have ${headerBytes} bytes`);
    const start = 8 + Number(headerBytes);
    let header: unknown;
    try {
      header = JSON.parse((await read(handle, 8, Number(headerBytes))).toString('utf8'));
    } catch {
      throw damaged('its header is not JSON');
    }
    if (typeof header !== 'object' || header === null || Array.isArray(header))
      throw damaged('its header is not an object');
    const tensors = new Map<string, StoredTensor>();
    for (const [name, entry] of Object.entries(header)) {
      if (name === '__metadata__') continue;
      const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
      if (
        !isShape(shape) ||
        !Array.isArray(offsets) ||
        offsets.length !== 2 ||
        !offsets.every(Number.isSafeInteger)
      )
        throw damaged(`the entry of ${name} is not one of a tensor`);
      if (!isDType(dtype))
        throw new CheckpointError(
          'checkpoint_format',
          `${file}: ${name} is in the number format ${String(dtype)}, which is not supported.`,
        );
      const [from, to] = offsets as [number, number];
      if (to - from !== sizeOf(shape) * dtypeBytes[dtype])
        throw damaged(`${name} has ${to - from} bytes for ${shape.join(' × ') || 1} numbers of ${dtype}`);
      tensors.set(name, { dtype, shape, file, offset: start + from, length: to - from });
    }
    checkPlaces(file, size, start, tensors);
    return tensors;
  } finally {
    await handle.close();
  }
}

async function read(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
