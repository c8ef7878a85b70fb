import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openGraphs } from '../../runtime/graphs/local';
import type { Feeds } from '../../runtime/graphs/graph';
import { float32, floatsOf, int64 } from '../../runtime/graphs/tensor';
import type { GraphName, GraphSpec } from '../../runtime/manifest';
import type { Checkpoint } from '../nexus-gen/checkpoint';
import { weightsOf, writeGraph } from '../nexus-gen/graphs';
import { block, type Bits } from '../quantise/blocks';
import { inBlocks, planOf } from '../quantise/plan';
import { writePlans } from '../quantise/write';
import type { expectedOf, Stored } from './expected';

/** Which weights of a graph are quantised, to how many bits. */
export interface Choice {
  chosen: RegExp;
  bits: Bits;
}

/**
 * How far a graph with quantised weights is from the reference, as the largest error of its outputs over all cases; a modulation
 * counts by what the decoder makes of it.
 * @returns null where no weight is chosen
 */
export async function errorOf(
  checkpoint: Checkpoint,
  expected: ReturnType<typeof expectedOf>,
  name: GraphName,
  choice: Choice,
): Promise<number | null> {
  const dir = await mkdtemp(path.join(tmpdir(), 'quantised-'));
  const made = {
    pooled: expected.floats(expected.constants.pooled),
    grids: { target: [9, 9], reference: [18, 18] } as const,
  };
  let quantised = 0;
  const specOf = async (graph: GraphName): Promise<GraphSpec> => {
    const as = writeGraph(graph, checkpoint, made, { compute: 'float32' });
    const file = `${graph}.onnx`;
    if (graph !== name) {
      await writeFile(path.join(dir, file), as.bytes);
      return { file, weights: as.weights, inputs: as.inputs, outputs: as.outputs };
    }
    const plan = planOf(as.tensors, inBlocks(choice.chosen, choice.bits), path.join(dir, 'weights.bin'));
    quantised = plan.pieces.filter(({ to }) => to.quantised).length;
    await writePlans([plan], { journal: path.join(dir, 'journal.json'), threads: 1 });
    const { tensors } = checkpoint.parts[weightsOf(graph).of];
    const { bytes, inputs, outputs } = writeGraph(
      graph,
      checkpoint,
      made,
      { compute: 'float32' },
      {
        tensors: new Map([...tensors, ...plan.pieces.map(({ name, to }) => [name, to] as const)]),
        folder: dir,
      },
    );
    await writeFile(path.join(dir, file), bytes);
    return { file, inputs, outputs, quantised: { bits: choice.bits, block } };
  };
  const decoder = name.replace('modulation', 'decoder');
  const names = [...new Set([name, name.replace('decoder', 'modulation'), decoder])] as GraphName[];
  const specs: Partial<Record<GraphName, GraphSpec>> = {};
  for (const graph of names) specs[graph] = await specOf(graph);
  const set = openGraphs<GraphName>(dir, specs, { device: 'cpu' });
  const run = async (graph: GraphName, feeds: Feeds) => (await set.get(graph)).run(feeds);
  const tensor = (stored: Stored) =>
    stored.dtype === 'int64'
      ? { dtype: 'int64' as const, dims: stored.shape, data: expected.integers(stored) }
      : float32(expected.floats(stored), stored.shape);
  const feedsOf = (inputs: Record<string, Stored>): Feeds =>
    Object.fromEntries(Object.entries(inputs).map(([key, stored]) => [key, tensor(stored)]));
  const errors: number[] = [];
  const compare = (found: Feeds, outputs: Record<string, Stored>) => {
    for (const [key, stored] of Object.entries(outputs))
      errors.push(expected.error(floatsOf(found[key]!), stored));
  };
  try {
    for (const one of expected.cases.filter(({ graph, denoise }) => graph === decoder && !denoise)) {
      if (one.steps) {
        const { layers, kvHeads, headDim } = checkpoint.config.language;
        let cache: Feeds = {};
        for (let layer = 0; layer < layers; layer++)
          for (const kind of ['key', 'value'])
            cache[`past_key_values.${layer}.${kind}`] = float32(new Float32Array(0), [
              1,
              kvHeads,
              0,
              headDim,
            ]);
        let length = 0;
        for (const { inputs, outputs } of one.steps) {
          length += inputs.inputs_embeds!.shape[1]!;
          const attention_mask = int64(new Array<number>(length).fill(1), [1, length]);
          const found = await run(name, { ...feedsOf(inputs), ...cache, attention_mask });
          compare(found, outputs);
          cache = Object.fromEntries(
            Object.keys(cache).map((key) => [key, found[key.replace('past_key_values', 'present')]!]),
          );
        }
      } else if (decoder.endsWith('_decoder') && one.prompt_emb) {
        const { latents, timestep } = feedsOf(one.inputs);
        const step = await run(decoder.replace('decoder', 'modulation') as GraphName, {
          timestep: timestep!,
        });
        const { data, dims } = expected.condition(one);
        compare(
          await run(decoder as GraphName, {
            latents: latents!,
            modulation: step.modulation!,
            cond: float32(data, dims),
          }),
          one.outputs,
        );
      } else if (one.outputs.prompt_emb) {
        const { cond } = await run(name, feedsOf(one.inputs));
        const [, tokens, width] = cond!.dims as [number, number, number];
        const data = floatsOf(cond!).filter((_, i) => i % width < width - 3);
        if (data.length !== tokens * (width - 3)) throw new RangeError(name);
        compare({ prompt_emb: float32(data, [tokens, width - 3]) }, one.outputs);
      } else compare(await run(name, feedsOf(one.inputs)), one.outputs);
    }
  } finally {
    await set.close();
    await rm(dir, { recursive: true, force: true });
  }
  return quantised === 0 ? null : Math.max(...errors);
}
