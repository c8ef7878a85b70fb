import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installCuda, type CudaSource, type InstallOptions } from './install-cuda';
import { libraryNeeding, startIndex, wheel, type TestIndex } from './testing/wheels';

const provider = libraryNeeding(
  'libcublas.so.13',
  'libcurand.so.10',
  'libcudart.so.13',
  'libcuda.so.1',
  'libc.so.6',
);
const shared = Buffer.from('shared');
const capi = 'onnxruntime/capi';
const files = {
  [`${capi}/libonnxruntime_providers_shared.so`]: shared,
  [`${capi}/libonnxruntime_providers_cuda.so`]: provider,
  [`${capi}/libonnxruntime_providers_tensorrt.so`]: Buffer.from('not wanted'),
};
const nameOf = (version: string, platform = 'manylinux_2_28_x86_64') =>
  `onnxruntime_gpu-${version}-cp311-cp311-${platform}.whl`;
const library = (name: string, version: string, ...libraries: string[]) => ({
  [`${name.replaceAll('-', '_')}-${version}-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl`]: wheel(
    Object.fromEntries(libraries.map((one) => [`nvidia/cu13/lib/${one}`, Buffer.from(`${one} ${version}`)])),
  ),
});
const libraries = {
  'nvidia-cuda-runtime': {
    ...library('nvidia-cuda-runtime', '13.2.0', 'libcudart.so.13'),
    ...library('nvidia-cuda-runtime', '13.10.1', 'libcudart.so.13'),
    ...library('nvidia-cuda-runtime', '13.11.0rc1', 'libcudart.so.13'),
    ...library('nvidia-cuda-runtime', '14.0.0', 'libcudart.so.14'),
  },
  'nvidia-cublas': library(
    'nvidia-cublas',
    '13.0.1',
    'libcublas.so.13',
    'libcublasLt.so.13',
    'libnvblas.so.13',
  ),
  'nvidia-curand': library('nvidia-curand', '10.4.1', 'libcurand.so.10'),
  'nvidia-cufft': library('nvidia-cufft', '12.0.1', 'libcufft.so.12', 'libcufftw.so.12'),
  'nvidia-nvjitlink': library('nvidia-nvjitlink', '13.0.1', 'libnvJitLink.so.13'),
  'nvidia-cuda-nvrtc': library('nvidia-cuda-nvrtc', '13.0.1', 'libnvrtc.so.13', 'libnvrtc-builtins.so.13.0'),
  'nvidia-cudnn-cu13': library('nvidia-cudnn-cu13', '9.28.1', 'libcudnn.so.9', 'libcudnn_ops.so.9'),
};

let index: TestIndex;
let home: string;
let folder: string;
beforeEach(async () => {
  index = await startIndex({
    'onnxruntime-gpu': {
      [nameOf('1.29.0')]: wheel(files),
      [nameOf('1.30.0')]: wheel(files),
      [nameOf('1.30.0', 'win_amd64')]: Buffer.from('for another system'),
      [nameOf('1.30.0', 'manylinux_2_34_aarch64')]: Buffer.from('for another processor'),
    },
    ...libraries,
  });
  home = await mkdtemp(path.join(tmpdir(), 'cuda-'));
  folder = path.join(home, 'bin');
});
afterEach(async () => {
  await index.close();
  await rm(home, { recursive: true, force: true });
});

const install = (change: Partial<InstallOptions> = {}, runtime: Partial<InstallOptions['runtime']> = {}) =>
  installCuda({
    ...{ from: { by: 'index', address: index.address } satisfies CudaSource, pauseMs: 1 },
    runtime: { ...{ folder, home, version: '1.30.0', platform: 'linux x64' }, ...runtime },
    ...change,
  });

describe('installing the CUDA provider', () => {
  it('takes the two libraries of the wheel of the same version, and leaves nothing else', async () => {
    const installed = await install();
    expect(installed.provider).toMatchObject({ version: '1.30.0', from: 'pypi', cuda: 13, kept: false });
    expect((await readdir(folder)).sort()).toEqual([
      ...['cuda.json', 'libonnxruntime_providers_cuda.so', 'libonnxruntime_providers_shared.so'],
    ]);
    expect((await readFile(path.join(folder, 'libonnxruntime_providers_cuda.so'))).equals(provider)).toBe(
      true,
    );
    expect(index.requests).toEqual([nameOf('1.30.0')]);
    expect((await install()).provider.kept).toBe(true);
    expect(index.requests).toHaveLength(1);
  });

  it('is done again where a file is gone', async () => {
    await install();
    await rm(path.join(folder, 'libonnxruntime_providers_shared.so'));
    expect((await install()).provider.kept).toBe(false);
    expect(await readdir(folder)).toContain('libonnxruntime_providers_shared.so');
  });

  it('resumes a download that broke', async () => {
    index.breakAfter = 100;
    await expect(install({ retries: 0 })).rejects.toThrow('broke');
    expect(await readdir(folder)).toEqual(['cuda.download']);
    await install();
    expect(index.requests.at(-1)).toBe(`${nameOf('1.30.0')} bytes=100-`);
  });

  it('refuses an index that has other versions only', async () => {
    await expect(install({}, { version: '1.31.0' })).rejects.toThrow(
      /onnxruntime-gpu 1\.29\.0, 1\.30\.0, and the installed onnxruntime-node is 1\.31\.0: both must be of exactly/,
    );
    expect(index.requests).toEqual([]);
  });

  it('refuses what is not what the index announced', async () => {
    index.altered = true;
    await expect(install()).rejects.toThrow('different content');
    expect(await readdir(folder)).not.toContain('libonnxruntime_providers_cuda.so');
  });

  it('refuses a library that is not what the wheel’s own list says', async () => {
    index.projects['onnxruntime-gpu'] = {
      [nameOf('1.30.0')]: wheel(files, (text) => text.replace(/(cuda\.so,sha256=)./, '$1_')),
    };
    await expect(install()).rejects.toThrow(
      'libonnxruntime_providers_cuda.so has different content from what its RECORD',
    );
    expect((await readdir(folder)).filter((name) => name.startsWith('lib'))).toEqual([]);
  });

  it('says first how much room is missing', async () => {
    const room = async () => ({ bavail: 10, bsize: 1 });
    await expect(install({ room })).rejects.toThrow(/0\.00 GB free.*Free some space and install again/);
    expect(index.requests).toEqual([]);
  });

  it.each([
    ['win32 x64', 'Direct3D 12'],
    ['darwin arm64', 'Metal'],
    ['linux arm64', 'Use the device cpu'],
  ])('says what there is instead on %s', async (platform, says) => {
    await expect(install({}, { platform })).rejects.toThrow(says);
  });

  it('takes a wheel on this machine, of the same version and system', async () => {
    const put = async (name: string, bytes: Buffer) => {
      await writeFile(path.join(home, name), bytes);
      return { from: { by: 'file', path: path.join(home, name) } } as const;
    };
    const cut = wheel(files).subarray(0, 300);
    for (const [name, bytes, says] of [
      [nameOf('1.29.0'), wheel(files), 'exactly the same version'],
      [nameOf('1.30.0', 'win_amd64'), wheel(files), 'not for Linux on x86-64'],
      ['torch-1.30.0-cp311-cp311-linux_x86_64.whl', wheel(files), 'is not a wheel of onnxruntime-gpu'],
      [nameOf('1.30.0'), cut, 'cannot be read as a wheel'],
      [nameOf('1.30.0'), wheel({}), 'it has no'],
    ] as const)
      await expect(install(await put(name, bytes))).rejects.toThrow(says);
    await expect(
      install({ from: { by: 'file', path: path.join(home, 'no', nameOf('1.30.0')) } }),
    ).rejects.toThrow('cannot be read');
    expect((await install(await put(nameOf('1.30.0'), wheel(files)))).provider.from).toBe('file');
  });

  it('runs the runtime’s own script, and keeps what was there where that fails', async () => {
    await install();
    await rm(path.join(home, 'script'), { recursive: true, force: true });
    await expect(install({ from: { by: 'nuget' } })).rejects.toThrow(
      'The install script of onnxruntime-node failed',
    );
    expect((await readFile(path.join(folder, 'libonnxruntime_providers_cuda.so'))).equals(provider)).toBe(
      true,
    );
    expect((await install()).provider.kept).toBe(true);
  });
});

describe('installing NVIDIA’s libraries', () => {
  it('takes the newest release of the CUDA version that the provider needs', async () => {
    const { libraries: installed } = await install({ libraries: index.address });
    expect(installed.map(({ package: name, version }) => `${name} ${version}`)).toEqual([
      ...[
        'nvidia-cuda-runtime 13.10.1',
        'nvidia-cublas 13.0.1',
        'nvidia-curand 10.4.1',
        'nvidia-cufft 12.0.1',
      ],
      ...['nvidia-nvjitlink 13.0.1', 'nvidia-cuda-nvrtc 13.0.1', 'nvidia-cudnn-cu13 9.28.1'],
    ]);
    expect((await readdir(path.join(folder, 'cuda'))).sort()).toEqual([
      ...['libcublas.so.13', 'libcublasLt.so.13', 'libcudart.so.13', 'libcudnn.so.9', 'libcudnn_ops.so.9'],
      ...[
        'libcufft.so.12',
        'libcurand.so.10',
        'libnvJitLink.so.13',
        'libnvrtc-builtins.so.13.0',
        'libnvrtc.so.13',
      ],
    ]);
    const before = index.requests.length;
    expect((await install({ libraries: index.address })).libraries.every(({ kept }) => kept)).toBe(true);
    expect(index.requests).toHaveLength(before);
  });

  it('says which one the index lacks, and resumes with it', async () => {
    const all = index.projects['nvidia-cudnn-cu13']!;
    index.projects['nvidia-cudnn-cu13'] = library('nvidia-cudnn-cu13', '8.9.0', 'libcudnn.so.8');
    await expect(install({ libraries: index.address })).rejects.toThrow('has no nvidia-cudnn-cu13 9');
    index.projects['nvidia-cudnn-cu13'] = all;
    const { libraries: installed } = await install({ libraries: index.address });
    expect(installed.map(({ kept }) => kept)).toEqual([...Array<boolean>(6).fill(true), false]);
  });
});
