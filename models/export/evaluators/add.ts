import { createHash } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { FileList, GraphSpec } from '../../runtime/directory';
import { sizeOf } from '../checkpoint/tensors';
import { CheckpointError } from '../errors';
import { write } from '../graphs/write';
import { refuseExisting, takeNew } from '../new-directory';
import { sourcesOf } from '../sources';
import { writeWhole } from '../write-whole';
import { planners, type FamilyName } from './families';
import type { EvaluatorPlan, FamilyOptions } from './plan';
import { readWeights } from './weights';

export interface AddEvaluatorOptions extends FamilyOptions {
  name: FamilyName;
  /** A downloaded file, or the folder of one model. */
  weights: string;
  /** The evaluator directory to be made. */
  out: string;
  /** Loads a made directory as those who use it do; what it throws is thrown, and nothing is left behind. */
  check: (dir: string) => Promise<{ hash: string }>;
  /** Of the bytes of the weights, as their sums are taken. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Makes an evaluator's directory over downloaded weights, which stay where they are. A directory that is there already is left
 * alone; one that cannot be made leaves nothing.
 * @throws CheckpointError
 */
export async function addEvaluator(options: AddEvaluatorOptions): Promise<{ dir: string; hash: string }> {
  const out = path.resolve(options.out);
  await refuseExisting(out);
  const plan = await planners[options.name](await readWeights(options.weights), options);
  const part = `${out}.part`;
  const release = await takeNew(out);
  try {
    await rm(part, { recursive: true, force: true });
    await mkdir(part, { recursive: true });
    const { hash } = await makeIn(part, options, plan);
    await rename(part, out);
    return { dir: out, hash };
  } finally {
    await rm(part, { recursive: true, force: true });
    await release();
  }
}

async function makeIn(
  part: string,
  { name, check, onProgress = () => undefined }: AddEvaluatorOptions,
  plan: EvaluatorPlan,
): Promise<{ hash: string }> {
  const files: FileList = {};
  const save = async (file: string, bytes: Uint8Array) => {
    await writeWhole(path.join(part, file), bytes);
    files[file] = { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
  };
  const graphs: Record<string, GraphSpec> = {};
  const parts: Record<string, { parameters: number; bytes: number; dtypes: string[] }> = {};
  const sources = new Set<string>();
  const used = new Set<string>();
  for (const [graph, { part: tensors, nameInFile, make }] of Object.entries(plan.graphs)) {
    const written = write(graph, tensors, { compute: 'float32', nameInFile }, make);
    const { bytes, tensors: named, ...spec } = written;
    await save(`${graph}.onnx`, bytes);
    graphs[graph] = { file: `${graph}.onnx`, ...spec };
    const all = [...named.values()];
    for (const { file } of all) sources.add(file);
    for (const tensor of named.keys()) used.add(tensor);
    parts[graph] = {
      parameters: all.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
      bytes: spec.memory,
      dtypes: [...new Set(all.map(({ dtype }) => dtype))].sort(),
    };
  }
  refuseUnused(plan, used);
  for (const [file, bytes] of Object.entries(plan.files)) await save(file, bytes);
  const sums = await sourcesOf([...sources].sort(), { onProgress });
  const manifest = {
    format: 1,
    ...{ kind: plan.kind, name },
    // As files of published weights are named after the beginning of their sum.
    version: Object.values(sums)
      .map(({ sha256 }) => sha256.slice(0, 8))
      .join('-')
      .slice(0, 26),
    ...{ licence: plan.licence, notice: plan.notice },
    ...plan.manifest,
    ...{ graphs, parts, files, sources: sums },
  };
  await writeWhole(path.join(part, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
  return check(part);
}

/** Blocks are counted until one is not there: what comes after it would be left out unseen. */
function refuseUnused({ graphs }: EvaluatorPlan, used: ReadonlySet<string>): void {
  for (const { part, nameInFile } of Object.values(graphs))
    for (const [name, { file }] of part.tensors)
      if (!used.has(name))
        throw new CheckpointError(
          'checkpoint_mismatch',
          `${file} has ${nameInFile(name)} and lacks tensors that come before it. Is the download complete?`,
        );
}
