import path from 'node:path';
import type { GraphName } from '../../runtime/manifest';
import type { Tensors } from '../checkpoint/tensors';
import { fluxDecoder, fluxModulation } from '../graphs/flux';
import { embedTokens, languageModel, visionHead } from '../graphs/language-model';
import { Layers, type Compute, type Numbers } from '../graphs/layers';
import { editingProjector, generationProjector, type Grids } from '../graphs/projectors';
import { vaeDecoder } from '../graphs/vae';
import { visionEncoder } from '../graphs/vision-encoder';
import { GraphBuilder, type Port } from '../onnx/graph-builder';
import type { Checkpoint, Part } from './checkpoint';

/** What FLUX was distilled with, and what Nexus-Gen's scripts tell it. */
export const embeddedGuidance = 3.5;

/** Which files a graph's weights are in. */
export type PartName = 'autoregressive' | 'generation' | 'editing' | 'vae';

interface GraphRule {
  of: PartName;
  make: (layers: Layers, checkpoint: Checkpoint, made: MadeConstants) => void;
  /**
   * Weights that may be stored in blocks of 4 or 8 bits: those whose error the graph's output bears, by the table in ../README.md.
   * All others stay as they are.
   */
  quantise?: RegExp;
  /** Computes in this, whatever the others do. */
  compute?: Compute;
}

/** What the text encoders give, once. */
export interface MadeConstants {
  /** CLIP's vector of the empty prompt. */
  pooled: Float32Array;
  grids: Grids;
}

const modulation: GraphRule['make'] = (layers, _checkpoint, { pooled }) =>
  fluxModulation(layers, { pooled, guidance: embeddedGuidance });

/** Products of the blocks, without those of their modulation. */
const blocksOfFlux =
  /^pipe\.dit\.(single_)?blocks\.\d+\.(attn\.[ab]_to_(qkv|out)|ff_[ab]\.\d|to_qkv_mlp|proj_out)\.weight$/;

/** Every graph of a Nexus-Gen, by the name that the pipeline knows it by. */
const rules: Record<GraphName, GraphRule> = {
  vision_encoder: {
    of: 'autoregressive',
    make: (layers, { config }) => visionEncoder(layers, config.vision),
  },
  embed_tokens: { of: 'autoregressive', make: (layers, { config }) => embedTokens(layers, config.language) },
  language_model: {
    of: 'autoregressive',
    make: (layers, { config }) => languageModel(layers, config.language),
    quantise: /^model\.layers\.\d+\..*_proj\.weight$/,
  },
  vision_head: { of: 'autoregressive', make: (layers, { config }) => visionHead(layers, config.language) },
  generation_projector: {
    of: 'generation',
    make: (layers, { config }, { grids }) => generationProjector(layers, config.language, grids),
  },
  generation_modulation: { of: 'generation', make: modulation },
  generation_decoder: { of: 'generation', make: fluxDecoder, quantise: blocksOfFlux },
  editing_projector: {
    of: 'editing',
    make: (layers, { config }, { grids }) => editingProjector(layers, config.language, grids),
  },
  editing_modulation: { of: 'editing', make: modulation },
  editing_decoder: { of: 'editing', make: fluxDecoder, quantise: blocksOfFlux },
  vae_decoder: { of: 'vae', make: vaeDecoder, compute: 'float32' },
};

export const graphNames = Object.keys(rules) as GraphName[];

export interface WrittenGraph {
  bytes: Uint8Array;
  /** The folder from which it names its files. */
  weights: string;
  /** Bytes of what it names there. */
  memory: number;
  /** The tensors that it names. */
  tensors: Tensors;
  inputs: Record<string, Port>;
  outputs: Record<string, Port>;
}

/** Which part a graph’s weights are in, which of them may be quantised, and whether it computes in a format of its own. */
export const weightsOf = (name: GraphName): Pick<GraphRule, 'of' | 'quantise' | 'compute'> => rules[name];

/**
 * Writes one graph over the checkpoint.
 * @param part where its weights are, if they have been quantised
 * @throws CheckpointError where tensors are missing or of another shape
 */
export function writeGraph(
  name: GraphName,
  checkpoint: Checkpoint,
  made: MadeConstants,
  numbers: Numbers,
  part: Part = checkpoint.parts[rules[name].of],
): WrittenGraph {
  const { make, compute = numbers.compute } = rules[name];
  return write(name, part, { ...numbers, compute }, (layers) => make(layers, checkpoint, made));
}

/** A graph over the tensors of one part. */
export function write(
  name: string,
  { tensors, folder }: Part,
  numbers: Numbers,
  make: (layers: Layers) => void,
): WrittenGraph {
  const graph = new GraphBuilder(name, (file) => relativeTo(folder, file));
  make(new Layers(graph, tensors, numbers));
  const { tensors: named } = graph;
  return {
    bytes: graph.finish(),
    weights: folder,
    memory: graph.weightBytes(),
    tensors: named,
    ...graph.ports(),
  };
}

/** The way to a file as graphs write it, on every system with slashes. */
function relativeTo(folder: string, file: string): string {
  return path.relative(folder, file).replaceAll('\\', '/');
}
