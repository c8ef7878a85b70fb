import { open, type FileHandle } from 'node:fs/promises';
import yauzl from 'yauzl';
import { CheckpointError } from '../errors';
import { PickledTensor, PickleError, unpickle, type Pickled } from './pickle';
import { dtypeBytes, sizeOf, type DType, type StoredTensor, type Tensors } from './tensors';

const dtypes: Readonly<Record<string, DType>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

/** Where a state dict may be inside the dict that was saved. */
const wrappers = ['state_dict', 'module', 'model_state'];

/** A file of the archive: where its bytes lie. */
interface Member {
  offset: number;
  size: number;
}

/**
 * Where the tensors of a `torch.save`d file lie (`.bin`, `.pth`, `.pt` since torch 1.6): a zip archive that stores the numbers
 * of each tensor as they are, and a pickle that says what they are. Nothing of the pickle is executed.
 * @throws CheckpointError checkpoint_damaged, checkpoint_format
 */
export async function readTorchZip(file: string): Promise<Tensors> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const members = await membersOf(file, handle);
    for (const [name, { offset, size: length }] of members)
      if (offset + length > size) throw damaged(file, `it is cut off within ${name}`);
    const pickle = [...members.keys()].find((name) => /^([^/]+\/)?data\.pkl$/.test(name));
    if (pickle === undefined)
      throw new CheckpointError(
        'checkpoint_format',
        `${file} is a zip archive without data.pkl: it is not a checkpoint that torch.save wrote.`,
      );
    const root = pickle.slice(0, -'data.pkl'.length);
    const saved = await readPickle(file, handle, members.get(pickle)!);
    const tensors = new Map<string, StoredTensor>();
    for (const [name, tensor] of tensorsOf(file, saved))
      tensors.set(name, place(file, name, tensor, members.get(`${root}data/${tensor.key}`)));
    if (tensors.size === 0) throw new CheckpointError('checkpoint_format', `${file} has no tensors.`);
    return tensors;
  } finally {
    await handle.close();
  }
}

const damaged = (file: string, what: string, cause?: unknown) =>
  new CheckpointError('checkpoint_damaged', `${file}: ${what}. Download the file again.`, { cause });

/** The files of the archive, all of them stored as they are. */
async function membersOf(file: string, handle: FileHandle): Promise<Map<string, Member>> {
  const members = new Map<string, Member>();
  try {
    const archive = await yauzl.fromFdPromise(handle.fd, { autoClose: false, lazyEntries: true });
    for await (const entry of archive.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      if (entry.compressionMethod !== 0)
        throw new CheckpointError(
          'checkpoint_format',
          `${file}: ${entry.fileName} is compressed, so that it cannot be used where it is. Save the checkpoint again with torch.save.`,
        );
      const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true });
      members.set(entry.fileName, { offset: fileDataStart, size: entry.uncompressedSize });
    }
  } catch (error) {
    if (error instanceof CheckpointError) throw error;
    throw damaged(file, `its archive cannot be read (${(error as Error).message})`, error);
  }
  return members;
}

async function readPickle(file: string, handle: FileHandle, { offset, size }: Member): Promise<Pickled> {
  try {
    if (size > 100_000_000) throw new PickleError(`it has ${size} bytes`);
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await handle.read(bytes, 0, size, offset);
    return unpickle(bytes.subarray(0, bytesRead));
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    throw damaged(file, `its data.pkl is not one of a state dict: ${error.message}`, error);
  }
}

/** The tensors of a state dict by name; those of dicts inside it by the names on the way, with dots between. */
function* tensorsOf(file: string, saved: Pickled): Generator<[string, PickledTensor]> {
  if (!(saved instanceof Map))
    throw new CheckpointError('checkpoint_format', `${file} holds something other than a dict of tensors.`);
  const inner = wrappers.map((name) => saved.get(name)).find((value) => value instanceof Map);
  yield* walk(inner ?? saved, '', 0);
}

function* walk(
  map: Map<Pickled, Pickled>,
  prefix: string,
  depth: number,
): Generator<[string, PickledTensor]> {
  // A dict can hold itself.
  if (depth > 8) return;
  for (const [key, value] of map) {
    if (typeof key !== 'string' && typeof key !== 'number') continue;
    const name = `${prefix}${key}`;
    if (value instanceof PickledTensor) yield [name, value];
    else if (value instanceof Map) yield* walk(value, `${name}.`, depth + 1);
  }
}

function place(file: string, name: string, tensor: PickledTensor, member?: Member): StoredTensor {
  const { type, offset, shape, stride } = tensor;
  const dtype = dtypes[type];
  if (!dtype)
    throw new CheckpointError(
      'checkpoint_format',
      `${file}: ${name} is in the number format ${type.replace(/Storage$/, '')}, which is not supported.`,
    );
  if (!member) throw damaged(file, `the numbers of ${name} are missing`);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis]! > 1 && stride[axis] !== step)
      throw new CheckpointError(
        'checkpoint_format',
        `${file}: ${name} is not contiguous, so that it cannot be used where it is. Save it again after .contiguous().`,
      );
    step *= shape[axis]!;
  }
  const bytes = dtypeBytes[dtype];
  const length = sizeOf(shape) * bytes;
  if (!Number.isSafeInteger(length) || offset * bytes + length > member.size)
    throw damaged(file, `${name} is longer than its ${member.size} bytes`);
  return { dtype, shape, file, offset: member.offset + offset * bytes, length };
}
