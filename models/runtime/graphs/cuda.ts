/**
 * The files with which onnxruntime-node uses a CUDA device. They are no part of its npm package: `studio device install cuda` puts
 * them beside it. Nothing here loads the native runtime.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { neededLibraries } from './elf';

/** The package onnxruntime-node. */
export const runtimeHome = (): string =>
  dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));

/** Of the installed onnxruntime-node. What it loads must be of exactly this version. */
export const runtimeVersion = (): string =>
  (JSON.parse(readFileSync(join(runtimeHome(), 'package.json'), 'utf8')) as { version: string }).version;

/** The folder of its native libraries. */
export const runtimeFolder = (): string =>
  join(runtimeHome(), 'bin', 'napi-v6', process.platform, process.arch);

/** Where `install cuda --libraries` puts NVIDIA's libraries, inside the runtime's folder. */
export const librariesFolder = 'cuda';

/** The provider's files, in the order in which they are put there: with the last one it is installed. */
export const providerFiles = [
  'libonnxruntime_providers_shared.so',
  'libonnxruntime_providers_cuda.so',
] as const;

/** The library by which onnxruntime computes on CUDA devices, or null where it is not installed. */
export function cudaProvider(folder = runtimeFolder()): string | null {
  const name = process.platform === 'win32' ? 'onnxruntime_providers_cuda.dll' : providerFiles[1];
  const file = join(folder, name);
  return existsSync(file) ? file : null;
}

export interface CudaNeeds {
  /** The CUDA version that the provider was built for: what the driver must support. */
  major: number;
  /** NVIDIA's libraries by the names that the system looks for, without the driver's. */
  libraries: string[];
}

/** What a provider needs of the machine; null where its file does not tell. */
export function needsOf(provider: string): CudaNeeds | null {
  const libraries = (neededLibraries(provider) ?? []).filter(
    (name) => /^lib(cu|nv)/.test(name) && name !== cudaDriver,
  );
  const major = Number(
    libraries.map((name) => /^libcudart\.so\.(\d+)$/.exec(name)?.[1]).find(Boolean) ?? NaN,
  );
  return Number.isInteger(major) ? { major, libraries: [...libraries, ...whenUsed] } : null;
}

/** The library of NVIDIA's driver. */
export const cudaDriver = 'libcuda.so.1';

/** Loaded by the provider when a graph has convolutions, as every decoder of images does. */
const whenUsed = ['libcudnn.so.9'];

/** RTLD_LAZY and RTLD_NODELETE of glibc. */
const keepLoaded = 0x1001;

/**
 * Loads a shared library into this process, where it stays. Others that need it by its name find it, wherever it lies.
 * @returns null, or why it cannot be loaded, in the system's words
 */
export function loadLibrary(file: string): string | null {
  try {
    process.dlopen({ exports: {} }, file, keepLoaded);
    return null;
  } catch (error) {
    const { message } = error as Error;
    // It was loaded, and is not an addon of Node: nobody said that it was.
    return message.startsWith('Module did not self-register') ? null : message;
  }
}

/**
 * Loads what `install cuda --libraries` fetched: the system does not look there for what the provider needs. Libraries of the
 * system are found without it.
 */
export function loadCudaLibraries(folder = join(runtimeFolder(), librariesFolder)): void {
  if (!existsSync(folder)) return;
  // cuDNN loads its own parts, from beside itself, as it needs them.
  let left = readdirSync(folder).filter((name) => /^lib(?!cudnn_).+\.so\.[\d.]+$/.test(name));
  // One may need another: again while that helps.
  for (let before = Infinity; left.length > 0 && left.length < before;) {
    before = left.length;
    left = left.filter((name) => loadLibrary(join(folder, name)) !== null);
  }
}
