import { CheckpointError } from '../errors';
import { PickledModule, PickledTensor, type Pickled } from './pickle';
import { dtypeBytes, sizeOf, type DType, type StoredTensor, type Tensors } from './tensors';

/** What a file of torch holds: its tensors where they lie, and all that was saved. */
export interface TorchFile {
  tensors: Tensors;
  saved: Pickled;
}

/** The bytes of one storage in the file. */
export interface Place {
  offset: number;
  size: number;
}

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

/** The number format of a storage by the name of its class; null for one that no model here has. */
export const storageFormat = (type: string): DType | null => dtypes[type] ?? null;

/** Where a state dict may be inside the dict that was saved. */
const wrappers = ['state_dict', 'module', 'model_state'];

export const damaged = (file: string, what: string, cause?: unknown) =>
  new CheckpointError('checkpoint_damaged', `${file}: ${what}. Download the file again.`, { cause });

/**
 * The tensors of what was saved, where they lie.
 * @param placeOf the bytes of a storage by its key
 * @throws CheckpointError checkpoint_damaged, checkpoint_format
 */
export function torchFile(
  file: string,
  saved: Pickled,
  placeOf: (key: string) => Place | undefined,
): TorchFile {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, tensor] of tensorsOf(file, saved))
    tensors.set(name, placed(file, name, tensor, placeOf(tensor.key)));
  if (tensors.size === 0) throw new CheckpointError('checkpoint_format', `${file} has no tensors.`);
  return { tensors, saved };
}

/**
 * The tensors of a state dict or a module by name; those of dicts and modules inside it by the names on the way, with dots
 * between.
 */
function* tensorsOf(file: string, saved: Pickled): Generator<[string, PickledTensor]> {
  if (saved instanceof PickledModule) yield* walk(saved.state, '', 0);
  else if (saved instanceof Map) {
    const inner = wrappers.map((name) => saved.get(name)).find((value) => value instanceof Map);
    yield* walk(inner ?? saved, '', 0);
  } else
    throw new CheckpointError('checkpoint_format', `${file} holds something other than a dict of tensors.`);
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
    else if (value instanceof PickledModule) yield* walk(value.state, `${name}.`, depth + 1);
    else if (value instanceof Map) yield* walk(value, `${name}.`, depth + 1);
  }
}

function placed(file: string, name: string, tensor: PickledTensor, storage?: Place): StoredTensor {
  const { type, offset, shape, stride } = tensor;
  const dtype = storageFormat(type);
  if (!dtype)
    throw new CheckpointError(
      'checkpoint_format',
      `${file}: ${name} is in the number format ${type.replace(/Storage$/, '')}, which is not supported.`,
    );
  if (!storage) throw damaged(file, `the numbers of ${name} are missing`);
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
  if (!Number.isSafeInteger(length) || offset * bytes + length > storage.size)
    throw damaged(file, `${name} is longer than its ${storage.size} bytes`);
  return { dtype, shape, file, offset: storage.offset + offset * bytes, length };
}
