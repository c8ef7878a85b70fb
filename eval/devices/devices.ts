/** The devices of this installation. */
import { availableParallelism, totalmem } from 'node:os';
import { devices as all, type Device } from '../../models/runtime/types';
import { cudaProvider, needsOf, runtimeFolder, runtimeVersion } from '../../models/runtime/graphs/cuda';
import { nvidia, type Gpu } from './nvidia';
import { readRecord } from './record';

/** In the order in which they are listed. */
export const devices: readonly Device[] = [...all].sort();

export interface DeviceInfo {
  device: Device;
  /** Whether this build of onnxruntime-node knows it. */
  supported: boolean;
  /** Whether its libraries are there. */
  installed: boolean;
  /** Of onnxruntime's libraries for it; null where that is not known. */
  version: string | null;
  /** The CUDA version that its libraries were built for. */
  needsCuda: number | null;
  /** That the driver supports. */
  driverCuda: string | null;
  /** NVIDIA's libraries that `install --libraries` put there, by package. */
  libraries: Record<string, string>;
  /** What the driver tells; null where it does not, or for devices that nobody asks. */
  gpus: Gpu[] | null;
  /** In bytes, of the machine or of the first GPU. */
  memory: number | null;
  threads: number | null;
  /** Why it cannot be used, as far as that shows without trying, and what to do. */
  reason: string | null;
}

/** @param known the names of the devices that the runtime was built for, by default asked of it */
export async function describeDevice(device: Device, known?: readonly string[]): Promise<DeviceInfo> {
  const names = known ?? (await import('../../models/runtime/graphs/local')).knownDevices();
  const supported = names.includes(device);
  const bare: DeviceInfo = {
    ...{ device, supported, installed: supported, version: supported ? runtimeVersion() : null },
    ...{ needsCuda: null, driverCuda: null, libraries: {}, gpus: null, memory: null, threads: null },
    reason: supported
      ? null
      : `onnxruntime-node for ${process.platform} ${process.arch} does not support ${device}. Use the device ${names.includes('webgpu') ? 'webgpu or cpu' : 'cpu'}.`,
  };
  if (device === 'cpu') return { ...bare, memory: totalmem(), threads: availableParallelism() };
  if (device !== 'cuda') return bare;
  const driver = await nvidia();
  const gpus = driver?.gpus ?? null;
  const common = { ...bare, gpus, memory: gpus?.[0]?.memory ?? null, driverCuda: driver?.cuda ?? null };
  if (!supported) return common;
  const provider = cudaProvider();
  if (provider === null)
    return {
      ...common,
      ...{ installed: false, version: null },
      reason: 'Its libraries are not installed. Run `npx studio device install cuda`.',
    };
  const record = await readRecord(runtimeFolder());
  const info: DeviceInfo = {
    ...common,
    version: record.provider?.version ?? null,
    needsCuda: needsOf(provider)?.major ?? null,
    libraries: Object.fromEntries(
      Object.entries(record.libraries).map(([name, { version }]) => [name, version]),
    ),
  };
  const noDriver =
    'nvidia-smi is not there or finds no GPU, so there is probably no NVIDIA driver. Run `npx studio device check cuda`.';
  return { ...info, reason: gpus === null || gpus.length === 0 ? noDriver : needsNewerDriver(info) };
}

/** What to do where the driver is too old for the libraries; null where it is not, or does not tell. */
export function needsNewerDriver({ needsCuda, driverCuda, gpus }: DeviceInfo): string | null {
  if (needsCuda === null || driverCuda === null || parseInt(driverCuda, 10) >= needsCuda) return null;
  return `NVIDIA’s driver${gpus?.[0] ? ` ${gpus[0].driver}` : ''} is too old: it supports CUDA ${driverCuda}, and the installed libraries need CUDA ${needsCuda}. Update the driver${needsCuda > 12 ? ', or use the build for CUDA 12: `npx studio device install cuda --from nuget`' : ''}.`;
}
