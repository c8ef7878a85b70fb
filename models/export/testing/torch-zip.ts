import { zipSync, type Zippable } from 'fflate';

/** A tensor of a file to be made, as torch would save it. */
export interface SavedTensor {
  type: string;
  key: string;
  offset: number;
  shape: readonly number[];
  stride: readonly number[];
}

/** What is saved: tensors, numbers, texts, and lists and dicts of them. */
export interface Saved {
  [name: string]: SavedValue;
}
type SavedValue = SavedTensor | Saved | number | string | string[];

const isTensor = (value: SavedValue): value is SavedTensor =>
  typeof value === 'object' && 'key' in value && typeof value.key === 'string';

/**
 * A file as `torch.save` writes it, of protocol 2.
 * @param saved the dict; without one the archive has no pickle
 * @param storages numbers by their keys
 */
export function torchZip(
  saved: Saved | null,
  storages: Record<string, Buffer>,
  { compressed = false, pickleOnly = false } = {},
): Buffer {
  const pickle = saved && Buffer.concat([Buffer.from([0x80, 2]), pickled(saved), Buffer.from('.')]);
  if (pickleOnly) return pickle!;
  const level = compressed ? 9 : 0;
  const files: Zippable = { 'archive/version': [Buffer.from('3\n'), { level: 0 }] };
  if (pickle) files['archive/data.pkl'] = [pickle, { level: 0 }];
  for (const [key, bytes] of Object.entries(storages)) files[`archive/data/${key}`] = [bytes, { level }];
  return Buffer.from(zipSync(files));
}

/**
 * A file as torch before 1.6 writes it.
 * @param storages by their keys: how many numbers, and these
 */
export function torchLegacy(saved: Saved, storages: Record<string, [number, Buffer]>): Buffer {
  const pickle = (...parts: (number | string | Buffer)[]) => bytesOf(0x80, 2, ...parts, '.');
  const keys = Object.keys(storages).sort();
  return Buffer.concat([
    pickle(0x8a, 0x0a, Buffer.from('6cfc9c46f9206aa85019', 'hex')),
    pickle(int(1001)),
    pickle(0x7d),
    pickle(pickled(saved)),
    pickle(0x5d, 0x28, ...keys.map(text), 0x65),
    ...keys.flatMap((key) => {
      const [count, bytes] = storages[key]!;
      const length = Buffer.alloc(8);
      length.writeBigInt64LE(BigInt(count));
      return [length, bytes];
    }),
  ]);
}

/** A file as `torch.jit.save` writes it: modules instead of dicts. */
export function torchScript(saved: Saved, storages: Record<string, Buffer>): Buffer {
  const module = (value: SavedValue): Buffer =>
    typeof value !== 'object' || Array.isArray(value) || isTensor(value)
      ? pickled(value)
      : bytesOf(
          ...['c__torch__.module\nModule\n', 0x29, 0x81, 0x7d, 0x28],
          ...Object.entries(value).flatMap(([name, inner]) => [text(name), module(inner)]),
          ...[0x75, 0x62],
        );
  const files: Zippable = {
    'archive/data.pkl': [bytesOf(0x80, 2, module(saved), '.'), { level: 0 }],
    'archive/code/__torch__/module.py': [Buffer.from('class Module(Module):\n'), { level: 9 }],
  };
  for (const [key, bytes] of Object.entries(storages)) files[`archive/data/${key}`] = [bytes, { level: 0 }];
  return Buffer.from(zipSync(files));
}

const bytesOf = (...parts: (number | string | Buffer)[]) =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'number' ? Buffer.from([part]) : typeof part === 'string' ? Buffer.from(part) : part,
    ),
  );

function text(value: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(value));
  return bytesOf(0x58, length, value);
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytesOf(0x4a, bytes);
}

const tuple = (values: readonly number[]) => bytesOf(0x28, ...values.map(int), 0x74);

function pickled(value: SavedValue): Buffer {
  if (typeof value === 'number') return int(value);
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return bytesOf(0x28, ...value.map(text), 0x74);
  if (!isTensor(value))
    return bytesOf(
      ...[0x7d, 0x28],
      ...Object.entries(value).flatMap(([name, inner]) => [text(name), pickled(inner)]),
      0x75,
    );
  const { type, key, offset, shape, stride } = value;
  // _rebuild_tensor_v2(persistent ('storage', type, key, 'cpu', count), offset, shape, stride, False, OrderedDict())
  return bytesOf(
    ...['ctorch._utils\n_rebuild_tensor_v2\n', 0x28],
    ...[0x28, text('storage'), `ctorch\n${type}\n`, text(key), text('cpu'), int(99), 0x74, 0x51],
    ...[int(offset), tuple(shape), tuple(stride), 0x89],
    ...['ccollections\nOrderedDict\n', 0x29, 0x52, 0x74, 0x52],
  );
}
