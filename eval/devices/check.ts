/** Whether a device can be used: tried, and what is missing where it cannot. */
import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Device } from '../../models/runtime';
import { cudaDriver } from '../../models/runtime/graphs/cuda';
import { checkGraph, specOf } from './check-graph';
import { describeDevice, needsNewerDriver, type DeviceInfo } from './devices';

/** What a process found that ran a small graph on a device. */
export interface Tried {
  /** Libraries that the system cannot load. */
  missing: string[];
  /** Why the graph did not run. */
  error: string | null;
  /** The largest difference of its outputs from the CPU's, of values from 0 to 1. */
  difference: number | null;
}

export interface Checked {
  device: Device;
  ok: boolean;
  difference: number | null;
  missing: string[];
  /** What is wrong, and what to do; empty where the device works. */
  problems: string[];
  /** What onnxruntime said. */
  details: string | null;
}

/** More than rounding makes, TF32 on GPUs included. */
const tolerance = 1e-2;

/** Loads a small graph on a device and runs it, in a process of its own: a driver's failure may end it. */
export async function checkDevice(device: Device): Promise<Checked> {
  const info = await describeDevice(device);
  if (info.supported && info.installed) {
    const { tried, said, ended } = await inChild(device);
    return { device, ...judge(info, tried, said, ended) };
  }
  return { device, ...judge(info, null, '', null) };
}

async function inChild(device: Device) {
  const folder = await mkdtemp(join(tmpdir(), 'device-check-'));
  try {
    await writeFile(join(folder, specOf().file), checkGraph());
    const child = fork(fileURLToPath(new URL('check-child.mjs', import.meta.url)), [device, folder], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // What this process was started with is not for the other.
      execArgv: [],
    });
    let said = '';
    let tried: Tried | null = null;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => (said += data.toString()));
    child.on('message', (message) => (tried = message as Tried));
    const ended = await new Promise<string>((resolve) =>
      child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`)),
    );
    return { tried: tried as Tried | null, said, ended };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * What a try means.
 * @param tried null where the process ended before it could tell
 * @param said what it printed: onnxruntime tells some reasons there only
 */
export function judge(
  info: DeviceInfo,
  tried: Tried | null,
  said: string,
  ended: string | null,
): Omit<Checked, 'device'> {
  const { device } = info;
  const missing = tried?.missing ?? [];
  const reason = tried?.error ? withoutPlaces(tried.error) : null;
  const details = reasonIn(said) ?? reason;
  const wrong = (...problems: string[]) => ({
    ...{ ok: false, difference: tried?.difference ?? null, missing, problems, details },
  });
  if (!info.supported || !info.installed) return wrong(info.reason ?? 'It cannot be used here.');
  const newer = needsNewerDriver(info);
  if (missing.length > 0) {
    const libraries = missing.filter((name) => name !== cudaDriver);
    return wrong(
      ...(libraries.length > 0
        ? [
            `These libraries could not be loaded: ${libraries.join(', ')}. Install CUDA ${info.needsCuda} and cuDNN 9, or run \`npx studio device install cuda --libraries\`.`,
          ]
        : []),
      ...(missing.includes(cudaDriver)
        ? [`${cudaDriver} could not be loaded: NVIDIA’s driver is not installed on this machine.`]
        : []),
      ...(newer ? [newer] : []),
    );
  }
  if (tried === null) return wrong(`onnxruntime ended the process (${ended}).`, ...(newer ? [newer] : []));
  if (tried.error !== null) {
    if (newer) return wrong(newer);
    if (device === 'webgpu' && /libvulkan\.so\.1: cannot open/.test(said))
      return wrong(
        'libvulkan.so.1 could not be loaded: install a Vulkan loader (package libvulkan1) and the GPU’s driver.',
      );
    if (device === 'webgpu' && /WebGPU adapter|No supported adapters/.test(tried.error))
      return wrong(
        process.platform === 'linux'
          ? 'No Vulkan adapter can be used: the machine has no GPU, or its driver doesn’t support Vulkan.'
          : 'WebGPU finds no GPU that it can use.',
      );
    return wrong(
      `onnxruntime cannot use it: ${/CUDA failure/.test(reason!) ? reason : (details ?? reason)}.`,
    );
  }
  if (tried.difference === null || tried.difference > tolerance)
    return wrong(
      `It computes something else than the CPU: the largest difference is ${tried.difference}, and ${tolerance} would be allowed. Update the GPU’s driver.`,
    );
  return { ok: true, difference: tried.difference, missing, problems: [], details: null };
}

/** What of onnxruntime's message is for people: without places in its source. */
function withoutPlaces(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim();
  const cuda = /CUDA failure \d+: [^;]+/.exec(line)?.[0].trim();
  return cuda ?? line.split(/ was false\. |\] : \d+ : FAIL : | with error: /).at(-1)!;
}

/** The reason in onnxruntime's log. */
function reasonIn(said: string): string | null {
  const line = said.split('\n').find((one) => /\[E:onnxruntime|^Warning: /.test(one));
  // Without the colours of a terminal.
  return line === undefined ? null : withoutPlaces(line.replaceAll(/\u001b\[[\d;]*m|^Warning: /g, ''));
}
