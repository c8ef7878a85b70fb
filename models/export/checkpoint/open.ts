import { open, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { CheckpointError } from '../errors';
import { readSafetensors } from './safetensors';
import type { StoredTensor, Tensors } from './tensors';
import type { Pickled } from './pickle';
import { legacyBegin, readTorchLegacy } from './torch-legacy';
import { readTorchZip } from './torch-zip';

const missing = (what: string, cause?: unknown) => new CheckpointError('checkpoint_missing', what, { cause });

/** Formats that are known and not read, by how their files begin. */
const refused: readonly { begins: string | readonly number[]; at?: number; is: string; how: string }[] = [
  {
    begins: 'version https://git-lfs',
    is: 'a Git LFS pointer, not the file itself',
    how: 'Run "git lfs pull"',
  },
  {
    begins: [0x80],
    is: 'a pickle, but not one that torch.save wrote',
    how: 'Download the original checkpoint',
  },
  {
    begins: 'ustar',
    at: 257,
    is: 'a checkpoint of torch before 0.1.10',
    how: 'Load it and save it again with a newer torch',
  },
  { begins: 'GGUF', is: 'a GGUF file', how: 'Download the original safetensors or .bin' },
  { begins: [0x89, 0x48, 0x44, 0x46], is: 'an HDF5 file', how: 'Download the safetensors or .bin' },
  {
    begins: '<',
    is: 'a web page',
    how: 'Download the file itself; the hub may ask you to sign in or to accept its licence',
  },
];

/**
 * Where the tensors of a file lie, whatever the file is called.
 * @throws CheckpointError
 */
export const readTensorFile = async (file: string): Promise<Tensors> => (await readSavedFile(file)).tensors;

/**
 * The same with all else that `torch.save` or `torch.jit.save` put into the file; null for safetensors, which has tensors alone.
 * @throws CheckpointError
 */
export async function readSavedFile(file: string): Promise<{ tensors: Tensors; saved: Pickled }> {
  const begin = await beginOf(file);
  if (begin.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))) return readTorchZip(file);
  if (begin.subarray(0, legacyBegin.length).equals(legacyBegin)) return readTorchLegacy(file);
  // The header's length, of which the last bytes are zeros, and the header. Its first byte may be any.
  const isSafetensors = begin[8] === 0x7b && begin.readUInt16LE(6) === 0;
  for (const { begins, at = 0, is, how } of isSafetensors ? [] : refused) {
    const bytes = typeof begins === 'string' ? Buffer.from(begins, 'latin1') : Buffer.from(begins);
    if (begin.subarray(at, at + bytes.length).equals(bytes))
      throw new CheckpointError('checkpoint_format', `${file} is ${is}. ${how}.`);
  }
  if (begin[8] === 0x7b) return { tensors: await readSafetensors(file), saved: null };
  if (begin.every((byte) => byte === 0))
    throw new CheckpointError(
      'checkpoint_damaged',
      `${file} begins with ${begin.length} zeros: its download did not finish. Download it again.`,
    );
  throw new CheckpointError(
    'checkpoint_format',
    `${file} is neither a safetensors file nor a checkpoint of torch.save.`,
  );
}

async function beginOf(file: string): Promise<Buffer> {
  try {
    const handle = await open(file);
    try {
      const buffer = Buffer.alloc(512);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw missing(`${file} is missing. Is the download complete?`, error);
    if (code === 'EISDIR') throw missing(`${file} is a folder.`, error);
    throw missing(`${file} cannot be read: ${(error as Error).message}.`, error);
  }
}

/** How the files of one model may be called in its folder: with an index where there are several. */
const layouts = [
  { index: 'model.safetensors.index.json', single: 'model.safetensors' },
  { index: 'pytorch_model.bin.index.json', single: 'pytorch_model.bin' },
];

/**
 * The tensors of a model in a folder as Hugging Face's libraries write it: in one file, or in shards that an index lists.
 * @throws CheckpointError checkpoint_missing where a shard is, or a tensor that the index promises
 */
export async function readModelFolder(folder: string): Promise<Tensors> {
  const there = await stat(folder).catch(() => null);
  if (!there?.isDirectory()) throw missing(`${folder} is not a folder.`);
  const names = new Set(await readdir(folder));
  for (const { index, single } of layouts) {
    if (names.has(index)) return readShards(folder, index);
    if (names.has(single)) return readTensorFile(path.join(folder, single));
  }
  throw missing(
    `${folder} has no ${layouts.flatMap(({ index, single }) => [single, index]).join(', ')}. Is it the right folder, and is the download complete?`,
  );
}

async function readShards(folder: string, index: string): Promise<Tensors> {
  const shardOf = await readIndex(path.join(folder, index));
  const files = [...new Set(shardOf.values())].sort();
  const shards = new Map<string, Tensors>();
  for (const file of files) shards.set(file, await readTensorFile(path.join(folder, file)));
  const tensors = new Map<string, StoredTensor>();
  for (const [name, file] of shardOf) {
    const tensor = shards.get(file)!.get(name);
    if (!tensor)
      throw missing(`${path.join(folder, file)} lacks ${name}, which ${index} promises. Download it again.`);
    tensors.set(name, tensor);
  }
  return tensors;
}

async function readIndex(file: string): Promise<Map<string, string>> {
  const damaged = (what: string) =>
    new CheckpointError('checkpoint_damaged', `${file} ${what}. Download it again.`);
  let map: unknown;
  try {
    map = (JSON.parse(await readFile(file, 'utf8')) as { weight_map?: unknown }).weight_map;
  } catch {
    throw damaged('is not JSON');
  }
  if (typeof map !== 'object' || map === null) throw damaged('has no weight_map');
  const entries = Object.entries(map);
  for (const [name, shard] of entries)
    if (typeof shard !== 'string' || shard === '' || path.basename(shard) !== shard)
      throw damaged(`names ${JSON.stringify(shard)} for ${name}, which is not a file beside it`);
  return new Map(entries as [string, string][]);
}
