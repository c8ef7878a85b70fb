import { describe, expect, it } from 'vitest';
import { checkDevice, judge, type Tried } from './check';
import { describeDevice, type DeviceInfo } from './devices';
import { parseCudaVersion, parseGpus } from './nvidia';

const cuda: DeviceInfo = {
  ...{
    device: 'cuda',
    supported: true,
    installed: true,
    version: '1.30.0',
    needsCuda: 13,
    driverCuda: '13.1',
  },
  ...{ libraries: {}, gpus: [], memory: null, threads: null, reason: null },
};
const webgpu: DeviceInfo = { ...cuda, device: 'webgpu', needsCuda: null, driverCuda: null };
const tried = (change: Partial<Tried>): Tried => ({ missing: [], error: null, difference: null, ...change });

describe('checking a device', () => {
  it('runs a graph on it in a process of its own', async () => {
    expect(await checkDevice('cpu')).toEqual({
      ...{ device: 'cpu', ok: true, difference: 0, missing: [], problems: [], details: null },
    });
  });

  it.each<[string, DeviceInfo, Tried | null, string, RegExp[]]>([
    [
      'missing libraries',
      cuda,
      tried({ missing: ['libcublasLt.so.13', 'libcudnn.so.9'] }),
      '',
      [
        /^These libraries could not be loaded: libcublasLt\.so\.13, libcudnn\.so\.9\. Install CUDA 13 .*--libraries/,
      ],
    ],
    [
      'no driver, and nothing else',
      cuda,
      tried({ missing: ['libcuda.so.1'] }),
      '',
      [/^libcuda\.so\.1 could not be loaded: NVIDIA’s driver is not installed/],
    ],
    [
      'an old driver',
      { ...cuda, driverCuda: '12.4', gpus: [{ name: 'T4', memory: 1, driver: '550.54' }] },
      tried({ error: 'CUDA failure 35' }),
      '',
      [/^NVIDIA’s driver 550\.54 is too old: it supports CUDA 12\.4, and .* need CUDA 13\..*--from nuget/],
    ],
    [
      'a GPU that is not there',
      cuda,
      tried({
        error:
          '/src/cuda_call.cc:154 std::conditional_t<> CUDA failure 100: no CUDA-capable device is detected ; GPU=-1',
      }),
      '',
      [/^onnxruntime cannot use it: CUDA failure 100: no CUDA-capable device is detected\.$/],
    ],
    [
      'what only the log tells',
      cuda,
      tried({ error: 'Failed to load shared library' }),
      '\u001b[1;31m2026 [E:onnxruntime:x, a.cc:1 Create] /src/b.cc:2 [ONNXRuntimeError] : 1 : FAIL : Failed to load library /x.so with error: /x.so: undefined symbol: f\n\u001b[m',
      [/^onnxruntime cannot use it: \/x\.so: undefined symbol: f\.$/],
    ],
    ['the end of the process', cuda, null, '', [/^onnxruntime ended the process \(SIGSEGV\)/]],
    [
      'no loader of Vulkan',
      webgpu,
      tried({ error: 'x was false. Failed to get a WebGPU adapter: No supported adapters' }),
      "Warning: Couldn't load Vulkan: libvulkan.so.1: cannot open shared object file: No such file or directory\n",
      [/^libvulkan\.so\.1 could not be loaded/],
    ],
    [
      'no adapter',
      webgpu,
      tried({ error: 'x was false. Failed to get a WebGPU adapter: No supported adapters' }),
      '',
      [/adapter|finds no GPU/],
    ],
    [
      'wrong results',
      webgpu,
      tried({ difference: 0.3 }),
      '',
      [/^It computes something else than the CPU.* 0\.3/],
    ],
    [
      'a device that is not installed',
      { ...cuda, installed: false, reason: 'Run it.' },
      null,
      '',
      [/^Run it\.$/],
    ],
  ])('says what is wrong: %s', (_what, info, found, said, problems) => {
    const judged = judge(info, found, said, 'SIGSEGV');
    expect(judged.ok).toBe(false);
    expect(judged.problems).toEqual(problems.map((one) => expect.stringMatching(one) as string));
  });

  it('allows for rounding', () => {
    expect(judge(cuda, tried({ difference: 1e-3 }), '', null)).toMatchObject({ ok: true, problems: [] });
  });
});

describe('describing a device', () => {
  it('says what the runtime does not support', async () => {
    expect(await describeDevice('cuda', ['cpu', 'webgpu'])).toMatchObject({
      ...{ supported: false, installed: false, version: null },
      reason: expect.stringMatching(/does not support cuda\. Use the device webgpu or cpu\.$/) as string,
    });
  });

  it('reads what nvidia-smi tells', () => {
    expect(parseGpus('NVIDIA H200, 143771, 580.65.06\nNVIDIA A100, PCIe, 40960, 580.65.06\n')).toEqual([
      { name: 'NVIDIA H200', memory: 143771 * 2 ** 20, driver: '580.65.06' },
      { name: 'NVIDIA A100, PCIe', memory: 40960 * 2 ** 20, driver: '580.65.06' },
    ]);
    expect(parseGpus('No devices were found\n')).toEqual([]);
    expect(
      parseCudaVersion('| NVIDIA-SMI 580.65.06   Driver Version: 580.65.06   CUDA Version: 13.0 |'),
    ).toBe('13.0');
    expect(parseCudaVersion('| CUDA UMD Version: 13.2 |')).toBe('13.2');
    expect(parseCudaVersion('')).toBe(null);
  });
});
