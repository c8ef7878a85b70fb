/** Graphs in this process. The only module that imports onnxruntime-node. */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import * as ort from 'onnxruntime-node';
import { DeviceError, ModelError, messageOf } from '../errors';
import type { GraphName, GraphSpec, LoadedManifest } from '../manifest';
import type { Device } from '../types';
import { bytesOn, specOn } from '../directory';
import { checkDeclared, checkSignature, isCache, type Found } from './contract';
import { cudaProvider, loadCudaLibraries } from './cuda';
import type { Feeds, GraphSet, Loaded } from './graph';
import { graphSet } from './graph-set';
import { castFloat, type Tensor } from './tensor';

export interface LocalOptions {
  device: Device;
  /** Threads of one operator; by default every core. */
  threads?: number;
  /** Bytes that the weights of all graphs together may take; by default as many as there are. */
  memory?: number;
}

/**
 * The graphs of a model directory on a device of this machine, each checked against the pipeline's needs.
 * @throws DeviceError when this installation has no support for the device.
 */
export function localGraphs(
  { dir, manifest }: LoadedManifest,
  options: LocalOptions & { onChange?: (loaded: Loaded) => void },
): GraphSet {
  return openGraphs<GraphName>(dir, manifest.graphs, {
    ...options,
    bytesOf: (name) => {
      const known = manifest.graphs[name];
      return known ? bytesOn(options.device, known, manifest.files) : 0;
    },
    check: (name, spec, found) => checkSignature(name, spec, manifest, found),
    // The language model’s cache is only for its own next run.
    stays: (name, output) => name === 'language_model' && isCache(output),
  });
}

/**
 * Any graphs on a device of this machine. A session lives as long as its set, unless it has to make room: creating and releasing sessions leaks
 * about half a megabyte each (onnxruntime-node 1.30).
 * @param dir where the files of the specs are
 * @param options.check called after a graph is loaded and found to be as its spec says
 * @throws DeviceError when this installation has no support for the device.
 */
export function openGraphs<Name extends string>(
  dir: string,
  specs: Partial<Record<Name, GraphSpec>>,
  options: LocalOptions & {
    check?: (name: Name, spec: GraphSpec, found: Found) => void;
    bytesOf?: (name: Name) => number;
    onChange?: (loaded: Loaded<Name>) => void;
    /** Outputs that stay on the device, if the runtime can do that there. */
    stays?: (name: Name, output: string) => boolean;
  },
): GraphSet<Name> {
  checkDevice(options.device);
  const names = (Object.keys(specs) as Name[]).filter((name) => specs[name]);
  const { bytesOf, memory: limit, onChange } = options;
  const load = async (name: Name) => {
    const known = specs[name];
    if (!known) throw new ModelError('graph_mismatch', `No graph ${name} in ${dir}.`);
    const spec = specOn(options.device, known);
    const staying = keepsOutputs.has(options.device)
      ? Object.keys(spec.outputs).filter((output) => options.stays?.(name, output))
      : [];
    const session = await createSession(dir, spec, name, { ...options, staying });
    const found = { inputs: session.inputNames, outputs: session.outputNames };
    checkDeclared(name, spec, found);
    options.check?.(name, spec, found);
    return {
      name,
      spec,
      run: (feeds: Feeds) => runSession(session, name, feeds),
      close: () => session.release(),
    };
  };
  return graphSet(names, load, { bytesOf, limit, onChange });
}

/** Devices that this build of onnxruntime-node knows; what `cuda` needs comes apart from it. */
export const knownDevices = (): string[] => ort.listSupportedBackends().map(({ name }) => name);

/**
 * Whether this installation can use the device at all; whether the machine has one shows when a graph loads.
 * @throws DeviceError
 */
export function checkDevice(device: Device): void {
  const known = ort.listSupportedBackends().find((backend) => backend.name === device);
  if (known && device === 'cuda' && cudaProvider() !== null) return loadCudaLibraries();
  if (known?.bundled) return;
  const help =
    known && device === 'cuda'
      ? 'Install its libraries with `npx studio device install cuda`, or use the device cpu.'
      : 'Use the device cpu.';
  throw new DeviceError(
    `onnxruntime-node is installed without support for ${device} (${process.platform} ${process.arch}). ${help}`,
  );
}

/** Where onnxruntime-node can leave outputs: with CUDA it copies all of them (1.30). */
const keepsOutputs: ReadonlySet<Device> = new Set<Device>(['webgpu']);

async function createSession(
  dir: string,
  spec: GraphSpec,
  name: string,
  { device, threads, staying }: LocalOptions & { staying: readonly string[] },
): Promise<ort.InferenceSession> {
  const { weights, quantised } = spec;
  const path = join(dir, spec.file);
  // Only a graph that is given as bytes may name files outside its own folder.
  const model = weights === undefined ? path : new Uint8Array(await readFile(path));
  return ort.InferenceSession.create(model as string, {
    ...((weights !== undefined || quantised) && { enableMemPattern: false }),
    executionProviders: [device],
    ...(staying.length > 0 && {
      preferredOutputLocation: Object.fromEntries(staying.map((output) => [output, 'gpu-buffer' as const])),
    }),
    intraOpNumThreads: threads ?? availableParallelism(),
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Idle threads sleep: spinning ones slow a busy machine down fivefold, with every session's pool in the way.
    extra: {
      session: {
        intra_op: { allow_spinning: '0' },
        ...(weights !== undefined && {
          model_external_initializers_file_folder_path: resolve(dir, weights),
          // Weights are used where they lie: laid out anew for the processor, all of them would be a copy in memory.
          disable_prepacking: '1',
        }),
      },
    },
  }).catch((cause: unknown) => {
    throw loadError(device, `${name} (${spec.file})`, cause);
  });
}

async function runSession(session: ort.InferenceSession, name: string, feeds: Feeds): Promise<Feeds> {
  const inputs: Record<string, ort.Tensor> = {};
  for (const meta of session.inputMetadata) {
    const feed = feeds[meta.name];
    if (!feed || !meta.isTensor) throw new Error(`The graph ${name} needs input ${meta.name}.`);
    if (feed.dtype === 'kept') {
      inputs[meta.name] = feed.tensor as ort.Tensor;
      continue;
    }
    const float = meta.type === 'float16' || meta.type === 'float32' ? meta.type : 'float32';
    const { dtype, data, dims } = castFloat(feed, float);
    inputs[meta.name] = new ort.Tensor(dtype as 'float32', data as Float32Array, dims);
  }
  const results = await session.run(inputs).catch((cause: unknown) => {
    throw new ModelError('graph_failed', `The graph ${name} failed: ${messageOf(cause)}`, { cause });
  });
  const outputs: Feeds = {};
  for (const [key, tensor] of Object.entries(results)) outputs[key] = fromOrt(tensor);
  return outputs;
}

function fromOrt(tensor: ort.Tensor): Tensor {
  if (tensor.location === 'gpu-buffer')
    return { dtype: 'kept', dims: tensor.dims, tensor, release: () => tensor.dispose() };
  const { data, dims } = tensor;
  if (tensor.type === 'float32') return { dtype: 'float32', dims, data: data as Float32Array };
  if (tensor.type === 'int64') return { dtype: 'int64', dims, data: data as BigInt64Array };
  // Half floats come as Float16Array where the engine has it, else as Uint16Array: the same 16 bits.
  const view = data as ArrayBufferView & { length: number };
  if (tensor.type === 'float16')
    return { dtype: 'float16', dims, data: new Uint16Array(view.buffer, view.byteOffset, view.length) };
  throw new ModelError(
    'graph_mismatch',
    `A graph gave a tensor of type ${tensor.type}; it must be a float or int64.`,
  );
}

function loadError(device: Device, graph: string, cause: unknown): Error {
  const reason = messageOf(cause);
  if (device === 'cpu')
    return new ModelError('graph_mismatch', `The graph ${graph} cannot be loaded: ${reason}`, { cause });
  const help = `\`npx studio device check ${device}\` says what is missing; or use the device cpu.`;
  // The native message is about source files of onnxruntime; it stays as the cause.
  return new DeviceError(`The device ${device} is not available: onnxruntime cannot start it. ${help}`, {
    cause,
  });
}
