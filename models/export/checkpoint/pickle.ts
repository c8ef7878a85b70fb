/**
 * Reads the pickle of a `torch.save`d state dict. It is a program; this interpreter knows the few instructions that such
 * a file needs, makes maps, lists and texts of them, and calls nothing: a name of a function is a name, and the few that
 * state dicts are made of are done here. Anything else is refused. In a TorchScript archive (`torch.jit.save`, as OpenAI published
 * CLIP) the same instructions make modules, whose classes are names as well: what is kept of them is their attributes.
 * Sources: Python's Lib/pickle.py and pickletools.py; torch/_utils.py for the arguments of `_rebuild_*`.
 */

/** What a pickle says that no state dict does. */
export class PickleError extends Error {}

/** It goes on beyond its bytes. */
export class PickleEndError extends PickleError {
  constructor() {
    super('it is cut off');
  }
}

/** A name that the program mentions, e.g. `torch.BFloat16Storage`. */
class Name {
  constructor(readonly text: string) {}
}

/** A part of a file of the archive, as numbers of one type. */
class Storage {
  constructor(
    /** e.g. `BFloat16Storage`, or `untyped`. */
    readonly type: string,
    readonly key: string,
  ) {}
}

/** A tensor that a pickle speaks of. */
export class PickledTensor {
  constructor(
    /** Of its storage, e.g. `BFloat16Storage`. */
    readonly type: string,
    /** The file of the archive's `data/` that has its numbers. */
    readonly key: string,
    /** In numbers. */
    readonly offset: number,
    readonly shape: readonly number[],
    /** In numbers. */
    readonly stride: readonly number[],
  ) {}
}

/** A module of a TorchScript archive: its class, and its attributes by their names. */
export class PickledModule {
  readonly state = new Map<Pickled, Pickled>();
  constructor(readonly type: string) {}
}

/** An object that nothing here needs, such as a step counter's class. */
const opaque = Symbol('opaque');

export type Pickled =
  | Map<Pickled, Pickled>
  | Pickled[]
  | PickledTensor
  | PickledModule
  | Name
  | Storage
  | string
  | number
  | boolean
  | null
  | typeof opaque;

/** More than any state dict of a model has, and few enough to stay small in memory. */
const limits = { bytes: 100_000_000, instructions: 20_000_000, depth: 1000 };

/**
 * @param bytes a whole pickle of protocol 2 to 5
 * @returns what it makes
 * @throws PickleError
 */
export function unpickle(bytes: Buffer): Pickled {
  if (bytes.length > limits.bytes) throw new PickleError(`it has ${bytes.length} bytes`);
  return new Machine(bytes).run();
}

/**
 * One of several pickles that follow one another.
 * @param at where it begins
 * @returns what it makes, where it ends, and the types of the storages that it speaks of, by their keys
 * @throws PickleError; PickleEndError where the bytes end before it does
 */
export function unpickleNext(
  bytes: Buffer,
  at: number,
): { value: Pickled; end: number; storages: ReadonlyMap<string, string> } {
  const machine = new Machine(bytes, at);
  return { value: machine.run(), end: machine.position, storages: machine.storages };
}

class Machine {
  /** Types by keys. */
  readonly storages = new Map<string, string>();
  private readonly stack: Pickled[] = [];
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, Pickled>();

  constructor(
    private readonly bytes: Buffer,
    private at = 0,
  ) {}

  get position(): number {
    return this.at;
  }

  run(): Pickled {
    for (let count = 0; count < limits.instructions; count++) {
      const opcode = this.byte();
      if (opcode === 0x2e) return this.pop();
      const step = instructions[opcode];
      if (!step)
        throw new PickleError(
          `the instruction 0x${opcode.toString(16).padStart(2, '0')} at byte ${this.at - 1} is not one of a state dict`,
        );
      step(this);
      if (this.stack.length > limits.instructions || this.marks.length > limits.depth)
        throw new PickleError('it is nested too deeply');
    }
    throw new PickleError('it is too long');
  }

  take(length: number): Buffer {
    const end = this.at + length;
    if (length < 0 || end > this.bytes.length) throw new PickleEndError();
    const part = this.bytes.subarray(this.at, end);
    this.at = end;
    return part;
  }
  byte = (): number => this.take(1)[0]!;
  uint32 = (): number => this.take(4).readUInt32LE();
  text = (length: number): string => this.take(length).toString('utf8');
  line(): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0) throw new PickleEndError();
    const text = this.text(end - this.at);
    this.at++;
    return text;
  }

  push(value: Pickled): void {
    this.stack.push(value);
  }
  pop(): Pickled {
    const value = this.stack.pop();
    if (value === undefined) throw new PickleError('it takes more than it made');
    return value;
  }
  top(): Pickled {
    const value = this.stack.at(-1);
    if (value === undefined) throw new PickleError('it takes more than it made');
    return value;
  }
  skipped(length: number): void {
    this.take(length);
    this.push(opaque);
  }
  mark(): void {
    this.marks.push(this.stack.length);
  }
  popToMark(): Pickled[] {
    const from = this.marks.pop();
    if (from === undefined || from > this.stack.length) throw new PickleError('it takes more than it made');
    return this.stack.splice(from);
  }
  last(count: number): Pickled[] {
    if (this.stack.length < count) throw new PickleError('it takes more than it made');
    return this.stack.splice(this.stack.length - count);
  }
  keep(key: number): void {
    this.memo.set(key, this.top());
  }
  keepNext(): void {
    this.keep(this.memo.size);
  }
  recall(key: number): void {
    const value = this.memo.get(key);
    if (value === undefined) throw new PickleError('it recalls what it did not keep');
    this.push(value);
  }

  /** Puts keys and values into the map on the stack; into anything else they are not put. */
  setItems(items: Pickled[]): void {
    const target = this.top();
    if (!(target instanceof Map)) return;
    for (let i = 0; i + 1 < items.length; i += 2) target.set(items[i]!, items[i + 1]!);
  }
  append(items: Pickled[]): void {
    const target = this.top();
    if (Array.isArray(target)) for (const item of items) target.push(item);
  }

  reduce(): void {
    const args = this.pop();
    const callee = this.pop();
    this.push(callee instanceof Name && Array.isArray(args) ? made(callee.text, args) : opaque);
  }
  /** Gives an object its state; that of anything but a module is not used, such as `_metadata` of a state dict. */
  build(): void {
    const state = this.pop();
    const object = this.top();
    if (!(object instanceof PickledModule) || !(state instanceof Map)) return;
    for (const [name, value] of state) object.state.set(name, value);
  }
  name(module: Pickled, name: Pickled): void {
    if (typeof module !== 'string' || typeof name !== 'string')
      throw new PickleError('a name in it is not a text');
    this.push(new Name(`${module}.${name}`));
  }
  /** `('storage', class, key, device, count)`. */
  persistent(): void {
    const id = this.pop();
    const [kind, type, key] = Array.isArray(id) ? id : [];
    if (kind !== 'storage' || !(type instanceof Name) || typeof key !== 'string')
      throw new PickleError('it refers to something other than a storage');
    const storage = new Storage(type.text.split('.').at(-1)!, key);
    this.storages.set(key, storage.type);
    this.push(storage);
  }
}

/** The functions of a state dict and the classes of a TorchScript archive: what they would give for these arguments. */
function made(name: string, args: Pickled[]): Pickled {
  switch (name) {
    case 'collections.OrderedDict':
      return new Map();
    case 'torch._utils._rebuild_tensor_v2':
      return rebuilt(args);
    case 'torch._utils._rebuild_parameter':
      return args[0] ?? null;
    case 'torch._tensor._rebuild_from_type_v2': {
      const [callee, , inner] = args;
      return callee instanceof Name && Array.isArray(inner) ? made(callee.text, inner) : opaque;
    }
    // TorchScript's lists.
    case 'torch.jit._pickle.build_intlist':
    case 'torch.jit._pickle.build_doublelist':
    case 'torch.jit._pickle.build_boollist':
    case 'torch.jit._pickle.build_tensorlist':
    case 'torch.jit._pickle.restore_type_tag':
      return args[0] ?? null;
    default:
      return name.startsWith('__torch__.') ? new PickledModule(name) : opaque;
  }
}

function rebuilt([storage, offset, shape, stride]: Pickled[]): PickledTensor {
  const whole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (
    !(storage instanceof Storage) ||
    !whole(offset) ||
    !Array.isArray(shape) ||
    !Array.isArray(stride) ||
    shape.length !== stride.length ||
    ![...shape, ...stride].every(whole)
  )
    throw new PickleError('it has a tensor without a place');
  return new PickledTensor(storage.type, storage.key, offset, shape as number[], stride as number[]);
}

/** A whole number of `length` bytes, the lowest first, in two's complement. */
function longOf(machine: Machine, length: number): number {
  const bytes = machine.take(length);
  let value = 0n;
  for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  if (length > 0 && bytes[length - 1]! >= 128) value -= 1n << BigInt(8 * length);
  return Number(value);
}

const instructions: Readonly<Record<number, (m: Machine) => void>> = {
  /* PROTO */ 0x80: (m) => m.take(1),
  /* FRAME */ 0x95: (m) => m.take(8),
  /* EMPTY_DICT */ 0x7d: (m) => m.push(new Map()),
  /* EMPTY_LIST */ 0x5d: (m) => m.push([]),
  /* EMPTY_TUPLE */ 0x29: (m) => m.push([]),
  /* MARK */ 0x28: (m) => m.mark(),
  /* BINPUT */ 0x71: (m) => m.keep(m.byte()),
  /* LONG_BINPUT */ 0x72: (m) => m.keep(m.uint32()),
  /* MEMOIZE */ 0x94: (m) => m.keepNext(),
  /* BINGET */ 0x68: (m) => m.recall(m.byte()),
  /* LONG_BINGET */ 0x6a: (m) => m.recall(m.uint32()),
  /* BINUNICODE */ 0x58: (m) => m.push(m.text(m.uint32())),
  /* SHORT_BINUNICODE */ 0x8c: (m) => m.push(m.text(m.byte())),
  /* GLOBAL */ 0x63: (m) => m.name(m.line(), m.line()),
  /* STACK_GLOBAL */ 0x93: (m) => {
    const [module = null, name = null] = m.last(2);
    m.name(module, name);
  },
  /* BININT1 */ 0x4b: (m) => m.push(m.byte()),
  /* BININT2 */ 0x4d: (m) => m.push(m.take(2).readUInt16LE()),
  /* BININT */ 0x4a: (m) => m.push(m.take(4).readInt32LE()),
  /* LONG1 */ 0x8a: (m) => m.push(longOf(m, m.byte())),
  /* BINFLOAT */ 0x47: (m) => m.push(m.take(8).readDoubleBE()),
  /* NEWTRUE */ 0x88: (m) => m.push(true),
  /* NEWFALSE */ 0x89: (m) => m.push(false),
  /* NONE */ 0x4e: (m) => m.push(null),
  /* TUPLE */ 0x74: (m) => m.push(m.popToMark()),
  /* TUPLE1 */ 0x85: (m) => m.push(m.last(1)),
  /* TUPLE2 */ 0x86: (m) => m.push(m.last(2)),
  /* TUPLE3 */ 0x87: (m) => m.push(m.last(3)),
  /* BINPERSID */ 0x51: (m) => m.persistent(),
  /* REDUCE */ 0x52: (m) => m.reduce(),
  /* NEWOBJ */ 0x81: (m) => m.reduce(),
  /* SETITEMS */ 0x75: (m) => m.setItems(m.popToMark()),
  /* SETITEM */ 0x73: (m) => m.setItems(m.last(2)),
  /* APPENDS */ 0x65: (m) => m.append(m.popToMark()),
  /* APPEND */ 0x61: (m) => m.append(m.last(1)),
  /* BUILD */ 0x62: (m) => m.build(),
  // Bytes, of numpy's numbers in the state of a training.
  /* SHORT_BINBYTES */ 0x43: (m) => m.skipped(m.byte()),
  /* BINBYTES */ 0x42: (m) => m.skipped(m.uint32()),
};
