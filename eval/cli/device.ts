import { InvalidArgumentError, Argument, Option, type Command } from 'commander';
import { sizeText } from '../../models/runtime/graphs/memory';
import type { Device } from '../../models/runtime';
import type { CudaSource } from '../devices/install-cuda';
import { describeDevice, devices, type DeviceInfo } from '../devices/devices';
import { cancellable, webAddress } from './download';
import { command } from './options';
import { progressBar } from './progress';
import { exitCodes, printJson } from './report';
import { asCommand } from './session';

interface JsonOption {
  json?: boolean;
}

interface InstallOptions extends JsonOption {
  from: 'pypi' | CudaSource;
  libraries?: boolean;
}

/** `studio device`: what models can run on here. */
export function deviceCommand(finish: (code: number) => void): Command {
  return command('device', 'show, check and set up the devices that models run on')
    .addCommand(
      command('list', 'list the devices of this installation')
        .option('--json', 'print a single JSON object')
        .action((options: JsonOption) => asCommand(options, finish, () => list(options))),
    )
    .addCommand(
      command('check', 'run a small graph on a device, and say what is missing where that fails')
        .addArgument(new Argument('<device>', 'the device').choices(devices))
        .option('--json', 'print a single JSON object')
        .action((device: Device, options: JsonOption) =>
          asCommand(options, finish, () => check(device, options)),
        ),
    )
    .addCommand(
      command('install', 'download the libraries that a device needs; run again to resume')
        .addArgument(new Argument('<device>', 'the device').choices(['cuda']))
        .addOption(
          new Option(
            '--from <source>',
            'pypi, nuget (the build for CUDA 12), the URL of an index like PyPI, or an onnxruntime-gpu wheel',
          )
            .argParser(sourceOf)
            .default('pypi'),
        )
        .option('--libraries', 'also download NVIDIA’s libraries: cuBLAS, cuDNN, cuRAND and others, 1.3 GB')
        .option('--json', 'print a single JSON object')
        .action((_device: string, options: InstallOptions) =>
          asCommand(options, finish, () => install(options)),
        ),
    );
}

function sourceOf(text: string): InstallOptions['from'] {
  if (text === 'pypi') return text;
  if (text === 'nuget') return { by: 'nuget' };
  if (text.endsWith('.whl') && !/^https?:/.test(text)) return { by: 'file', path: text };
  try {
    return { by: 'index', address: webAddress(text) };
  } catch {
    throw new InvalidArgumentError(
      'It must be pypi, nuget, a URL starting with http:// or https://, or a .whl file.',
    );
  }
}

async function list({ json }: JsonOption): Promise<void> {
  const { runtimeVersion } = await import('../../models/runtime/graphs/cuda');
  const found: DeviceInfo[] = [];
  for (const device of devices) found.push(await describeDevice(device));
  const runtime = {
    name: 'onnxruntime-node',
    version: runtimeVersion(),
    platform: process.platform,
    arch: process.arch,
  };
  if (json) return printJson({ runtime, devices: found });
  process.stdout.write(
    [
      `${runtime.name} ${runtime.version}, ${runtime.platform} ${runtime.arch}\n`,
      ...found.map(
        (info) =>
          `\n${info.device}\n${linesOf(info)
            .map((line) => `  ${line}\n`)
            .join('')}`,
      ),
    ].join(''),
  );
}

function linesOf(info: DeviceInfo): string[] {
  const { device, supported, installed, version, needsCuda, gpus, driverCuda, libraries } = info;
  const lines = [];
  if (supported && installed)
    lines.push(
      device === 'cuda'
        ? `libraries: ${version ?? 'version unknown (not installed by this command)'}, for CUDA ${needsCuda ?? 'of unknown version'}`
        : `libraries: ${version}, part of onnxruntime-node`,
    );
  if (device === 'cpu') lines.push(`${info.threads} threads, ${sizeText(info.memory ?? 0)} of memory`);
  const own = Object.entries(libraries).map(([name, of]) => `${name} ${of}`);
  if (own.length > 0) lines.push(`NVIDIA’s libraries: ${own.join(', ')}`);
  for (const { name, memory, driver } of gpus ?? [])
    lines.push(
      `${name}, ${sizeText(memory)}, driver ${driver}${driverCuda === null ? '' : ` (CUDA ${driverCuda})`}`,
    );
  if (device === 'cuda' && gpus === null) lines.push('GPU: unknown, nvidia-smi is not there or finds none');
  if (device === 'webgpu' && supported)
    lines.push('GPU: shows when it is used, `npx studio device check webgpu`');
  if (info.reason !== null) lines.push(`cannot be used: ${info.reason}`);
  return lines;
}

async function check(device: Device, { json }: JsonOption): Promise<number> {
  const { checkDevice } = await import('../devices/check');
  const checked = await checkDevice(device);
  if (json) printJson(checked);
  else if (checked.ok)
    process.stdout.write(
      `${device} works: its results differ from the CPU’s by ${checked.difference!.toExponential(1)} at most.\n`,
    );
  else
    process.stdout.write(
      `${device} cannot be used.\n${checked.problems.map((line) => `  ${line}\n`).join('')}`,
    );
  return checked.ok ? exitCodes.done : exitCodes.failed;
}

async function install({ from, libraries, json }: InstallOptions): Promise<void> {
  const { installCuda } = await import('../devices/install-cuda');
  const { indexAddress } = await import('../download/pypi');
  const source: CudaSource = from === 'pypi' ? { by: 'index', address: indexAddress() } : from;
  if (libraries)
    process.stderr.write(
      'NVIDIA’s libraries are proprietary: https://docs.nvidia.com/cuda/eula and the SLA of cuDNN apply.\n',
    );
  const bars = new Map<string, (done: number, total: number) => void>();
  const installed = await cancellable((signal) =>
    installCuda({
      ...{ from: source, signal },
      ...(libraries && { libraries: source.by === 'index' ? source.address : indexAddress() }),
      onProgress: (what, bytes, total) => {
        const bar = bars.get(what) ?? progressBar(`downloading ${what}, MB`, { json });
        bars.set(what, bar);
        if (bytes > 0) bar(Math.ceil(bytes / 1e6), Math.ceil(total / 1e6));
      },
    }),
  );
  if (json) return printJson(installed);
  const { provider } = installed;
  const rows = [
    { name: `onnxruntime’s library for CUDA ${provider.cuda}`, ...provider },
    ...installed.libraries.map((library) => ({ name: library.package, ...library })),
  ];
  process.stdout.write(
    `${installed.folder}\n${rows
      .map(
        ({ name, version, bytes, kept }) =>
          `  ${name} ${version}, ${sizeText(bytes)}${kept ? ', already there' : ''}\n`,
      )
      .join('')}Next: npx studio device check cuda\n`,
  );
}
