/**
 * The table of ../README.md: how far each graph's outputs are from the reference where the weights of one kind of layer are quantised.
 * `tsx models/export/quantise/measure.ts CHECKPOINT`, a folder with `expected.json`.
 */
import type { GraphName } from '../../runtime/manifest';
import { readCheckpoint } from '../nexus-gen/checkpoint';
import { graphNames, weightsOf } from '../nexus-gen/graphs';
import { expectedOf } from '../testing/expected';
import { errorOf } from '../testing/quantised';

const decoder = {
  'joint blocks, attention': /\.blocks\..*to_(qkv|out)\.weight$/,
  'joint blocks, MLP': /\.blocks\..*ff_[ab]\.\d\.weight$/,
  'single blocks, in': /to_qkv_mlp\.weight$/,
  'single blocks, out': /proj_out\.weight$/,
  x_embedder: /x_embedder\.weight$/,
  context_embedder: /context_embedder\.weight$/,
  final_proj_out: /final_proj_out\.weight$/,
};
const modulation = {
  'time, guidance, pooled': /embedder\..*\d\.weight$/,
  'norms of blocks': /blocks\..*linear\.weight$/,
  'last norm': /final_norm_out\.linear\.weight$/,
};

/** Kinds of layers, by the names of their weights. */
const kinds: Partial<Record<GraphName, Record<string, RegExp>>> = {
  vision_encoder: {
    attention: /attn\.(qkv|proj)\.weight$/,
    'MLP of blocks': /mlp\.(gate|up|down)_proj\.weight$/,
    merger: /merger\.mlp\.\d\.weight$/,
  },
  language_model: {
    'q, k, v': /\.[qkv]_proj\.weight$/,
    o: /\.o_proj\.weight$/,
    'MLP, gate and up': /\.(gate|up)_proj\.weight$/,
    'MLP, down': /\.down_proj\.weight$/,
    lm_head: /^lm_head\.weight$/,
  },
  vision_head: { vision_head: /weight$/ },
  generation_projector: { adapter: /adapter\.[03]\.weight$/ },
  generation_modulation: modulation,
  generation_decoder: decoder,
  editing_projector: {
    layer: /_proj\.weight$/,
    projector: /projector\.[14]\.weight$/,
  },
  editing_modulation: modulation,
  editing_decoder: decoder,
};

const [folder = ''] = process.argv.slice(2);
const checkpoint = await readCheckpoint(folder);
const expected = expectedOf(folder);
for (const graph of graphNames) {
  const { quantise } = weightsOf(graph);
  const chosen = quantise && { 'as the rule says': quantise };
  for (const [kind, names] of Object.entries({ ...kinds[graph], ...chosen })) {
    const shares = [];
    for (const bits of [8, 4] as const) {
      const error = await errorOf(checkpoint, expected, graph, { chosen: names, bits });
      shares.push(error === null ? 'none' : `${(100 * error).toFixed(2)} %`);
    }
    process.stdout.write(`| ${graph} | ${kind} | ${shares.join(' | ')} |\n`);
  }
}
