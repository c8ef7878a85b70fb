import { open, type FileHandle } from 'node:fs/promises';
import { PickleEndError, PickleError, unpickleNext, type Pickled } from './pickle';
import { damaged, storageFormat, torchFile, type Place, type TorchFile } from './torch-file';
import { dtypeBytes } from './tensors';

/**
 * A file begins with this number. Source: torch/serialization.py, `_legacy_save`.
 */
export const legacyBegin = Buffer.from('80028a0a6cfc9c46f9206aa85019', 'hex');

/** Of the file's pickles, at first; those of a state dict have less. */
const firstRead = 4_000_000;
const mostRead = 100_000_000;

/**
 * Where the tensors of a file in torch's format before 1.6 lie, which mmdetection still publishes its checkpoints in: five
 * pickles (a number, a version, the machine, what was saved, the keys of its storages), then in the order of the keys the length
 * of each storage in numbers (8 bytes) and these as they are. Nothing of the pickles is executed.
 * @throws CheckpointError checkpoint_damaged, checkpoint_format
 */
export async function readTorchLegacy(file: string): Promise<TorchFile> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { saved, storages, keys, end } = await readPickles(file, handle, size);
    const places = new Map<string, Place>();
    let at = end;
    for (const key of keys) {
      const format = storageFormat(storages.get(key) ?? '');
      if (!format) throw damaged(file, `the format of its storage ${key} is not known`);
      const count = await countAt(handle, at);
      const bytes = Number(count) * dtypeBytes[format];
      if (count === null || !Number.isSafeInteger(bytes) || bytes < 0 || at + 8 + bytes > size)
        throw damaged(file, `it is cut off within its storage ${key}`);
      places.set(key, { offset: at + 8, size: bytes });
      at += 8 + bytes;
    }
    return torchFile(file, saved, (key) => places.get(key));
  } finally {
    await handle.close();
  }
}

interface Pickles {
  saved: Pickled;
  /** Types by keys. */
  storages: ReadonlyMap<string, string>;
  keys: string[];
  /** Where the numbers begin. */
  end: number;
}

async function readPickles(file: string, handle: FileHandle, size: number): Promise<Pickles> {
  for (let length = Math.min(size, firstRead); ; length = Math.min(size, mostRead, 4 * length)) {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await handle.read(bytes, 0, length, 0);
    try {
      return picklesOf(bytes.subarray(0, bytesRead));
    } catch (error) {
      if (!(error instanceof PickleError)) throw error;
      const more = error instanceof PickleEndError && length < Math.min(size, mostRead);
      if (!more) throw damaged(file, `its pickle is not one of a state dict: ${error.message}`, error);
    }
  }
}

function picklesOf(bytes: Buffer): Pickles {
  let end = 0;
  const next = () => {
    const read = unpickleNext(bytes, end);
    end = read.end;
    return read;
  };
  for (let i = 0; i < 3; i++) next();
  const { value: saved, storages } = next();
  const { value: keys } = next();
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string'))
    throw new PickleError('it has no list of storages');
  return { saved, storages, keys: keys as string[], end };
}

async function countAt(handle: FileHandle, at: number): Promise<bigint | null> {
  const bytes = Buffer.alloc(8);
  const { bytesRead } = await handle.read(bytes, 0, 8, at);
  return bytesRead < 8 ? null : bytes.readBigInt64LE();
}
