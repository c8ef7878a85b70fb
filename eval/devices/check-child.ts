/** Runs a small graph on a device, in a process of its own: `check-child.mjs DEVICE FOLDER`. */
import { openGraphs, output, type GraphSpec } from '../../models/runtime';
import type { Device } from '../../models/runtime';
import {
  cudaDriver,
  cudaProvider,
  loadCudaLibraries,
  loadLibrary,
  needsOf,
} from '../../models/runtime/graphs/cuda';
import { float32, floatsOf } from '../../models/runtime/graphs/tensor';
import type { Tried } from './check';
import { graphName, inputSize, specOf } from './check-graph';

const [device = 'cpu', folder = ''] = process.argv.slice(2) as [Device, string];

const tried: Tried = { missing: [], error: null, difference: null };
try {
  if (device === 'cuda') tried.missing = missingLibraries();
  if (tried.missing.length === 0) {
    const expected = await run('cpu');
    const found = await run(device);
    tried.difference = Math.max(...found.map((value, i) => Math.abs(value - expected[i]!)));
    // NaN is as far off as can be, and has no place in JSON.
    if (!Number.isFinite(tried.difference)) tried.difference = Number.MAX_VALUE;
  }
} catch (error) {
  const { message, cause } = error as Error;
  tried.error = cause instanceof Error ? cause.message : message;
}
process.send?.(tried, () => process.exit(0));

async function run(on: Device): Promise<Float32Array> {
  const set = await openGraphs<string>(
    folder,
    { [graphName]: specOf() satisfies GraphSpec },
    { device: on, threads: 1 },
  );
  try {
    const values = Float32Array.from({ length: inputSize }, (_, i) => Math.sin(i));
    const graph = await set.get(graphName);
    return floatsOf(output(await graph.run({ x: float32(values, [1, inputSize]) }), 'y'));
  } finally {
    await set.close();
  }
}

/** What of the provider's libraries the system cannot load. */
function missingLibraries(): string[] {
  const provider = cudaProvider();
  const needs = provider === null ? null : needsOf(provider);
  if (needs === null) return [];
  loadCudaLibraries();
  return [
    ...new Set(
      [...needs.libraries, cudaDriver].flatMap((name) => {
        const why = loadLibrary(name);
        // Of a library that is there, another may be missing.
        return why === null ? [] : [/^(\S+): cannot open shared object file/.exec(why)?.[1] ?? why];
      }),
    ),
  ];
}
