/** Puts beside onnxruntime-node what it needs for CUDA devices. */
import { execFile } from 'node:child_process';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CancelledError } from '../../models/runtime';
import {
  librariesFolder,
  needsOf,
  providerFiles,
  runtimeFolder,
  runtimeHome,
  runtimeVersion,
} from '../../models/runtime/graphs/cuda';
import { checkRoom, keepFolder, onDisk, type Room } from '../download/disk';
import { DownloadError } from '../download/errors';
import { fetchFile } from '../download/fetch-file';
import type { Network } from '../download/http';
import { check } from '../download/lock';
import { isLinuxX64, newestOf, wheelName, wheelsOf, type Wheel } from '../download/pypi';
import { unpackWheel, type Unpacked } from '../download/wheel';
import { areThere, readRecord, writeRecord } from './record';

/** Where the provider comes from: onnxruntime-node's own script, an index like PyPI, or a wheel on this machine. */
export type CudaSource = { by: 'nuget' } | { by: 'index'; address: string } | { by: 'file'; path: string };

export interface InstallOptions extends Network {
  from: CudaSource;
  /** The index of NVIDIA's libraries, which are installed, too. */
  libraries?: string;
  /** Bytes of one download. */
  onProgress?: (what: string, bytes: number, total: number) => void;
  room?: Room;
  /** The runtime to install for. By default this project's. */
  runtime?: { folder: string; home: string; version: string; platform: string };
}

export interface Installed {
  folder: string;
  provider: { version: string; from: string; cuda: number; bytes: number; kept: boolean };
  libraries: { package: string; version: string; bytes: number; kept: boolean }[];
}

const ourRuntime = () => ({
  ...{ folder: runtimeFolder(), home: runtimeHome(), version: runtimeVersion() },
  platform: `${process.platform} ${process.arch}`,
});

const project = 'onnxruntime-gpu';
/** In the runtime's folder: what is on its way, so that a later call resumes it. */
const downloads = 'cuda.download';

/**
 * Installs the CUDA provider of exactly the runtime's version, and on demand the libraries of NVIDIA that it needs. What is there
 * already stays; interrupted downloads are resumed.
 * @throws DownloadError with one line that says what to do; CancelledError when the signal aborts
 */
export async function installCuda(options: InstallOptions): Promise<Installed> {
  const runtime = options.runtime ?? ourRuntime();
  const network = {
    advice: {
      unreachable: 'Check the network, or choose another index or a wheel with --from',
      refused: 'Choose another index or a wheel with --from.',
    },
    ...options,
  };
  const { folder, platform } = runtime;
  const instead: Partial<Record<string, string>> = {
    win32: ' Use webgpu, which works with Direct3D 12.',
    darwin: ' Use webgpu, which works with Metal.',
  };
  if (platform !== 'linux x64')
    throw new DownloadError(
      `onnxruntime-node supports CUDA on Linux on x64 only, and this is ${platform}.${instead[platform.split(' ')[0]!] ?? ' Use the device cpu.'}`,
    );
  const release = await keepFolder(join(folder, downloads));
  try {
    const provider = await installProvider(network, runtime);
    const libraries =
      options.libraries === undefined ? [] : await installLibraries(options.libraries, network, folder);
    await rm(join(folder, downloads), { recursive: true, force: true });
    return { folder, provider, libraries };
  } finally {
    await release();
  }
}

type Runtime = NonNullable<InstallOptions['runtime']>;

async function installProvider(options: InstallOptions, runtime: Runtime): Promise<Installed['provider']> {
  const { from } = options;
  const { folder, version } = runtime;
  const record = await readRecord(folder);
  const name = { nuget: 'nuget', index: 'pypi', file: 'file' }[from.by];
  const before = record.provider;
  if (
    // Of other builds for the same version, the one that is wanted.
    before?.version === version &&
    (before.from === 'nuget') === (name === 'nuget') &&
    (await areThere(folder, before.files))
  )
    return { version, from: before.from, cuda: before.cuda, bytes: bytesOf(before.files), kept: true };
  const files =
    from.by === 'nuget' ? await byOwnScript(options, runtime) : await fromWheel(from, options, runtime);
  const cuda = needsOf(join(folder, providerFiles[1]))?.major;
  if (cuda === undefined)
    throw new DownloadError(
      `${providerFiles[1]} names no libraries of CUDA. Install it from elsewhere with --from.`,
    );
  await writeRecord(folder, { ...record, provider: { version, from: name, cuda, files } });
  return { version, from: name, cuda, bytes: bytesOf(files), kept: false };
}

async function fromWheel(
  from: Exclude<CudaSource, { by: 'nuget' }>,
  options: InstallOptions,
  { folder, version }: Runtime,
): Promise<Unpacked[]> {
  const wanted = providerFiles.map((name) => new RegExp(`^onnxruntime/capi/${name.replace('.', '\\.')}$`));
  if (from.by === 'file') {
    const parts = wheelName(basename(from.path));
    if (parts?.project !== project.replace('-', '_'))
      throw new DownloadError(`${from.path} is not a wheel of ${project}.`);
    if (parts.version !== version) throw new DownloadError(otherVersion(from.path, [parts.version], version));
    if (!isLinuxX64(parts.platforms)) throw new DownloadError(`${from.path} is not for Linux on x86-64.`);
    if (!(await stat(from.path).catch(() => null))?.isFile())
      throw new DownloadError(`${from.path} cannot be read.`);
    return unpackWheel(from.path, wanted, folder, options);
  }
  const wheels = await wheelsOf(from.address, project, options);
  const wheel = wheels.filter((one) => one.version === version).sort((a, b) => (a.name < b.name ? -1 : 1))[0];
  if (!wheel)
    throw new DownloadError(
      otherVersion(
        `${from.address} for Linux on x86-64`,
        [...new Set(wheels.map((one) => one.version))],
        version,
      ),
    );
  return unpacked(wheel, wanted, folder, folder, options);
}

const otherVersion = (where: string, found: readonly string[], version: string): string =>
  `${where} has ${found.length > 0 ? `${project} ${found.slice(-3).join(', ')}` : `no ${project}`}, and the installed onnxruntime-node is ${version}: both must be of exactly the same version.`;

/** Downloads a wheel and unpacks what is wanted of it. */
async function unpacked(
  wheel: Wheel,
  wanted: readonly RegExp[],
  to: string,
  folder: string,
  options: InstallOptions,
): Promise<Unpacked[]> {
  const { name: path, size, sha256, url } = wheel;
  const { onProgress, room, ...network } = options;
  const place = join(folder, downloads);
  const file = { path, size, sha256 };
  const there = await stat(join(place, path)).catch(() => null);
  const whole = there?.size === size && (await check(join(place, path), file, options.signal)).same;
  if (!whole) {
    await onDisk(place, () => mkdir(place, { recursive: true }));
    await checkRoom(folder, size, room, 'Free some space and install again.');
    await fetchFile(place, file, url, {
      ...network,
      onProgress: (bytes) => onProgress?.(path.split('-')[0]!, bytes, size),
    });
  }
  const files = await unpackWheel(join(place, path), wanted, to, options);
  await rm(join(place, path), { force: true });
  return files;
}

/** onnxruntime-node's script downloads the build for CUDA 12 from NuGet, without resuming, and writes into files that are there. */
async function byOwnScript({ signal }: InstallOptions, { folder, home }: Runtime): Promise<Unpacked[]> {
  const aside = (name: string) => join(folder, `${name}.before`);
  const there = [];
  for (const name of providerFiles)
    if (await stat(join(folder, name)).catch(() => null)) {
      await rename(join(folder, name), aside(name));
      there.push(name);
    }
  try {
    await new Promise<void>((resolve, reject) => {
      execFile(
        process.execPath,
        [join(home, 'script', 'install.js')],
        { env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'cuda12' }, signal },
        (error, _stdout, stderr) => {
          if (!error) return resolve();
          if (signal?.aborted) return reject(new CancelledError());
          const why =
            /^\s*(?:\w*Error|AggregateError).*$/m.exec(stderr)?.[0].trim() ?? error.message.split('\n')[0]!;
          reject(
            new DownloadError(
              `The install script of onnxruntime-node failed: ${why}. It needs NuGet; --from pypi needs PyPI.`,
            ),
          );
        },
      );
    });
    const sizes = await Promise.all(providerFiles.map((name) => stat(join(folder, name))));
    for (const name of there) await rm(aside(name));
    // Its packages have no sums that could be kept.
    return providerFiles.map((name, i) => ({ name, bytes: sizes[i]!.size, sha256: '' }));
  } catch (error) {
    for (const name of there) await rename(aside(name), join(folder, name));
    throw error;
  }
}

/** Packages of NVIDIA's libraries by the libraries' names; what they are called for a CUDA version; the files that are wanted. */
const packages: readonly {
  library: string;
  name: string;
  major?: (cuda: number) => number;
  files: RegExp;
}[] = [
  { library: 'libcudart', name: 'nvidia-cuda-runtime', files: /\/lib\/libcudart\.so\.[\d.]+$/ },
  { library: 'libcublas', name: 'nvidia-cublas', files: /\/lib\/libcublas(Lt)?\.so\.[\d.]+$/ },
  { library: 'libcurand', name: 'nvidia-curand', major: () => 10, files: /\/lib\/libcurand\.so\.[\d.]+$/ },
  // Fourier transforms are a CUDA version behind.
  {
    library: 'libcufft',
    name: 'nvidia-cufft',
    major: (cuda) => cuda - 1,
    files: /\/lib\/libcufft\.so\.[\d.]+$/,
  },
  { library: 'libnvJitLink', name: 'nvidia-nvjitlink', files: /\/lib\/libnvJitLink\.so\.[\d.]+$/ },
  { library: 'libnvrtc', name: 'nvidia-cuda-nvrtc', files: /\/lib\/libnvrtc(-builtins)?\.so\.[\d.]+$/ },
  { library: 'libcudnn', name: 'nvidia-cudnn', major: () => 9, files: /\/lib\/libcudnn(_\w+)?\.so\.[\d.]+$/ },
];

/** As PyPI has them: from CUDA 13 on, only cuDNN's name says for which version it is. */
const packageName = (name: string, cuda: number): string =>
  cuda < 13 || name === 'nvidia-cudnn' ? `${name}-cu${cuda}` : name;

async function installLibraries(
  index: string,
  options: InstallOptions,
  folder: string,
): Promise<Installed['libraries']> {
  const cuda = needsOf(join(folder, providerFiles[1]))!.major;
  const installed: Installed['libraries'] = [];
  const place = join(folder, librariesFolder);
  for (const { name: base, major = () => cuda, files: wanted } of packages) {
    const name = packageName(base, cuda);
    const record = await readRecord(folder);
    const before = record.libraries[name];
    if (before && (await areThere(place, before.files))) {
      installed.push({ package: name, version: before.version, bytes: bytesOf(before.files), kept: true });
      continue;
    }
    const wheel = newestOf(await wheelsOf(index, name, options), major(cuda));
    if (!wheel)
      throw new DownloadError(
        `${index} has no ${name} ${major(cuda)} for Linux on x86-64. Choose another index with --from.`,
      );
    const files = await unpacked(wheel, [wanted], place, folder, options);
    const { version } = wheel;
    await writeRecord(folder, { ...record, libraries: { ...record.libraries, [name]: { version, files } } });
    installed.push({ package: name, version, bytes: bytesOf(files), kept: false });
  }
  return installed;
}

const bytesOf = (files: readonly { bytes: number }[]): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);
