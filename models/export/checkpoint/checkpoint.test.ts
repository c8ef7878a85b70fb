import { mkdtemp, rm, truncate, writeFile, cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors';
import { torchLegacy, torchScript, torchZip } from '../testing/torch-zip';
import { readModelFolder, readTensorFile } from './open';
import { PickledTensor, PickleError, unpickle } from './pickle';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), 'checkpoint-'))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

let count = 0;
async function fileOf(bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, `${count++}.bin`);
  await writeFile(file, bytes);
  return file;
}

/** A safetensors file. */
function safetensors(header: unknown, data = new Uint8Array(0)): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
}
const entry = (dtype: string, shape: number[], from: number, to: number) => ({
  dtype,
  shape,
  data_offsets: [from, to],
});

async function failure(bytes: Uint8Array): Promise<string> {
  const error: unknown = await readTensorFile(await fileOf(bytes)).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CheckpointError);
  const { code, message } = error as CheckpointError;
  expect(message).not.toContain('\n');
  return `${code}: ${message.replace(/^\S+\.bin:? ?/, '')}`;
}

describe('safetensors', () => {
  it('names each tensor’s bytes', async () => {
    const file = await fileOf(
      safetensors(
        {
          __metadata__: { format: 'pt' },
          a: entry('F32', [2, 1], 0, 8),
          b: entry('BF16', [], 8, 10),
          c: entry('I64', [0], 10, 10),
        },
        new Uint8Array(10),
      ),
    );
    const tensors = await readTensorFile(file);
    expect([...tensors.keys()]).toEqual(['a', 'b', 'c']);
    const start = tensors.get('a')!.offset;
    expect(tensors.get('b')).toEqual({ dtype: 'BF16', shape: [], file, offset: start + 8, length: 2 });
    expect(tensors.get('c')!.length).toBe(0);
  });

  it('may have a header of any length', async () => {
    for (let spaces = 0; spaces < 256; spaces++) {
      const bytes = safetensors(
        `{"a":${JSON.stringify(entry('F32', [1], 0, 4))}}${' '.repeat(spaces + 600)}`,
        new Uint8Array(4),
      );
      expect((await readTensorFile(await fileOf(bytes))).size).toBe(1);
    }
  });

  it.each([
    ['no header', Buffer.from('{"a":1}'), 'checkpoint_format'],
    [
      'a header longer than the file',
      Buffer.concat([Buffer.from([255, 255, 255, 255, 255, 255, 255, 127]), Buffer.from('{}')]),
      'its header would have',
    ],
    ['a header that is not JSON', safetensors('{"a":'), 'its header is not JSON'],
    [
      'a header that is a list',
      safetensors('{"a"'.replace('{"a"', '{}').replace('{}', '[]')),
      'checkpoint_format',
    ],
    [
      'an entry without a shape',
      safetensors({ a: { dtype: 'F32', data_offsets: [0, 4] } }),
      'not one of a tensor',
    ],
    ['an entry that is nothing', safetensors({ a: null }), 'not one of a tensor'],
    ['a negative side', safetensors({ a: entry('F32', [-1], 0, 4) }), 'not one of a tensor'],
    [
      'sides beyond any file',
      safetensors({ a: entry('F32', [2 ** 40, 2 ** 40], 0, 4) }),
      'not one of a tensor',
    ],
    [
      'an unknown format',
      safetensors({ a: entry('F8_E4M3', [4], 0, 4) }, new Uint8Array(4)),
      'F8_E4M3, which is not supported',
    ],
    [
      'bytes that do not fit the shape',
      safetensors({ a: entry('F32', [2], 0, 4) }, new Uint8Array(4)),
      'has 4 bytes for 2 numbers',
    ],
    ['a file that is cut off', safetensors({ a: entry('F32', [2], 0, 8) }, new Uint8Array(4)), 'is cut off'],
    [
      'tensors that overlap',
      safetensors({ a: entry('F32', [2], 0, 8), b: entry('F32', [2], 4, 12) }, new Uint8Array(12)),
      'overlaps',
    ],
  ])('refuses %s', async (_what, bytes, says) => {
    expect(await failure(bytes)).toContain(says);
  });

  it('takes tensors that share all their bytes', async () => {
    const bytes = safetensors({ a: entry('F32', [2], 0, 8), b: entry('F32', [2], 0, 8) }, new Uint8Array(8));
    expect((await readTensorFile(await fileOf(bytes))).size).toBe(2);
  });
});

describe('torch.save', () => {
  const tensor = { type: 'BFloat16Storage', key: '0', offset: 2, shape: [2, 3], stride: [3, 1] };

  it('names each tensor’s bytes within the archive, dicts within dicts by dots', async () => {
    const bytes = torchZip(
      { a: tensor, inner: { b: { ...tensor, offset: 0, shape: [], stride: [] } } },
      { '0': Buffer.alloc(16, 7) },
    );
    const tensors = await readTensorFile(await fileOf(bytes));
    expect([...tensors.keys()]).toEqual(['a', 'inner.b']);
    const { offset, length, ...a } = tensors.get('a')!;
    expect(a).toMatchObject({ dtype: 'BF16', shape: [2, 3] });
    expect(length).toBe(12);
    expect(bytes.subarray(offset, offset + length)).toEqual(Buffer.alloc(12, 7));
    expect(tensors.get('inner.b')!.offset).toBe(offset - 4);
  });

  it.each(['state_dict', 'module', 'model_state'])('looks into %s', async (name) => {
    const bytes = torchZip({ epoch: 3, [name]: { a: tensor } }, { '0': Buffer.alloc(16) });
    expect([...(await readTensorFile(await fileOf(bytes))).keys()]).toEqual(['a']);
  });

  it.each([
    [
      'a tensor beyond its storage',
      torchZip({ a: tensor }, { '0': Buffer.alloc(8) }),
      'longer than its 8 bytes',
    ],
    [
      'a tensor without numbers',
      torchZip({ a: { ...tensor, key: '1' } }, { '0': Buffer.alloc(16) }),
      'are missing',
    ],
    [
      'a tensor that is not contiguous',
      torchZip({ a: { ...tensor, stride: [1, 2] } }, { '0': Buffer.alloc(16) }),
      'not contiguous',
    ],
    [
      'an unknown format',
      torchZip({ a: { ...tensor, type: 'QInt8Storage' } }, { '0': Buffer.alloc(16) }),
      'QInt8, which is not supported',
    ],
    ['no tensors at all', torchZip({ epoch: 3 }, {}), 'has no tensors'],
    ['an archive without a pickle', torchZip(null, { '0': Buffer.alloc(4) }), 'without data.pkl'],
    [
      'compressed numbers',
      torchZip({ a: tensor }, { '0': Buffer.alloc(1600) }, { compressed: true }),
      'is compressed',
    ],
  ])('refuses %s', async (_what, bytes, says) => {
    expect(await failure(bytes)).toContain(says);
  });

  it('refuses an archive that is cut off anywhere', async () => {
    const whole = torchZip({ a: tensor }, { '0': Buffer.alloc(64) });
    for (let length = 4; length < whole.length; length += 37) {
      const file = await fileOf(whole);
      await truncate(file, length);
      await expect(readTensorFile(file)).rejects.toBeInstanceOf(CheckpointError);
    }
  });
});

describe('torch.save before 1.6, as mmdetection publishes', () => {
  const a = { type: 'FloatStorage', key: '7', offset: 1, shape: [2], stride: [1] };
  const b = { type: 'HalfStorage', key: '9', offset: 0, shape: [3], stride: [1] };
  const whole = torchLegacy(
    { meta: { epoch: 3 }, state_dict: { a, b } },
    { '7': [3, Buffer.from([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8])], '9': [3, Buffer.from('abcdef')] },
  );

  it('names each tensor’s bytes', async () => {
    const tensors = await readTensorFile(await fileOf(whole));
    const bytesOf = (name: string) => {
      const { offset, length } = tensors.get(name)!;
      return whole.subarray(offset, offset + length);
    };
    expect([...tensors].map(([name, { dtype }]) => [name, dtype])).toEqual([
      ['a', 'F32'],
      ['b', 'F16'],
    ]);
    expect(bytesOf('a')).toEqual(Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]));
    expect(bytesOf('b').toString()).toBe('abcdef');
  });

  it('refuses a file that is cut off anywhere', async () => {
    for (let length = 14; length < whole.length; length += 5)
      expect(await failure(whole.subarray(0, length))).toMatch(/cut off/);
  });
});

describe('TorchScript', () => {
  const tensor = { type: 'HalfStorage', key: '0', offset: 0, shape: [2], stride: [1] };

  it('has the attributes of modules as tensors, names on the way with dots between', async () => {
    const bytes = torchScript(
      { training: 0, visual: { proj: tensor, inner: { '0': { weight: tensor } } } },
      { '0': Buffer.from('abcd') },
    );
    const tensors = await readTensorFile(await fileOf(bytes));
    expect([...tensors.keys()]).toEqual(['visual.proj', 'visual.inner.0.weight']);
    const { offset, length } = tensors.get('visual.proj')!;
    expect(bytes.subarray(offset, offset + length).toString()).toBe('abcd');
  });
});

describe('a pickle', () => {
  const pickle = (...parts: (number | string)[]) =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))));

  it('calls nothing: what it would call is not even remembered', () => {
    // cos\nsystem\n(S… of the classic attack, with a text of protocol 2.
    const attack = pickle(0x80, 2, 0x63, 'os\nsystem\n', 0x58, 4, 0, 0, 0, 'echo', 0x85, 0x52, 0x2e);
    expect(typeof unpickle(attack)).toBe('symbol');
  });

  it.each([
    [
      'an instruction of another kind',
      pickle(0x80, 2, 0x69, 'os\nsystem\n', 0x2e),
      'not one of a state dict',
    ],
    ['an end without a beginning', pickle(0x2e), 'takes more than it made'],
    ['a tuple without a mark', pickle(0x4e, 0x74, 0x2e), 'takes more than it made'],
    ['something recalled that was not kept', pickle(0x68, 9, 0x2e), 'recalls what it did not keep'],
    ['a text longer than itself', pickle(0x58, 255, 255, 255, 127, 'a', 0x2e), 'cut off'],
    ['a name that never ends', pickle(0x63, 'os'), 'cut off'],
    ['no end', pickle(0x80, 2, 0x7d), 'cut off'],
    ['a storage that is none', pickle(0x4e, 0x51, 0x2e), 'other than a storage'],
    [
      'marks beyond any nesting',
      Buffer.concat([Buffer.alloc(5000, 0x28), Buffer.from('.')]),
      'nested too deeply',
    ],
  ])('refuses %s', (_what, bytes, says) => {
    expect(() => unpickle(bytes)).toThrow(says);
  });

  it('survives any garbage', () => {
    let state = 1;
    const random = () => (state = (state * 48_271) % 2_147_483_647) & 255;
    for (let i = 0; i < 2000; i++) {
      const bytes = Buffer.from(Array.from({ length: 1 + (i % 40) }, random));
      try {
        unpickle(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(PickleError);
      }
    }
  });

  it('knows a tensor', () => {
    const bytes = torchZip(
      { a: { type: 'HalfStorage', key: 'x', offset: 1, shape: [4], stride: [1] } },
      {},
      { pickleOnly: true },
    );
    const saved = unpickle(bytes) as Map<string, PickledTensor>;
    expect(saved.get('a')).toEqual(new PickledTensor('HalfStorage', 'x', 1, [4], [1]));
  });
});

describe('a file that is something else', () => {
  it.each([
    ['a Git LFS pointer', Buffer.from('version https://git-lfs.github.com/spec/v1\n'), 'Git LFS pointer'],
    ['a pickle of something else', Buffer.from([0x80, 0x02, 0x5d, 0x2e]), 'not one that torch.save wrote'],
    ['a GGUF file', Buffer.from('GGUF\x03'), 'GGUF'],
    ['a web page', Buffer.from('<!DOCTYPE html>'), 'web page'],
    ['zeros of a download that did not finish', Buffer.alloc(4096), 'did not finish'],
    ['an empty file', Buffer.alloc(0), 'did not finish'],
    ['anything', Buffer.from('hello, hello'), 'neither a safetensors file'],
  ])('is told: %s', async (_what, bytes, says) => {
    expect(await failure(bytes)).toContain(says);
  });

  it('is told: nothing, and a folder', async () => {
    await expect(readTensorFile(path.join(folder, 'nowhere'))).rejects.toThrow('is missing');
    await expect(readTensorFile(folder)).rejects.toThrow('is a folder');
  });
});

describe('a folder of shards', () => {
  async function shards(index: unknown, files: Record<string, Buffer>): Promise<string> {
    const dir = await mkdtemp(path.join(folder, 'shards-'));
    await writeFile(
      path.join(dir, 'model.safetensors.index.json'),
      typeof index === 'string' ? index : JSON.stringify(index),
    );
    for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(dir, name), bytes);
    return dir;
  }
  const one = safetensors({ a: entry('F32', [1], 0, 4) }, new Uint8Array(4));
  const other = safetensors({ b: entry('F32', [1], 0, 4) }, new Uint8Array(4));

  it('is read by its index', async () => {
    const dir = await shards(
      { weight_map: { a: '1.safetensors', b: '2.safetensors' } },
      { '1.safetensors': one, '2.safetensors': other },
    );
    const tensors = await readModelFolder(dir);
    expect([...tensors.values()].map(({ file }) => path.basename(file))).toEqual([
      '1.safetensors',
      '2.safetensors',
    ]);
  });

  it.each([
    ['a shard that is not there', { weight_map: { a: '1.safetensors', b: '3.safetensors' } }, 'is missing'],
    ['a tensor that its shard lacks', { weight_map: { c: '1.safetensors' } }, 'lacks c'],
    ['a shard of another folder', { weight_map: { a: '../1.safetensors' } }, 'not a file beside it'],
    ['a shard without a name', { weight_map: { a: 1 } }, 'not a file beside it'],
    ['no map', {}, 'no weight_map'],
    ['an index that is not JSON', '{', 'is not JSON'],
  ])('is refused with %s', async (_what, index, says) => {
    const dir = await shards(index, { '1.safetensors': one });
    await expect(readModelFolder(dir)).rejects.toThrow(says);
  });

  it('may be a single file', async () => {
    const dir = await mkdtemp(path.join(folder, 'single-'));
    await cp(await fileOf(one), path.join(dir, 'model.safetensors'));
    expect([...(await readModelFolder(dir)).keys()]).toEqual(['a']);
    await expect(readModelFolder(path.join(dir, 'model.safetensors'))).rejects.toThrow('is not a folder');
    await expect(readModelFolder(await mkdtemp(path.join(folder, 'empty-')))).rejects.toThrow(
      'Is it the right folder',
    );
  });
});
